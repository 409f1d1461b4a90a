package labchat.it.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.it.support.Chat;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server alone publishes nobody else does, whatever the rules; and it takes what it reads, and no more. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerTopicsIT {

    /** With rules that let everybody write everywhere. */
    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().moreRules("pattern write ttm4175/chat/#\n");

    private static final String FORGED = "{\"sender\":\"x3\",\"status\":\"online\",\"since\":null}";

    private static List<String> serversTopics() {
        return Stream.of("presence", "diagnostics", "history", "rooms", "notice")
                .map(level -> Chat.ROOT + "x3/" + level)
                .toList();
    }

    private static void assertRefused(
            Wire wire, RawMqtt client, Publish publish, int qos, String topic, String code, int reason)
            throws IOException {
        Packet answer = client.publish(publish, qos);
        if (qos > 0) {
            assertThat(answer.code()).isEqualTo(wire.pick(0, reason));
        }
        PacketRefused refused = BROKER.recorder()
                .await(client, PacketRefused.class, event -> event.topic().equals(topic));
        assertThat(refused.refusal().code()).isEqualTo(code);
    }

    @OnEveryListener
    void serversTopic_thatTheRulesGrant_isRefusedAllTheSame(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");
        assertThat(staff.subscribe("ttm4175/#", 1)).isEqualTo(1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        for (String topic : serversTopics()) {
            for (int qos = 0; qos <= 2; qos++) {
                assertRefused(wire, team1a, Publish.to(topic, FORGED), qos, topic, "server_topic", 0x87);
                assertRefused(wire, team1a, Publish.to(topic, FORGED).retain(), qos, topic, "server_topic", 0x87);
            }
        }
        team1a.publish("ttm4175/other/fence", "fence", 1);

        assertThat(staff.message().text()).isEqualTo("fence");
        assertThat(staff.keptPresence()).extracting(Packet::text).doesNotContain(FORGED);
        RawMqtt late = BROKER.login(wire, "team2a");
        assertThat(late.subscribe(Chat.ROOT + "x3/presence", 1)).isEqualTo(1);
        assertThat(late.presence().text()).isEqualTo("{\"sender\":\"x3\",\"status\":\"offline\",\"since\":null}");
    }

    @OnEveryListener
    void willOnAServersTopic_isRefusedAtConnect(Wire wire) throws IOException {
        for (String topic : Stream.concat(serversTopics().stream(), Stream.of(Chat.ROOT + "server/rooms"))
                .toList()) {
            RawMqtt client = BROKER.open(wire);
            Packet connack = client.connect(TestBroker.loginOf(client, "team3a").will(topic, FORGED, 1, true));
            assertThat(connack.code()).as(topic).isEqualTo(wire.pick(5, 0x87));
            client.expectClosed();
        }
    }

    @OnEveryListener
    void requestThatTheServerDoesNotTake_isRefusedWithAWayOut(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");
        assertThat(staff.subscribe("ttm4175/#", 1)).isEqualTo(1);
        RawMqtt team4a = BROKER.login(wire, "team4a");
        String asked = "{\"sender\":\"team4a\"}";
        for (String level : List.of("presence", "notice", "histroy", "anything")) {
            String topic = Chat.ROOT + "server/" + level;
            for (int qos = 0; qos <= 2; qos++) {
                assertRefused(wire, team4a, Publish.to(topic, asked), qos, topic, "unknown_request", 0x90);
            }
        }
        assertThat(BROKER.recorder()
                        .await(
                                team4a,
                                PacketRefused.class,
                                event -> event.topic().endsWith("histroy"))
                        .refusal()
                        .hint())
                .isEqualTo("Did you mean ttm4175/chat/server/history?");
        team4a.publish("ttm4175/other/fence", "fence", 1);
        assertThat(staff.message().text()).isEqualTo("fence");
    }

    @OnEveryListener
    void receiptsAndTyping_toTheServer_areTakenWithoutAWord(Wire wire) throws IOException {
        RawMqtt team5a = BROKER.receiver(wire, "team5a", 1);
        for (String kind : List.of("delivered", "read")) {
            String topic = Chat.ROOT + "server/" + kind;
            Packet answer = team5a.publish(topic, Chat.receipt(kind, "team5a", "server", Chat.freshUuid()), 1);
            assertThat(answer.code()).isZero();
        }
        team5a.publish(Chat.ROOT + "server/typing", Chat.typing("team5a", "server"), 0);

        assertThat(BROKER.recorder().eventsOf(team5a, PacketRefused.class)).isEmpty();
    }
}
