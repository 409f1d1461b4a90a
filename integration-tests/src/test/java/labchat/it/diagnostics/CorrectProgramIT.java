package labchat.it.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import labchat.broker.event.BrokerEvent;
import labchat.it.support.Chat;
import labchat.it.support.Packet;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who does everything as the protocol says is told nothing. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CorrectProgramIT {

    private static final int PUBLISHES = 10_000;

    /** Message, delivered, read, typing. */
    private static final int PUBLISHES_OF_AN_EXCHANGE = 4;

    /** So often one of a pair says goodbye and comes back, or comes back without a goodbye. */
    private static final int EXCHANGES_OF_A_CONNECTION = 150;

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    /** Two users who write to each other. */
    private static final class Pair {
        private final Wire wire;
        private final String[] users;
        private final RawMqtt[] clients = new RawMqtt[2];
        private int exchanges;

        Pair(Wire wire, String first, String second) throws IOException {
            this.wire = wire;
            users = new String[] {first, second};
            for (int i = 0; i < 2; i++) {
                clients[i] = BROKER.receiver(wire, users[i], i + 1);
            }
        }

        /** One message with all that belongs to it. */
        void exchange() throws IOException {
            int from = exchanges % 2;
            int to = 1 - from;
            exchanges++;
            if (exchanges % EXCHANGES_OF_A_CONNECTION == 0) {
                comeBack(from);
            }
            String uuid = Chat.freshUuid();
            publish(from, to, "typing", Chat.typing(users[from], users[to]), 0);
            String text = Chat.message(users[from], users[to], "blåbær 😀 " + uuid, uuid);
            publish(from, to, "message", text, 1);
            for (String kind : List.of("delivered", "read")) {
                publish(to, from, kind, Chat.receipt(kind, users[to], users[from], uuid), 1);
            }
        }

        private void publish(int from, int to, String kind, String payload, int qos) throws IOException {
            clients[from].publish(Publish.to(Chat.ROOT + users[to] + "/" + kind, payload), qos);
            Packet arrived = clients[to].message();
            assertThat(arrived.text()).isEqualTo(payload);
        }

        private void comeBack(int which) throws IOException {
            if (exchanges % (2 * EXCHANGES_OF_A_CONNECTION) == 0) {
                clients[which].disconnect();
                clients[which].expectClosed();
            } else {
                clients[which].close();
            }
            clients[which] = BROKER.receiver(wire, users[which], which + 1);
        }

        boolean isOf(BrokerEvent event) {
            return Stream.of(users).anyMatch(event.client().user().orElse("")::equals);
        }

        Stream<RawMqtt> clients() {
            return Stream.of(clients);
        }
    }

    @Test
    void tenThousandCorrectPackets_areExplainedToNobody() throws IOException {
        long before = published();
        RawMqtt staff = BROKER.login(Wire.TCP_V3, "staff");
        assertThat(staff.subscribe(Chat.ROOT + "+/diagnostics", 1)).isEqualTo(1);
        List<Pair> pairs = new ArrayList<>();
        for (Wire wire : Wire.values()) {
            int number = wire.ordinal() + 1;
            pairs.add(new Pair(wire, "team" + number + "a", "team" + number + "b"));
        }
        for (int i = 0; i < PUBLISHES / PUBLISHES_OF_AN_EXCHANGE; i++) {
            pairs.get(i % pairs.size()).exchange();
        }
        // What comes with a delay has come when this has been explained, to one who makes a mistake.
        RawMqtt careless = BROKER.receiver(Wire.TCP_V3, "x1", 1);
        assertThat(careless.subscribe("#", 1)).isEqualTo(0x80);
        assertThat(staff.diagnostics().topic()).isEqualTo(Chat.ROOT + "x1/diagnostics");

        assertThat(staff.kept()).isEmpty();
        assertThat(pairs.stream().flatMap(Pair::clients))
                .allSatisfy(client -> assertThat(client.kept()).isEmpty());
        List<BrokerEvent> told = BROKER.recorder().events().stream()
                .filter(event -> pairs.stream().anyMatch(pair -> pair.isOf(event)))
                .toList();
        assertThat(told.stream().filter(BrokerEvent.MessagePublished.class::isInstance))
                .hasSize(PUBLISHES);
        assertThat(told.stream()
                        .filter(event -> event instanceof BrokerEvent.PacketRefused
                                || event instanceof BrokerEvent.Advised
                                || event instanceof BrokerEvent.LoginRefused))
                .isEmpty();
    }

    @Test
    void severalConnectionsAndSubscriptionsOneByOne_areExplainedToNobody() throws IOException {
        RawMqtt staff = BROKER.login(Wire.TCP_V3, "staff");
        assertThat(staff.subscribe(Chat.ROOT + "+/diagnostics", 1)).isEqualTo(1);
        RawMqtt first = BROKER.login(Wire.TCP_V3, "team11a");
        for (String kind : List.of("delivered", "read", "typing", "diagnostics", "message")) {
            assertThat(first.subscribe(Chat.ROOT + "team11a/" + kind, 1)).isEqualTo(1);
        }
        RawMqtt second = BROKER.login(Wire.TCP_V5, "team11a");
        second.subscribe("ttm4175/chat/+/presence", 1);
        RawMqtt withoutTyping = BROKER.login(Wire.TCP_V3, "team12a");
        for (String kind : List.of("message", "read")) {
            assertThat(withoutTyping.subscribe(Chat.ROOT + "team12a/" + kind, 1))
                    .isEqualTo(1);
        }
        second.publish(Chat.messageTopic("team11b"), Chat.message("team11a", "team11b", "nobody is there"), 1);

        // Explained a moment after SUBACK, as it would be for the others if it were.
        RawMqtt narrow = BROKER.login(Wire.TCP_V3, "x2");
        assertThat(narrow.subscribe(Chat.messageTopic("x2"), 1)).isEqualTo(1);
        assertThat(staff.diagnostics().text())
                .contains("incomplete_subscription")
                .contains("x2");
        assertThat(staff.kept()).isEmpty();
    }

    private static long published() {
        return BROKER.recorder().events().stream()
                .filter(BrokerEvent.MessagePublished.class::isInstance)
                .count();
    }
}
