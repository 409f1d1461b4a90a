package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.it.support.Chat;
import labchat.it.support.MapUsers;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many at once: everybody gets everything in order, and nobody is held up by one who misbehaves. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdIT {

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void wholeClass_writingToEverybodyAtOnce_getsEveryMessageInOrder() throws Exception {
        int each = 4;
        List<String> users = MapUsers.CLASS.names().stream()
                .filter(name -> !name.equals("staff") && !name.equals("x6"))
                .toList();
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < users.size(); i++) {
            String user = users.get(i);
            Wire wire = Wire.values()[i % 4];
            RawMqtt receiver = BROKER.receiver(wire, user, 1 + i % 2);
            RawMqtt sender = BROKER.login(wire, user);
            work.add(() -> {
                for (int n = 0; n < each; n++) {
                    for (String to : users) {
                        String text = "%d from %s".formatted(n, user);
                        Packet answer = sender.publish(Chat.messageTopic(to), Chat.message(user, to, text), 1 + n % 2);
                        assertThat(answer.code()).isLessThan(0x80);
                    }
                }
                return null;
            });
            work.add(() -> {
                Map<String, Integer> next = new HashMap<>();
                for (int n = 0; n < each * users.size(); n++) {
                    String text = receiver.message().text();
                    String from = text.replaceAll(".*\"sender\":\"([^\"]+)\".*", "$1");
                    int number = next.merge(from, 1, Integer::sum) - 1;
                    assertThat(text).contains("\"receiver\":\"" + user + "\"").contains(number + " from " + from);
                }
                receiver.ping();
                assertThat(receiver.kept()).isEmpty();
                return null;
            });
        }
        runAll(work);
    }

    @Test
    void clientsThatComeAndGo_costTheOthersNothing() throws Exception {
        int messages = 2_000;
        List<Callable<Void>> work = new ArrayList<>();
        RawMqtt stays = BROKER.receiver(Wire.TCP_V5, "team2a", 1);
        RawMqtt sender = BROKER.login(Wire.TCP_V3, "team1a");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            sent.add(Chat.message("team1a", "team2a", "number " + i));
        }
        work.add(() -> {
            for (String payload : sent) {
                sender.publish(Chat.messageTopic("team2a"), payload, 1);
            }
            return null;
        });
        work.add(() -> {
            List<String> got = new ArrayList<>();
            while (got.size() < messages) {
                Packet packet = stays.message();
                if (packet.topic().endsWith("/message")) {
                    got.add(packet.text());
                }
            }
            assertThat(got).isEqualTo(sent);
            return null;
        });
        List<RawMqtt> guests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            guests.add(BROKER.open(Wire.values()[i % 4]));
        }
        work.add(() -> {
            Random random = new Random(7);
            for (RawMqtt guest : guests) {
                guest.connect(TestBroker.loginOf(guest, "team2a"));
                guest.subscribe(Chat.ROOT + "team2a/#", 1);
                for (int n = random.nextInt(4); n > 0; n--) {
                    guest.take(Type.PUBLISH);
                }
                if (random.nextBoolean()) {
                    guest.unsubscribe(Chat.ROOT + "team2a/#");
                    guest.disconnect();
                } else {
                    guest.close();
                }
            }
            return null;
        });
        // Guests may outlast the messages: hints come as long as there are guests.
        RawMqtt typist = BROKER.login(Wire.WS_V3, "team3a");
        work.add(() -> {
            while (guests.stream().anyMatch(guest -> !guest.isClosed())) {
                typist.publish(Chat.ROOT + "team2a/typing", Chat.typing("team3a", "team2a"), 0);
            }
            return null;
        });
        runAll(work);
    }

    @OnEveryListener
    void receiver_thatNeverAcknowledges_holdsUpNobody(Wire wire) throws IOException {
        RawMqtt stubborn = BROKER.receiver(wire, "team2a", 1);
        RawMqtt other = BROKER.receiver(wire, "team2a", 1);
        RawMqtt sender = BROKER.login(wire, "team1a");
        for (int i = 0; i < 2_000; i++) {
            String payload = Chat.message("team1a", "team2a", "number " + i);
            assertThat(sender.publish(Chat.messageTopic("team2a"), payload, 1).code())
                    .isZero();
            assertThat(other.message().text()).isEqualTo(payload);
        }
        List<Packet> unacknowledged = stubborn.kept();
        assertThat(unacknowledged)
                .extracting(Packet::id)
                .doesNotHaveDuplicates()
                .doesNotContain(0);
    }

    @OnEveryListener
    void receiver_thatNeverReads_holdsUpNobodyAndIsClosedAsTooSlow(Wire wire) throws IOException {
        RawMqtt deaf = deafReceiver(wire);
        RawMqtt other = BROKER.receiver(wire, "team2a", 0);
        flood(wire, other, 5_000);
        other.ping();
        ClientDisconnected event = BROKER.recorder().await(deaf, ClientDisconnected.class);
        assertThat(event.cause()).isEqualTo(Cause.CLOSED_BY_BROKER);
        assertThat(event.detail()).contains("slow");
    }

    @OnEveryListener
    void receiver_thatNeverReads_canBeTakenOver(Wire wire) throws IOException {
        RawMqtt deaf = deafReceiver(wire);
        flood(wire, BROKER.receiver(wire, "team2a", 0), 1_500);
        // A laptop that slept comes back under its client id: the dead connection must not be in its way.
        RawMqtt fresh = BROKER.open(wire);
        assertThat(fresh.connect(TestBroker.loginOf(fresh, "team2a").clientId(deaf.name()))
                        .code())
                .isZero();
        assertThat(fresh.subscribe(Chat.ROOT + "team2a/#", 1)).isEqualTo(1);
        BROKER.recorder().await(deaf, ClientDisconnected.class, event -> event.cause() == Cause.TAKEN_OVER);
    }

    private static RawMqtt deafReceiver(Wire wire) throws IOException {
        RawMqtt deaf = BROKER.openNarrow(wire);
        deaf.connect(TestBroker.loginOf(deaf, "team2a"));
        deaf.subscribe(Chat.ROOT + "team2a/#", 0);
        deaf.stopReading();
        return deaf;
    }

    /** Messages of 4 kB to team2a, each seen by the witness before the next one. */
    private static void flood(Wire wire, RawMqtt witness, int messages) throws IOException {
        RawMqtt sender = BROKER.login(wire, "team1a");
        String text = "x".repeat(4_000);
        for (int i = 0; i < messages; i++) {
            String payload = Chat.message("team1a", "team2a", text);
            assertThat(sender.publish(Chat.messageTopic("team2a"), payload, 1).code())
                    .isZero();
            assertThat(witness.message().text()).isEqualTo(payload);
        }
    }

    private void runAll(List<Callable<Void>> work) throws InterruptedException, ExecutionException {
        List<Future<Void>> running = new ArrayList<>();
        for (Callable<Void> part : work) {
            running.add(threads.submit(part));
        }
        for (Future<Void> part : running) {
            part.get();
        }
    }
}
