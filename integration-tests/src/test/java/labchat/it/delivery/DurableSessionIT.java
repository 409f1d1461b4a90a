package labchat.it.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.OnEveryListener;
import labchat.it.support.OnVersion5;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.Statement;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions that outlive their connections: MQTT 3.1.1, section 3.1.2.4; MQTT 5, sections 3.1.2.4 and 4.1. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DurableSessionIT {

    private static final String OWN = Chat.ROOT + "team2a/#";
    private static final AtomicInteger NAMES = new AtomicInteger();

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().stored();

    private final String clientId = "durable-" + NAMES.incrementAndGet();

    private Connect durable(RawMqtt client, String user) {
        Connect connect = TestBroker.loginOf(client, user).clientId(clientId).persistent();
        return client.wire().isV5() ? connect.props(Props.NONE.with(Prop.SESSION_EXPIRY, 3_600)) : connect;
    }

    private static boolean isPresent(Packet connack) {
        assertThat(connack.code()).isZero();
        return connack.sessionPresent();
    }

    private RawMqtt connected(Wire wire, String user, boolean present) throws IOException {
        RawMqtt client = BROKER.open(wire);
        assertThat(isPresent(client.connect(durable(client, user))))
                .as("session present")
                .isEqualTo(present);
        return client;
    }

    private static String say(String text) throws IOException {
        return say("team1a", "team2a", text, 1);
    }

    private static String say(String from, String to, String text, int qos) throws IOException {
        RawMqtt client = BROKER.login(Wire.TCP_V3, from);
        String uuid = Chat.freshUuid();
        client.publish(Chat.messageTopic(to), Chat.message(from, to, text, uuid), qos);
        client.disconnect();
        return uuid;
    }

    private static List<String> texts(RawMqtt client, int count) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(textOf(client.message()));
        }
        return texts;
    }

    private static String textOf(Packet message) {
        return message.text().replaceFirst(".*\"message\":\"([^\"]*)\".*", "$1");
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.2.2-1", "MQTT-3.2.2-2", "MQTT-3.2.2-3"},
            v5 = {"MQTT-3.2.2-2", "MQTT-3.2.2-3", "MQTT-3.1.2-6"})
    void sessionPresent_isTrue_onlyWhereThereIsOne(Wire wire) throws IOException {
        connected(wire, "team2a", false).disconnect();
        connected(wire, "team2a", true).disconnect();
        RawMqtt clean = BROKER.open(wire);
        assertThat(isPresent(clean.connect(TestBroker.loginOf(clean, "team2a").clientId(clientId))))
                .isFalse();
        clean.disconnect();
        connected(wire, "team2a", false).disconnect();
        RawMqtt another = BROKER.open(wire);
        assertThat(isPresent(another.connect(durable(another, "team3a")))).isFalse();
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.1.2-4", "MQTT-3.1.2-5", "MQTT-4.5.0-1"},
            v5 = {"MQTT-3.1.2-23", "MQTT-3.1.2-5", "MQTT-4.5.0-1"})
    void subscriptions_surviveReconnectAndRestart(Wire wire) throws IOException {
        RawMqtt client = connected(wire, "team2a", false);
        client.subscribe(OWN, 1);
        say("live");
        assertThat(texts(client, 1)).containsExactly("live");
        client.disconnect();
        say("away");
        RawMqtt back = connected(wire, "team2a", true);
        assertThat(texts(back, 1)).containsExactly("away");
        say("live again");
        assertThat(texts(back, 1)).containsExactly("live again");
        back.ping();
        back.close();
        say("before the restart");
        BROKER.restart();
        say("after the restart");
        RawMqtt restarted = connected(wire, "team2a", true);
        assertThat(texts(restarted, 2)).containsExactly("before the restart", "after the restart");
        say("and live");
        assertThat(texts(restarted, 1)).containsExactly("and live");
    }

    @Test
    void unsubscribed_staysSo() throws IOException {
        RawMqtt client = connected(Wire.TCP_V3, "team3a", false);
        client.subscribe(Chat.ROOT + "team3a/#", 1);
        client.unsubscribe(Chat.ROOT + "team3a/#");
        client.disconnect();
        RawMqtt back = connected(Wire.TCP_V3, "team3a", true);
        say("team1a", "team3a", "unheard", 1);
        back.ping();
        assertThat(back.kept()).noneMatch(packet -> packet.topic().endsWith("/message"));
    }

    @OnEveryListener
    void unacknowledged_isSentAgainWithItsIdAndDup(Wire wire) throws IOException {
        RawMqtt client = connected(wire, "team2b", false);
        client.subscribe(Chat.ROOT + "team2b/message", 2);
        say("team1a", "team2b", "one " + wire, 1);
        say("team1a", "team2b", "two " + wire, 2);
        Packet one = client.take(Type.PUBLISH);
        Packet two = client.take(Type.PUBLISH);
        client.close();
        RawMqtt back = connected(wire, "team2b", true);
        Packet oneAgain = back.take(Type.PUBLISH);
        Packet twoAgain = back.take(Type.PUBLISH);
        assertThat(List.of(oneAgain.id(), twoAgain.id())).containsExactly(one.id(), two.id());
        assertThat(oneAgain.isDup()).isTrue();
        assertThat(twoAgain.isDup()).isTrue();
        back.ack(Type.PUBACK, one.id());
        back.ack(Type.PUBREC, two.id());
        back.takeAck(Type.PUBREL, two.id());
        back.close();
        RawMqtt third = connected(wire, "team2b", true);
        third.takeAck(Type.PUBREL, two.id());
        third.ack(Type.PUBCOMP, two.id());
        say("team1a", "team2b", "fence " + wire, 1);
        assertThat(textOf(third.message())).isEqualTo("fence " + wire);
    }

    @Test
    void publishOfQos2_isReleasedOnTheNextConnection() throws IOException {
        RawMqtt client = connected(Wire.TCP_V3, "team4a", false);
        String payload = Chat.message("team4a", "team4b", "Hei!");
        client.send(Publish.to(Chat.messageTopic("team4b"), payload).qos(2, 7).encode(client.wire()));
        client.takeAck(Type.PUBREC, 7);
        client.close();
        RawMqtt back = connected(Wire.TCP_V3, "team4a", true);
        back.send(
                Publish.to(Chat.messageTopic("team4b"), payload).qos(2, 7).dup().encode(back.wire()));
        back.takeAck(Type.PUBREC, 7);
        back.ack(Type.PUBREL, 7);
        back.takeAck(Type.PUBCOMP, 7);
        RawMqtt receiver = BROKER.receiver(Wire.TCP_V3, "team4b", 2);
        assertThat(textOf(receiver.message())).isEqualTo("Hei!");
        say("team4a", "team4b", "fence", 1);
        assertThat(textOf(receiver.message())).isEqualTo("fence");
    }

    @Test
    void everySessionOfAUser_getsEverything() throws IOException {
        String phone = clientId + "-phone";
        RawMqtt laptop = connected(Wire.TCP_V3, "team5a", false);
        laptop.subscribe(Chat.ROOT + "team5a/#", 1);
        laptop.disconnect();
        RawMqtt other = BROKER.open(Wire.TCP_V5);
        other.connect(
                TestBroker.loginOf(other, "team5a").clientId(phone).props(Props.NONE.with(Prop.SESSION_EXPIRY, 600)));
        other.subscribe(Chat.ROOT + "team5a/#", 1);
        say("team1a", "team5a", "for both", 1);
        assertThat(texts(other, 1)).containsExactly("for both");
        other.ping();
        assertThat(texts(connected(Wire.TCP_V3, "team5a", true), 1)).containsExactly("for both");
    }

    @Test
    void staffWhoWereAway_getWhatOthersWrote() throws IOException {
        RawMqtt staff = connected(Wire.TCP_V3, "staff", false);
        staff.subscribe("ttm4175/#", 1);
        staff.disconnect();
        say("team6a", "team6b", "behind their backs", 1);
        RawMqtt back = connected(Wire.TCP_V3, "staff", true);
        Packet message = back.take(
                "the message",
                packet -> packet.type() == Type.PUBLISH && packet.topic().equals(Chat.messageTopic("team6b")));
        assertThat(textOf(message)).isEqualTo("behind their backs");
    }

    @Test
    void otherTopics_areSubscribedAgainToo() throws IOException {
        RawMqtt client = connected(Wire.TCP_V3, "team7a", false);
        client.subscribe("ttm4175/other/#", 1);
        client.disconnect();
        RawMqtt back = connected(Wire.TCP_V3, "team7a", true);
        back.ping();
        RawMqtt writer = BROKER.login(Wire.TCP_V3, "team1a");
        writer.publish("ttm4175/other/x", "beside the chat", 1);
        assertThat(back.message().text()).isEqualTo("beside the chat");
    }

    @OnVersion5
    void subscriptionIdentifierAndQos_areKept(Wire wire) throws IOException {
        RawMqtt client = connected(wire, "team8a", false);
        client.subscribe(Props.NONE.with(Prop.SUBSCRIPTION_ID, 42), Chat.ROOT + "team8a/#", 0);
        client.disconnect();
        BROKER.restart();
        RawMqtt back = connected(wire, "team8a", true);
        say("team1a", "team8a", "Hei!", 1);
        Packet message = back.message();
        assertThat(message.qos()).isZero();
        assertThat(message.props().number(Prop.SUBSCRIPTION_ID)).contains(42L);
    }

    @OnVersion5
    @Statement(v5 = "MQTT-4.1.0-2")
    void expiryOfZeroInDisconnect_endsTheSession(Wire wire) throws IOException {
        RawMqtt client = connected(wire, "team9a", false);
        client.disconnect(Props.NONE.with(Prop.SESSION_EXPIRY, 0));
        client.expectClosed();
        connected(wire, "team9a", false);
    }

    @OnVersion5
    void expiryInDisconnectThatConnectDidNotAskFor_isAProtocolError(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        client.connect(TestBroker.loginOf(client, "team9b").clientId(clientId));
        client.disconnect(Props.NONE.with(Prop.SESSION_EXPIRY, 60));
        assertThat(client.take(Type.DISCONNECT).code()).isEqualTo(0x82);
    }

    @OnVersion5
    void expiryBeyondTheLimit_isShortenedAndSaid(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Props never = Props.NONE.with(Prop.SESSION_EXPIRY, 0xffff_ffffL);
        Packet connack = client.connect(
                TestBroker.loginOf(client, "team9b").clientId(clientId).props(never));
        assertThat(connack.props().number(Prop.SESSION_EXPIRY)).contains(30L * 24 * 3_600);
    }

    @Test
    @Statement(v3 = "MQTT-3.1.4-2")
    void takeOver_keepsTheSession() throws IOException {
        RawMqtt first = connected(Wire.TCP_V3, "team10a", false);
        first.subscribe(Chat.ROOT + "team10a/#", 1);
        RawMqtt second = connected(Wire.TCP_V3, "team10a", true);
        first.expectClosed();
        say("team1a", "team10a", "to the second", 1);
        assertThat(texts(second, 1)).containsExactly("to the second");
    }

    /** What is kept to be sent again is bounded in bytes, whatever window the client offers. */
    @Test
    void largePublishesNotAcknowledged_waitBehindAMegabyte() throws IOException {
        RawMqtt client = connected(Wire.TCP_V3, "team11a", false);
        client.subscribe("ttm4175/other/large", 1);
        RawMqtt writer = BROKER.login(Wire.TCP_V3, "team1a");
        for (int i = 0; i < 10; i++) {
            writer.publish("ttm4175/other/large", i + "x".repeat(200_000), 1);
        }
        // The sixth is the one that passes the mark.
        Awaitility.await().until(() -> large(client) == 6);
        client.ping();
        assertThat(large(client)).isEqualTo(6);
        for (int i = 0; i < 10; i++) {
            assertThat(client.message().text()).startsWith(i + "x");
        }
    }

    private static long large(RawMqtt client) {
        return client.kept().stream()
                .filter(packet -> packet.topic().equals("ttm4175/other/large"))
                .count();
    }
}
