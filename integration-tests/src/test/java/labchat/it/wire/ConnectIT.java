package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.broker.event.PacketTrace;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.OnEveryListener;
import labchat.it.support.OnVersion5;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.PacketWriter;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.Statement;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From the first byte to CONNACK: who gets in, under which client id, and what ends a connection at once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectIT {

    /** Long enough for a login on a busy machine, short enough to wait for. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().connectTimeout(CONNECT_TIMEOUT);

    @OnEveryListener
    void login_rightPassword_isAcceptedAndReported(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Packet connack = client.connect(
                TestBroker.loginOf(client, "team1a").keepAlive(45).persistent());

        assertThat(connack.code()).isZero();
        // The broker keeps no session yet, whatever a client asks for.
        assertThat(connack.sessionPresent()).isFalse();
        ClientConnected event = BROKER.recorder().await(client, ClientConnected.class);
        assertThat(event.client().user()).contains("team1a");
        assertThat(event.client().address()).matches("127\\.0\\.0\\.1:\\d+");
        assertThat(event.version()).isEqualTo(wire.pick("3.1.1", "5"));
        assertThat(event.listener()).isEqualTo(wire.isWebSocket() ? "ws" : "tcp");
        assertThat(event.keepAliveSeconds()).isEqualTo(45);
    }

    @OnEveryListener
    @Statement(
            v3 = "MQTT-3.2.2-5",
            v5 = {"MQTT-3.1.4-2", "MQTT-3.2.2-7"})
    void login_wrongPasswordOrUnknownUser_isRefusedAndReportedWithoutThePassword(Wire wire) throws IOException {
        for (String user : List.of("team1a", "nobody")) {
            RawMqtt client = BROKER.open(wire);
            Packet connack =
                    client.connect(Connect.as(wire).clientId(client.name()).login(user, "wrong-password-of-a-test"));
            // Bad user name or password; 3.1.1 may say "not authorized" as well.
            assertThat(connack.code()).isIn(wire.pick(List.of(4, 5), List.of(0x86)));
            client.expectClosed();
            LoginRefused event = BROKER.recorder().await(client, LoginRefused.class);
            assertThat(event.client().user()).contains(user);
        }
        assertThat(BROKER.recorder().events().toString()).doesNotContain("wrong-password-of-a-test");
        assertThat(BROKER.recorder().packets().toString()).doesNotContain("wrong-password-of-a-test");
    }

    @OnEveryListener
    void login_withoutName_isRefused(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Packet connack = client.connect(Connect.as(wire).clientId(client.name()));
        assertThat(connack.code()).isIn(wire.pick(List.of(4, 5), List.of(0x86, 0x87)));
        client.expectClosed();
        BROKER.recorder().await(client, LoginRefused.class);
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.1.0-1", v5 = "MQTT-3.1.0-1")
    void firstPacket_notConnect_closesTheConnection(Wire wire) throws IOException {
        List<byte[]> firstPackets = List.of(
                new PacketWriter().asPacket(Type.PINGREQ, 0),
                Publish.to(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "hei"))
                        .qos(1, 1)
                        .encode(wire),
                new PacketWriter().asPacket(Type.DISCONNECT, 0),
                Bytes.latin1("GET / HTTP/1.1\r\n\r\n"));
        for (byte[] packet : firstPackets) {
            RawMqtt client = BROKER.open(wire);
            client.send(packet);
            client.expectClosed();
            assertThat(client.kept()).as("an answer to %02x", packet[0]).allMatch(any -> any.type() == Type.DISCONNECT);
        }
        BROKER.login(wire, "team1a").ping();
    }

    @OnEveryListener
    void connect_silentOrUnfinished_isClosedAfterTheTimeout(Wire wire) throws IOException {
        RawMqtt silent = BROKER.open(wire);
        RawMqtt unfinished = BROKER.open(wire);
        unfinished.send(new byte[] {0x10});
        RawMqtt intime = BROKER.login(wire, "team1a");

        silent.expectClosed(CONNECT_TIMEOUT.plusSeconds(2));
        unfinished.expectClosed(CONNECT_TIMEOUT.plusSeconds(2));
        // The timeout is for CONNECT only: who is in may be silent for the keep-alive.
        intime.ping();
    }

    @Test
    void webSocketPort_withoutAHandshake_isClosedAfterTheTimeout() throws IOException {
        RawMqtt silent = BROKER.openWithoutHandshake();
        RawMqtt noHttp = BROKER.openWithoutHandshake();
        noHttp.send(TestBroker.loginOf(noHttp, "team1a").encode());
        silent.expectClosed(CONNECT_TIMEOUT.plusSeconds(2));
        noHttp.expectClosed(CONNECT_TIMEOUT.plusSeconds(2));
        BROKER.login(Wire.WS_V5, "team1a").ping();
    }

    @OnEveryListener
    void connect_inPieces_isAccepted(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        client.sendInPieces(TestBroker.loginOf(client, "team1a").encode(), 4);
        assertThat(client.expect(Type.CONNACK).code()).isZero();
    }

    @OnEveryListener
    void packets_rightBehindConnect_allWork(Wire wire) throws IOException {
        for (int round = 0; round < 100; round++) {
            try (RawMqtt client = BROKER.open(wire)) {
                String payload = Chat.message("team1a", "team1a", "note to myself");
                client.send(
                        TestBroker.loginOf(client, "team1a").encode(),
                        client.subscribePacket(1, Props.NONE, Chat.ROOT + "team1a/#", 1),
                        Publish.to(Chat.messageTopic("team1a"), payload)
                                .qos(1, 2)
                                .encode(wire));
                assertThat(client.expect(Type.CONNACK).code()).isZero();
                assertThat(client.take(Type.SUBACK).code()).isEqualTo(1);
                assertThat(client.takeAck(Type.PUBACK, 2).code()).isZero();
                assertThat(client.message().text()).isEqualTo(payload);
            }
        }
    }

    @OnEveryListener
    void packets_rightBehindConnect_areTracedWithWhatBecameOfThem(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        String uuid = Chat.freshUuid();
        client.send(
                TestBroker.loginOf(client, "team1a").encode(),
                client.subscribePacket(1, Props.NONE, Chat.ROOT + "team1a/#", 1),
                Publish.to(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "hei", uuid))
                        .qos(1, 2)
                        .encode(wire),
                Publish.to(Chat.messageTopic("team2a"), "{").qos(1, 3).encode(wire));
        client.takeAck(Type.PUBACK, 2);
        client.takeAck(Type.PUBACK, 3);
        client.ping();

        List<PacketTrace> publishes = BROKER.recorder().packets().stream()
                .filter(packet -> packet.client().clientId().equals(client.name()))
                .filter(packet -> packet.inbound() && packet.type().equals("PUBLISH"))
                .toList();
        assertThat(publishes).extracting(PacketTrace::packetId).containsExactly(2, 3);
        assertThat(publishes.get(0).chat())
                .hasValueSatisfying(chat -> assertThat(chat.uuid()).isEqualTo(uuid));
        assertThat(publishes.get(0).refusal()).isEmpty();
        assertThat(publishes.get(1).refusal())
                .hasValueSatisfying(refusal -> assertThat(refusal.code()).isEqualTo("invalid_json"));
    }

    @OnEveryListener
    void publish_withGoodbyeRightBehind_isDelivered(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        for (int round = 0; round < 50; round++) {
            String payload = Chat.message("team1a", "team2a", "and I am gone");
            byte[] publish = Publish.to(Chat.messageTopic("team2a"), payload).encode(wire);
            byte[] goodbye = new PacketWriter().asPacket(Type.DISCONNECT, 0);
            try (RawMqtt client = BROKER.open(wire)) {
                if (round % 2 == 0) {
                    // As mosquitto_pub does it, at its default QoS 0.
                    assertThat(client.connect(TestBroker.loginOf(client, "team1a"))
                                    .code())
                            .isZero();
                    client.send(publish, goodbye);
                } else {
                    client.send(TestBroker.loginOf(client, "team1a").encode(), publish, goodbye);
                    assertThat(client.expect(Type.CONNACK).code()).isZero();
                }
            }
            assertThat(team2a.message().text()).isEqualTo(payload);
        }
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.1.0-2", v5 = "MQTT-3.1.0-2")
    void connect_second_closesTheConnection(Wire wire) throws IOException {
        RawMqtt other = BROKER.login(wire, "team1a");
        RawMqtt client = BROKER.login(wire, "team1a");
        client.send(TestBroker.loginOf(client, "team1a").encode());
        client.expectClosed();
        assertThat(client.kept()).noneMatch(packet -> packet.type() == Type.CONNACK);
        ClientDisconnected event = BROKER.recorder().await(client, ClientDisconnected.class);
        assertThat(event.cause()).isEqualTo(Cause.CLOSED_BY_BROKER);
        other.ping();
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.1.2-2", v5 = "MQTT-3.1.2-2")
    void connect_unknownProtocolLevel_isRefused(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        client.send(Connect.as(wire)
                .level(wire.pick(2, 6))
                .clientId(client.name())
                .login("team1a", "x")
                .encode());
        client.expectClosed();
        BROKER.login(wire, "team1a").ping();
    }

    @OnEveryListener
    void clientId_ofAnotherUser_takesNothingOver(Wire wire) throws IOException {
        RawMqtt victim = BROKER.receiver(wire, "team2a", 1);
        RawMqtt other = BROKER.open(wire);
        Packet connack = other.connect(TestBroker.loginOf(other, "team1a").clientId(victim.name()));
        assertThat(connack.code()).isZero();

        // Side by side: the one still gets its messages, the other does not.
        String payload = Chat.message("team1a", "team2a", "still there?");
        other.publish(Chat.messageTopic("team2a"), payload, 1);
        assertThat(victim.message().text()).isEqualTo(payload);
        victim.ping();
        other.ping();
        assertThat(other.kept()).isEmpty();
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.1.4-2", "MQTT-3.1.3-2"},
            v5 = {"MQTT-3.1.4-3", "MQTT-3.1.3-2"})
    void clientId_ofTheSameUser_takesTheConnectionOver(Wire wire) throws IOException {
        RawMqtt old = BROKER.receiver(wire, "team2a", 1);
        RawMqtt fresh = BROKER.open(wire);
        Packet connack = fresh.connect(TestBroker.loginOf(fresh, "team2a").clientId(old.name()));
        assertThat(connack.code()).isZero();

        old.expectClosed();
        if (wire.isV5()) {
            assertThat(old.take(Type.DISCONNECT).code())
                    .as("session taken over")
                    .isEqualTo(0x8e);
        }
        BROKER.recorder().await(old, ClientDisconnected.class, event -> event.cause() == Cause.TAKEN_OVER);
        // Nothing is inherited, nothing of the old connection stays in the way.
        assertThat(fresh.subscribe(Chat.ROOT + "team2a/#", 1)).isEqualTo(1);
        String payload = Chat.message("team1a", "team2a", "hei");
        BROKER.login(wire, "team1a").publish(Chat.messageTopic("team2a"), payload, 1);
        assertThat(fresh.message().text()).isEqualTo(payload);
        fresh.ping();
        assertThat(fresh.kept()).isEmpty();
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.1.3-6", v5 = "MQTT-3.1.3-6")
    void clientId_empty_isAcceptedForAnyNumberOfClients(Wire wire) throws IOException {
        RawMqtt first = BROKER.open(wire);
        RawMqtt second = BROKER.open(wire);
        Packet one = first.connect(TestBroker.loginOf(first, "team1a").clientId(""));
        Packet two = second.connect(TestBroker.loginOf(second, "team1a").clientId(""));

        assertThat(List.of(one.code(), two.code())).containsOnly(0);
        if (wire.isV5()) {
            String oneId = one.props().text(Prop.ASSIGNED_CLIENT_ID).orElseThrow();
            String twoId = two.props().text(Prop.ASSIGNED_CLIENT_ID).orElseThrow();
            assertThat(oneId).isNotEmpty().isNotEqualTo(twoId);
        }
        first.ping();
        second.ping();
    }

    @OnVersion5
    @Statement(v5 = "MQTT-3.1.3-7")
    void assignedClientId_usedAgain_isTheSameClient(Wire wire) throws IOException {
        RawMqtt first = BROKER.open(wire);
        Packet connack = first.connect(TestBroker.loginOf(first, "team1a").clientId(""));
        String assigned = connack.props().text(Prop.ASSIGNED_CLIENT_ID).orElseThrow();

        RawMqtt again = BROKER.open(wire);
        assertThat(again.connect(TestBroker.loginOf(again, "team1a").clientId(assigned))
                        .code())
                .isZero();
        first.expectClosed();
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.2.2-9", "MQTT-3.1.2-28"})
    void connack_tellsTheTruth(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Props asked = Props.NONE
                .with(Prop.SESSION_EXPIRY, 3600)
                .with(Prop.TOPIC_ALIAS_MAXIMUM, 10)
                .with(Prop.REQUEST_RESPONSE_INFO, 1);
        Props connack = client.connect(TestBroker.loginOf(client, "team1a").props(asked))
                .props();

        assertThat(connack.number(Prop.SESSION_EXPIRY))
                .as("as it was asked for")
                .isEmpty();
        assertThat(connack.number(Prop.SHARED_AVAILABLE)).contains(0L);
        assertThat(connack.number(Prop.TOPIC_ALIAS_MAXIMUM).orElse(0L)).isZero();
        assertThat(connack.number(Prop.MAXIMUM_PACKET_SIZE)).contains(262_144L);
        assertThat(connack.number(Prop.RECEIVE_MAXIMUM).orElse(65_535L)).isPositive();
        assertThat(connack.number(Prop.WILDCARD_AVAILABLE).orElse(1L)).isOne();
        assertThat(connack.number(Prop.RETAIN_AVAILABLE).orElse(1L)).isOne();
        assertThat(connack.number(Prop.SUBSCRIPTION_ID_AVAILABLE).orElse(1L)).isOne();
        assertThat(connack.number(Prop.MAXIMUM_QOS)).as("absent means 2").isEmpty();
        assertThat(connack.text(Prop.RESPONSE_INFO)).isEmpty();
        assertThat(connack.text(Prop.ASSIGNED_CLIENT_ID))
                .as("it brought its own")
                .isEmpty();
    }

    @OnVersion5
    @Statement(v5 = "MQTT-3.3.2-9")
    void topicAlias_thoughNoneIsAllowed_closesOnlyThatConnection(Wire wire) throws IOException {
        RawMqtt other = BROKER.login(wire, "team2a");
        RawMqtt client = BROKER.login(wire, "team1a");
        client.send(Publish.to("ttm4175/other/alias", "x")
                .props(Props.NONE.with(Prop.TOPIC_ALIAS, 1))
                .encode(wire));
        client.expectClosed();
        other.ping();
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.1.2-24", v5 = "MQTT-3.1.2-22")
    void connection_beyondItsKeepAlive_isLost(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        client.connect(TestBroker.loginOf(client, "team1a").keepAlive(1));
        client.expectClosed(Duration.ofSeconds(5));
        ClientDisconnected event = BROKER.recorder().await(client, ClientDisconnected.class);
        assertThat(event.cause()).isEqualTo(Cause.LOST);
    }

    @OnEveryListener
    void disconnect_isReportedAsSuch_andABrokenConnectionAsLost(Wire wire) throws IOException {
        RawMqtt polite = BROKER.login(wire, "team1a");
        polite.disconnect();
        polite.expectClosed();
        assertThat(BROKER.recorder().await(polite, ClientDisconnected.class).cause())
                .isEqualTo(Cause.DISCONNECT);

        RawMqtt broken = BROKER.login(wire, "team1a");
        broken.close();
        assertThat(BROKER.recorder().await(broken, ClientDisconnected.class).cause())
                .isEqualTo(Cause.LOST);
    }
}
