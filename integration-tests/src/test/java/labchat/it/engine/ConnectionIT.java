package labchat.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.moquette.interception.AbstractInterceptHandler;
import io.moquette.interception.messages.InterceptConnectMessage;
import io.moquette.interception.messages.InterceptConnectionLostMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import labchat.broker.config.Limits;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.it.support.BareMoquette;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.DirectBuffers;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.PacketWriter;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How connections begin and end: what Moquette takes from whom, and for how long. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionIT {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<String> EVENTS = new CopyOnWriteArrayList<>();
    private static BareMoquette bare;

    /** With the standard limits. */
    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    /** Nobody is waited for longer than a second. */
    @RegisterExtension
    static final TestBroker IMPATIENT =
            TestBroker.ofTheClass().connectTimeout(SECOND).limits(impatient());

    private static Limits impatient() {
        Limits l = Limits.STANDARD;
        return new Limits(
                l.maxConnections(),
                l.maxUserConnections(),
                l.maxAddressConnections(),
                l.maxTopicLevels(),
                l.maxTopicLength(),
                l.maxSubscriptions(),
                l.maxPublishRate(),
                l.publishBurst(),
                l.maxThrottled(),
                l.maxQueuedBytes(),
                l.maxQueuedTime(),
                SECOND,
                SECOND,
                Duration.ZERO,
                100,
                Duration.ofDays(30));
    }

    @BeforeAll
    static void startBare() throws IOException {
        bare = BareMoquette.create()
                .handler(new AbstractInterceptHandler() {
                    @Override
                    public String getID() {
                        return "events";
                    }

                    @Override
                    public void onConnect(InterceptConnectMessage message) {
                        EVENTS.add("connect " + message.getClientID());
                    }

                    @Override
                    public void onConnectionLost(InterceptConnectionLostMessage message) {
                        EVENTS.add("lost " + message.getClientID());
                    }

                    @Override
                    public void onSessionLoopError(Throwable error) {
                        EVENTS.add("loop died: " + error);
                    }
                })
                .start();
    }

    @AfterAll
    static void stopBare() {
        bare.close();
    }

    @Tag("engine")
    @Test
    void bare_clientIdOfAnotherUser_takesOverSessionAndQueue() throws IOException {
        RawMqtt victim = bare.open(Wire.TCP_V3, "same-id");
        bare.connect(victim, BareMoquette.loginOf(victim, "victim").persistent());
        victim.subscribe("for/victim", 1);
        victim.close();
        bare.login(Wire.TCP_V3, "writer", "writer").publish("for/victim", "private", 1);

        RawMqtt thief = bare.open(Wire.TCP_V3, "same-id");
        bare.connect(thief, BareMoquette.loginOf(thief, "thief").persistent());
        assertThat(thief.message().text()).isEqualTo("private");
    }

    @OnEveryListener
    void guarded_clientIdOfAnotherUser_takesOverNothing(Wire wire) throws IOException {
        RawMqtt victim = BROKER.open(wire);
        victim.connect(TestBroker.loginOf(victim, "team2a").persistent());
        victim.subscribe("ttm4175/other/for-victim-" + wire, 1);
        RawMqtt thief = BROKER.open(wire);
        Packet connack = thief.connect(
                TestBroker.loginOf(thief, "team1a").clientId(victim.name()).persistent());
        assertThat(connack.sessionPresent()).isFalse();
        BROKER.login(wire, "team3a").publish("ttm4175/other/for-victim-" + wire, "private", 1);
        assertThat(victim.message().text()).isEqualTo("private");
        thief.ping();
        assertThat(thief.kept()).isEmpty();
    }

    @Tag("engine")
    @Test
    void bare_packetsRightBehindConnect_areLost() throws IOException {
        int lost = 0;
        for (int i = 0; i < 20; i++) {
            RawMqtt hasty = bare.open(Wire.TCP_V3, "hasty" + i);
            hasty.send(BareMoquette.loginOf(hasty, "hasty").encode(), hasty.subscribePacket(1, Props.NONE, "hasty", 1));
            // Cut off, or never answered.
            if (hasty.takeWithin(Duration.ofMillis(100), packet -> packet.type() == Type.SUBACK)
                    .isEmpty()) {
                lost++;
            }
        }
        assertThat(lost).as("of 20").isPositive();
    }

    @OnEveryListener
    void guarded_packetsRightBehindConnect_areAllServed(Wire wire) throws IOException {
        for (int i = 0; i < 20; i++) {
            RawMqtt hasty = BROKER.open(wire);
            String topic = "ttm4175/other/" + hasty.name();
            hasty.send(
                    TestBroker.loginOf(hasty, "team1a").encode(),
                    hasty.subscribePacket(1, Props.NONE, topic, 1),
                    Publish.to(topic, "x").qos(1, 2).encode(wire));
            assertThat(hasty.expect(Type.CONNACK).code()).isZero();
            assertThat(hasty.take(Type.SUBACK).code()).isEqualTo(1);
            hasty.takeAck(Type.PUBACK, 2);
            assertThat(hasty.message().text()).isEqualTo("x");
        }
    }

    @Tag("engine")
    @Test
    void bare_publishWithDupItHasNotSeen_isAcknowledgedAndThrownAway() throws IOException {
        RawMqtt reader = bare.login(Wire.TCP_V3, "reader", "dup-reader");
        reader.subscribe("dup", 1);
        RawMqtt writer = bare.login(Wire.TCP_V3, "writer", "dup-writer");
        writer.send(Publish.to("dup", "repeated").qos(1, 1).dup().encode(Wire.TCP_V3));
        writer.takeAck(Type.PUBACK, 1);
        writer.publish("dup", "fence", 1);
        assertThat(reader.message().text()).isEqualTo("fence");
    }

    @OnEveryListener
    void guarded_publishWithDupItHasNotSeen_isDelivered(Wire wire) throws IOException {
        RawMqtt reader = BROKER.receiver(wire, "team2a", 2);
        String topic = "ttm4175/other/dup-" + wire;
        reader.subscribe(topic, 2);
        RawMqtt writer = BROKER.login(wire, "team1a");
        String chat = Chat.message("team1a", "team2a", "repeated");
        writer.send(
                Publish.to(Chat.messageTopic("team2a"), chat).qos(1, 1).dup().encode(wire));
        writer.takeAck(Type.PUBACK, 1);
        assertThat(reader.message().text()).isEqualTo(chat);
        for (int qos = 1; qos <= 2; qos++) {
            writer.send(Publish.to(topic, "repeated").qos(qos, 7).dup().encode(wire));
            writer.takeAck(qos == 1 ? Type.PUBACK : Type.PUBREC, 7);
            Packet message = reader.message();
            assertThat(message.text()).isEqualTo("repeated");
            assertThat(message.isDup()).isFalse();
        }
    }

    @Tag("engine")
    @Test
    void bare_packetsBeforeConnect_areAnsweredAndLeakMemory() throws IOException {
        bare.open(Wire.TCP_V3, "stranger").ping();
        long before = DirectBuffers.inUse();
        byte[] publish = Publish.to("t", "x".repeat(200_000)).qos(1, 1).encode(Wire.TCP_V3);
        for (int i = 0; i < 100; i++) {
            RawMqtt stranger = bare.open(Wire.TCP_V3, "stranger" + i);
            stranger.send(publish);
            stranger.expectClosed();
        }
        assertThat(DirectBuffers.inUse() - before).as("buffers never released").isGreaterThan(50);
    }

    @OnEveryListener
    void guarded_packetBeforeConnect_endsTheConnection(Wire wire) throws IOException {
        RawMqtt stranger = BROKER.open(wire);
        stranger.send(new PacketWriter().asPacket(Type.PINGREQ, 0));
        stranger.expectClosed();
        assertThat(stranger.kept()).isEmpty();
        RawMqtt writer = BROKER.open(wire);
        writer.send(Publish.to("ttm4175/other/x", "x".repeat(8_000)).qos(1, 1).encode(wire));
        writer.expectClosed();
        assertThat(writer.kept()).isEmpty();
    }

    @Tag("engine")
    @Test
    void bare_secondConnect_isAcceptedAndLeavesAGhost() throws IOException {
        RawMqtt twice = bare.login(Wire.TCP_V3, "first", "ghost");
        twice.send(BareMoquette.loginOf(twice, "second").clientId("visible").encode());
        assertThat(twice.expect(Type.CONNACK).code()).isZero();
        twice.close();
        Awaitility.await().until(() -> EVENTS.contains("lost visible"));
        assertThat(EVENTS).contains("connect ghost").doesNotContain("lost ghost");
    }

    @OnEveryListener
    void guarded_secondConnect_endsTheConnection(Wire wire) throws IOException {
        RawMqtt twice = BROKER.login(wire, "team1a");
        twice.send(TestBroker.loginOf(twice, "team2a").clientId("visible").encode());
        twice.expectClosed();
        assertThat(twice.kept()).extracting(Packet::type).doesNotContain(Type.CONNACK);
        assertThat(BROKER.recorder().await(twice, ClientDisconnected.class).cause())
                .isEqualTo(Cause.CLOSED_BY_BROKER);
    }

    /** Each waits on both brokers: when ours has lost its patience on every listener, the bare one has not. */
    @Tag("engine")
    @Test
    void guarded_silentSlowOrEndlessClients_areClosedWhereABareOneWaitsOn() throws IOException {
        byte[] halfConnect = {0x10, 0x40, 0, 4};
        byte[] halfPublish = {0x30, 100, 0, 1};
        RawMqtt bareSilent = bare.open(Wire.TCP_V3, "silent");
        RawMqtt bareSlow = bare.open(Wire.TCP_V3, "slow");
        bareSlow.send(halfConnect);
        RawMqtt bareForEver = bare.open(Wire.TCP_V3, "for-ever");
        bare.connect(bareForEver, BareMoquette.loginOf(bareForEver, "user").keepAlive(0));
        RawMqtt bareStuck = bare.login(Wire.TCP_V3, "user", "stuck");
        bareStuck.send(halfPublish);

        List<RawMqtt> guarded = new ArrayList<>();
        for (Wire wire : Wire.values()) {
            RawMqtt silent = IMPATIENT.open(wire);
            RawMqtt slow = IMPATIENT.open(wire);
            slow.send(halfConnect);
            RawMqtt forEver = IMPATIENT.open(wire);
            forEver.connect(TestBroker.loginOf(forEver, "team1a").keepAlive(0));
            RawMqtt stuck = IMPATIENT.login(wire, "team1a");
            stuck.send(halfPublish);
            guarded.addAll(List.of(silent, slow, forEver, stuck));
        }
        for (RawMqtt closed : guarded) {
            closed.expectClosed(Duration.ofSeconds(4));
        }
        for (RawMqtt waiting : List.of(bareSilent, bareSlow, bareForEver, bareStuck)) {
            assertThat(waiting.isClosed()).as(waiting.name()).isFalse();
        }
        bareForEver.ping();
        assertThat(bareSilent.connect(BareMoquette.loginOf(bareSilent, "late")).code())
                .isZero();
    }

    @Tag("engine")
    @Test
    void bare_takeOver_isToldAsALossOfAClientThatIsConnected() throws IOException {
        bare.login(Wire.TCP_V3, "user", "twin");
        RawMqtt second = bare.login(Wire.TCP_V3, "user", "twin");
        Awaitility.await().until(() -> EVENTS.contains("lost twin"));
        second.ping();
    }

    @OnEveryListener
    void guarded_takeOver_isToldAsSuchBeforeTheNewConnection(Wire wire) throws IOException {
        RawMqtt old = BROKER.login(wire, "team1a");
        for (int i = 0; i < 5; i++) {
            RawMqtt fresh = BROKER.open(wire);
            assertThat(fresh.connect(TestBroker.loginOf(fresh, "team1a").clientId(old.name()))
                            .code())
                    .isZero();
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(BROKER.recorder().eventsOf(old, ClientConnected.class))
                        .hasSize(6));
        List<String> told = BROKER.recorder().eventsOf(old, BrokerEvent.class).stream()
                .filter(event -> event instanceof ClientConnected || event instanceof ClientDisconnected)
                .map(event ->
                        event instanceof ClientDisconnected end ? end.cause().toString() : "connected")
                .toList();
        assertThat(told).hasSize(11);
        for (int i = 0; i < told.size(); i++) {
            assertThat(told.get(i)).as(told.toString()).isEqualTo(i % 2 == 0 ? "connected" : "TAKEN_OVER");
        }
    }

    @Tag("engine")
    @Test
    void bare_unacknowledgedMessages_areOverwrittenAfterAReconnect() throws IOException {
        RawMqtt reader = bare.open(Wire.TCP_V3, "back-again");
        bare.connect(reader, BareMoquette.loginOf(reader, "reader").persistent());
        reader.subscribe("ids", 1);
        RawMqtt writer = bare.login(Wire.TCP_V3, "writer", "ids-writer");
        writer.publish("ids", "first", 1);
        int firstId = reader.take(Type.PUBLISH).id();
        reader.close();

        RawMqtt again = bare.open(Wire.TCP_V3, "back-again");
        bare.connect(again, BareMoquette.loginOf(again, "reader").persistent());
        writer.publish("ids", "second", 1);
        Packet second = again.take("the second message", packet -> packet.text().equals("second"));
        assertThat(second.id()).as("the id that the first one still has").isEqualTo(firstId);
    }

    @OnEveryListener
    void guarded_session_isContinuedByUs_andIdsInFlightAreNeverReused(Wire wire) throws IOException {
        RawMqtt reader = BROKER.open(wire);
        reader.connect(durableLogin(reader, reader.name()));
        reader.subscribe(Chat.ROOT + "team2a/message", 1);
        reader.subscribe("ttm4175/other/ids-" + wire, 1);
        RawMqtt writer = BROKER.login(wire, "team1a");
        for (int i = 0; i < 20; i++) {
            writer.publish(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "m" + i), 1);
            writer.publish("ttm4175/other/ids-" + wire, "m", 1);
        }
        Map<Integer, String> sent = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            Packet message = reader.take(Type.PUBLISH);
            assertThat(sent.put(message.id(), message.text()))
                    .as("what had the id of %s before", message)
                    .isNull();
        }
        reader.close();
        RawMqtt again = BROKER.open(wire);
        Packet connack = again.connect(durableLogin(again, reader.name()));
        assertThat(connack.sessionPresent()).isTrue();
        Map<Integer, String> repeated = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            Packet message = again.take(Type.PUBLISH);
            assertThat(message.isDup()).isTrue();
            repeated.put(message.id(), message.text());
        }
        assertThat(repeated).isEqualTo(sent);
        writer.publish(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "new"), 1);
        assertThat(sent).doesNotContainKey(again.take(Type.PUBLISH).id());
    }

    private static Connect durableLogin(RawMqtt client, String clientId) {
        Connect connect =
                TestBroker.loginOf(client, "team2a").clientId(clientId).persistent();
        return client.wire().isV5() ? connect.props(Props.NONE.with(Prop.SESSION_EXPIRY, 600)) : connect;
    }
}
