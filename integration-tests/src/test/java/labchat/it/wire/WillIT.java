package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.RawMqtt;
import labchat.it.support.Statement;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Will is judged at CONNECT like a publish, because its text cannot be judged later. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WillIT {

    private static final int QUICK_CLIENTS = 100;

    private static final String TO_TEAM2A = Chat.messageTopic("team2a");

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    @OnEveryListener
    void will_thatItsClientMayNotPublish_isRefusedAtConnect(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");
        staff.subscribe("ttm4175/#", 1);
        String forged = Chat.message("team3b", "team2a", "forged");
        String forEver = Chat.message("team1a", "team2a", "for ever");
        assertRefused(wire, "team1a", "ttm4175/elsewhere", "x", false, "not below");
        assertRefused(wire, "team1a", "ttm4175/chat/team1a/presence", "x", true, "no rule");
        assertRefused(wire, "x6", Chat.messageTopic("x5"), Chat.message("x6", "x5", "denied"), false, "x5");
        assertRefused(wire, "team1a", TO_TEAM2A, forged, false, "team3b");
        assertRefused(wire, "team1a", TO_TEAM2A, "{", false, "line 1");
        assertRefused(wire, "team1a", TO_TEAM2A, forEver, true, "retain");
        assertRefused(wire, "team1a", "$share/g/x", "x", false, "$");
        assertRefused(wire, "team1a", "ttm4175/other/+", "x", false, "+");
        assertRefused(wire, "team1a", "ttm4175/other" + "/x".repeat(15), "x", false, "16");

        BROKER.login(wire, "team1a").publish("ttm4175/other/fence", "fence", 1);
        assertThat(staff.message().text()).isEqualTo("fence");
    }

    private static void assertRefused(
            Wire wire, String user, String topic, String payload, boolean retain, String reason) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Packet connack = client.connect(TestBroker.loginOf(client, user).will(topic, payload, 1, retain));
        assertThat(connack.code()).as(topic + " " + payload).isEqualTo(wire.pick(5, 0x87));
        client.expectClosed();
        LoginRefused event = BROKER.recorder().await(client, LoginRefused.class);
        assertThat(event.refusal().reason()).contains(reason);
        if (user.equals("x6")) {
            assertThat(event.refusal().rule().orElseThrow()).endsWith(BROKER.rule("topic deny ttm4175/chat/x5/#"));
        } else {
            assertThat(event.refusal().rule()).isEmpty();
        }
        assertThat(BROKER.recorder().eventsOf(client, ClientConnected.class)).isEmpty();
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.1.2-14", v5 = "MQTT-3.1.2-12")
    void will_ofQos3_closesTheConnectionAndHarmsNobody(Wire wire) throws IOException {
        RawMqtt other = BROKER.login(wire, "team2a");
        // So many that every session loop of the broker would have met one.
        for (int i = 0; i < 8; i++) {
            RawMqtt client = BROKER.open(wire);
            client.send(TestBroker.loginOf(client, "team1a")
                    .will("ttm4175/other/will", "x", 3, false)
                    .encode());
            client.expectClosed();
            assertThat(client.kept()).noneMatch(packet -> packet.codes().contains(0));
        }
        other.ping();
        for (int i = 0; i < 8; i++) {
            BROKER.login(wire, "team1a").ping();
        }
    }

    @OnEveryListener
    void will_ofABrokenConnection_isDelivered(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");
        staff.subscribe("ttm4175/#", 1);
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);

        String lastWords = Chat.message("team1a", "team2a", "I am gone");
        RawMqtt chatter = withWill(wire, TO_TEAM2A, lastWords);
        chatter.close();
        assertThat(team2a.message().text()).isEqualTo(lastWords);
        assertThat(staff.message().text()).isEqualTo(lastWords);

        RawMqtt other = withWill(wire, "ttm4175/other/will", "gone");
        other.close();
        Packet message = staff.message();
        assertThat(message.topic()).isEqualTo("ttm4175/other/will");
        assertThat(message.text()).isEqualTo("gone");
        team2a.ping();
        assertThat(team2a.kept()).as("once").isEmpty();
    }

    @OnEveryListener
    void will_afterDisconnect_isForgotten(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        RawMqtt client = withWill(wire, TO_TEAM2A, Chat.message("team1a", "team2a", "must not be seen"));
        client.disconnect();
        client.expectClosed();
        BROKER.recorder().await(client, ClientDisconnected.class);
        RefusalIT.assertOnlyTheNextArrives(BROKER.login(wire, "team1a"), team2a);
    }

    /** Its DISCONNECT may come before Moquette takes packets, and the end of the connection right behind it. */
    @OnEveryListener
    @Statement(v3 = "MQTT-3.14.4-3", v5 = "MQTT-3.14.4-3")
    void will_ofAClientThatIsGoneAgainAtOnce_isForgotten(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        String will = Chat.message("team1a", "team2a", "must not be seen");
        for (int i = 0; i < QUICK_CLIENTS; i++) {
            RawMqtt client = withWill(wire, TO_TEAM2A, will);
            client.disconnect();
            client.close();
            assertThat(BROKER.recorder().await(client, ClientDisconnected.class).cause())
                    .isEqualTo(ClientDisconnected.Cause.DISCONNECT);
        }
        RefusalIT.assertOnlyTheNextArrives(BROKER.login(wire, "team1a"), team2a);
    }

    private static RawMqtt withWill(Wire wire, String topic, String payload) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Connect connect = TestBroker.loginOf(client, "team1a").will(topic, payload, 1, false);
        assertThat(client.connect(connect).code()).isZero();
        return client;
    }
}
