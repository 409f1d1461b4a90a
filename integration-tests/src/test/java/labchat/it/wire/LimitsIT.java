package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import labchat.broker.config.Limits;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.broker.event.BrokerEvent.PacketRefused;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.PacketWriter;
import labchat.it.support.Prop;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits for one client, one user, one address: who goes beyond is told or slowed down, and nobody else notices. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimitsIT {

    private static final Duration SOON = Duration.ofSeconds(6);

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass()
            .limits(new Limits(
                    10_000,
                    3,
                    2_000,
                    8,
                    100,
                    4,
                    50,
                    20,
                    Duration.ofSeconds(1),
                    1 << 20,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(500),
                    100,
                    Duration.ofDays(30)));

    @OnEveryListener
    void packet_thatNeverEnds_closesItsConnection(Wire wire) throws IOException {
        RawMqtt client = BROKER.login(wire, "team1a");
        byte[] publish = Publish.to("ttm4175/other/slow", "x".repeat(100)).encode(wire);
        client.send(Bytes.latin1(Bytes.toLatin1(publish).substring(0, 50)));
        client.expectClosed(SOON);
        PacketRefused event = BROKER.recorder().await(client, PacketRefused.class);
        assertThat(event.refusal().code()).isEqualTo("packet_timeout");
    }

    @OnEveryListener
    void connections_ofOneUserBeyondTheLimit_areRefused(Wire wire) throws IOException {
        List<RawMqtt> own = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            own.add(BROKER.login(wire, "x1"));
        }
        RawMqtt oneMore = BROKER.open(wire);
        assertThat(oneMore.connect(TestBroker.loginOf(oneMore, "x1")).code())
                .as("server unavailable, quota exceeded")
                .isEqualTo(wire.pick(3, 0x97));
        oneMore.expectClosed();
        assertThat(BROKER.recorder()
                        .await(oneMore, LoginRefused.class)
                        .refusal()
                        .reason())
                .contains("x1")
                .contains("3");

        // Others are not counted, a take-over is none more, and who leaves makes room.
        BROKER.login(wire, "x2").ping();
        RawMqtt sameId = BROKER.open(wire);
        assertThat(sameId.connect(TestBroker.loginOf(sameId, "x1")
                                .clientId(own.get(0).name()))
                        .code())
                .isZero();
        own.get(1).disconnect();
        BROKER.recorder().await(own.get(1), ClientDisconnected.class);
        BROKER.login(wire, "x1").ping();
    }

    @OnEveryListener
    void subscriptions_beyondTheLimit_areRefused(Wire wire) throws IOException {
        RawMqtt client = BROKER.login(wire, "team1a");
        for (int i = 0; i < 4; i++) {
            assertThat(client.subscribe("ttm4175/other/" + i, 0)).isZero();
        }
        assertThat(client.subscribe("ttm4175/other/4", 0)).isEqualTo(wire.pick(0x80, 0x97));
        assertThat(client.subscribe("ttm4175/other/3", 1))
                .as("one that it has already")
                .isEqualTo(1);
        client.unsubscribe("ttm4175/other/0");
        assertThat(client.subscribe("ttm4175/other/4", 0)).isZero();
    }

    @OnEveryListener
    void topics_beyondTheLimits_areRefused(Wire wire) throws IOException {
        RawMqtt client = BROKER.login(wire, "team1a");
        String deepest = "ttm4175/other" + "/x".repeat(6);
        String longest = "ttm4175/other/" + "x".repeat(100 - "ttm4175/other/".length());
        for (String within : List.of(deepest, longest)) {
            assertThat(client.subscribe(within, 0)).isZero();
            assertThat(client.publish(within, "x", 1).code()).isLessThan(0x80);
        }
        for (String beyond : List.of(deepest + "/x", longest + "x")) {
            assertThat(client.subscribe(beyond, 0)).as(beyond).isGreaterThanOrEqualTo(0x80);
            RefusalIT.assertRefused(wire, client, Publish.to(beyond, "x"), 1, List.of(0x87, 0x90));
            String code = beyond.startsWith(deepest) ? "topic_too_deep" : "topic_too_long";
            BROKER.recorder()
                    .await(
                            client,
                            PacketRefused.class,
                            event -> event.refusal().code().equals(code));
        }
    }

    @OnEveryListener
    void keepAlive_ofZero_isNotForEver(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Packet connack = client.connect(TestBroker.loginOf(client, "team1a").keepAlive(0));
        if (wire.isV5()) {
            // [MQTT-3.2.2-21]
            assertThat(connack.props().number(Prop.SERVER_KEEP_ALIVE)).contains(2L);
        }
        client.expectClosed(SOON);
    }

    @OnEveryListener
    void publishesBeyondTheRate_areSlowedDownAndNotLost(Wire wire) throws IOException {
        // Each run has users of its own: the rate is theirs over all connections.
        String fast = "team" + (5 + wire.ordinal()) + "a";
        RawMqtt receiver = BROKER.receiver(wire, "x3", 0);
        RawMqtt sender = BROKER.login(wire, fast);
        long start = System.nanoTime();
        List<String> sent = new ArrayList<>();
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            // What was read at once goes through at once; what follows waits for it.
            sent.add(Chat.message(fast, "x3", "number " + i));
            sender.publish(Chat.messageTopic("x3"), sent.get(i), 1);
            got.add(receiver.message().text());
        }
        assertThat(got).isEqualTo(sent);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("20 at once, then 50 a second")
                .isGreaterThan(Duration.ofMillis(500));
    }

    @OnEveryListener
    void publishesFarBeyondTheRate_closeTheConnection(Wire wire) throws IOException {
        String flooder = "team" + (5 + wire.ordinal()) + "b";
        RawMqtt sender = BROKER.login(wire, flooder);
        byte[] hint =
                Publish.to(Chat.ROOT + "x3/typing", Chat.typing(flooder, "x3")).encode(wire);
        byte[] tenHints = Bytes.join(hint, hint, hint, hint, hint, hint, hint, hint, hint, hint);
        byte[] ping = new PacketWriter().asPacket(Type.PINGREQ, 0);
        // The answer to each ping waits as long as the broker does not read.
        for (int i = 0; i < 100 && !sender.isClosed(); i++) {
            sender.send(tenHints, ping);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> sender.isClosed() || !sender.kept().isEmpty());
            if (sender.kept().stream().anyMatch(packet -> packet.type() == Type.PINGRESP)) {
                sender.expect(Type.PINGRESP);
            }
        }
        sender.expectClosed(SOON);
        if (wire.isV5()) {
            assertThat(sender.take(Type.DISCONNECT).code())
                    .as("message rate too high")
                    .isEqualTo(0x96);
        }
        BROKER.recorder()
                .await(
                        sender,
                        PacketRefused.class,
                        event -> event.refusal().code().equals("rate_exceeded"));
    }

    @Test
    void wrongPasswords_areAnsweredLate_andRightOnesAtOnce() throws IOException {
        for (int i = 0; i < 3; i++) {
            wrongPassword(Wire.values()[i]).expectClosed(SOON);
        }
        long start = System.nanoTime();
        RawMqtt guessing = wrongPassword(Wire.TCP_V3);
        BROKER.login(Wire.TCP_V3, "team1a").ping();
        assertThat(guessing.isClosed()).as("answered").isFalse();
        guessing.expectClosed(SOON);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(450));
        assertThat(guessing.expect(Type.CONNACK).code()).isIn(4, 5, 0x86);
        assertThat(BROKER.recorder()
                        .await(guessing, LoginRefused.class)
                        .refusal()
                        .code())
                .isEqualTo("login_delayed");
    }

    private static RawMqtt wrongPassword(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        client.send(Connect.as(wire)
                .clientId(client.name())
                .login("team1a", "wrong")
                .encode());
        return client;
    }

    @OnEveryListener
    void receiver_thatDoesNotAcknowledgeForLong_isClosedAndOthersAreServed(Wire wire) throws IOException {
        RawMqtt stubborn = BROKER.receiver(wire, "x4", 1);
        RawMqtt good = BROKER.receiver(wire, "x4", 1);
        // More than are sent without an acknowledgement.
        for (int group = 1; group <= 12; group++) {
            String from = "team" + group + "a";
            RawMqtt sender = BROKER.login(wire, from);
            for (int i = 0; i < 15; i++) {
                sender.publish(Chat.messageTopic("x4"), Chat.message(from, "x4", "hei"), 1);
                good.message();
            }
            sender.disconnect();
        }
        stubborn.expectClosed(SOON);
        ClientDisconnected event = BROKER.recorder().await(stubborn, ClientDisconnected.class);
        assertThat(event.cause()).isEqualTo(Cause.CLOSED_BY_BROKER);
        good.ping();
    }
}
