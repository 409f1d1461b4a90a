package labchat.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import labchat.it.support.Bytes;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Single packets and their answers. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PacketStatementsIT {

    @RegisterExtension
    static final TestBroker BROKER = People.broker();

    private final String user = People.fresh();

    /** Something that must end the connection. */
    private void expectEnd(Wire wire, byte[] packet) throws IOException {
        RawMqtt client = People.login(BROKER, wire, user);
        client.send(packet);
        client.expectClosed();
        assertThat(client.kept()).allMatch(last -> last.type() == Type.DISCONNECT && last.code() >= 0x80);
    }

    private static PacketWriter body(Wire wire, int id) {
        PacketWriter out = new PacketWriter().u16(id);
        return wire.isV5() ? out.varint(0) : out;
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.1.2-1", "MQTT-3.1.2-3", "MQTT-3.1.4-1"},
            v5 = {"MQTT-3.1.2-1", "MQTT-3.1.2-3", "MQTT-3.1.4-1"})
    void connect_malformed_isNoConnection(Wire wire) throws IOException {
        for (int i = 0; i < 2; i++) {
            RawMqtt client = BROKER.open(wire);
            Connect connect = People.loginOf(client, user);
            client.send((i == 0 ? connect.protocol("MQTX") : connect.reservedFlag()).encode());
            client.expectClosed();
            assertThat(client.kept()).allMatch(packet -> packet.type() == Type.CONNACK && packet.code() != 0);
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.1.4-5", "MQTT-3.2.2-4", "MQTT-3.2.2-5"},
            v5 = {"MQTT-3.1.4-2", "MQTT-3.1.4-6", "MQTT-3.2.2-6", "MQTT-3.2.2-7", "MQTT-3.14.0-1"})
    void connect_refused_isTheEndOfWhatCounts(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 1);
            RawMqtt client = BROKER.open(wire);
            byte[] connect =
                    Connect.as(wire).clientId("x").login(way.writer(), "wrong").encode();
            client.send(Bytes.join(connect, way.says("unheard").qos(1, 1).encode(wire)));
            Packet connack = client.expect(Type.CONNACK);
            assertThat(connack.code()).isEqualTo(wire.pick(4, 0x86));
            assertThat(connack.sessionPresent()).isFalse();
            client.expectClosed();
            assertThat(client.kept()).isEmpty();
            way.expectNothingButAFence(reader, wire);
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.1.4-4", "MQTT-3.2.0-1", "MQTT-3.1.3-5"},
            v5 = {"MQTT-3.1.4-5", "MQTT-3.2.0-1", "MQTT-3.2.0-2", "MQTT-3.1.3-5", "MQTT-4.12.0-6"})
    void connect_isAnsweredOnceAndFirst(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        byte[] connect =
                People.loginOf(client, user).clientId("0123456789azAZ012345678").encode();
        client.send(Bytes.join(connect, client.subscribePacket(1, Props.NONE, "ttm4175/other/first", 0)));
        Packet connack = client.expect(Type.CONNACK);
        assertThat(connack.code()).isZero();
        assertThat(connack.props().all(Prop.AUTH_METHOD)).isEmpty();
        client.expect(Type.SUBACK);
        client.ping();
        assertThat(client.kept()).isEmpty();
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.1.3-7", "MQTT-3.1.3-8", "MQTT-3.1.3-9"},
            v5 = {"MQTT-3.1.3-6", "MQTT-3.1.3-7", "MQTT-3.2.2-16"})
    void clientId_empty_getsAFreshOneOrNeedsACleanSession(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Packet connack =
                client.connect(People.loginOf(client, user).clientId("").persistent());
        if (wire.isV5()) {
            String first = connack.props().text(Prop.ASSIGNED_CLIENT_ID).orElseThrow();
            RawMqtt other = BROKER.open(wire);
            assertThat(other.connect(People.loginOf(other, user).clientId(""))
                            .props()
                            .text(Prop.ASSIGNED_CLIENT_ID))
                    .isPresent()
                    .isNotEqualTo(first);
            client.ping();
        } else {
            assertThat(connack.code()).isEqualTo(2);
            client.expectClosed();
        }
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-4.12.0-1"})
    void authenticationMethod_thatThereIsNot_isRefused(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Props props = Props.NONE.with(Prop.AUTH_METHOD, "GS2-KRB5");
        assertThat(client.connect(People.loginOf(client, user).props(props)).code())
                .isEqualTo(0x8c);
        client.expectClosed();
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.2.2-21", "MQTT-3.2.2-22"})
    void serverKeepAlive_isToldWhereItIsNotTheClients(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        assertThat(client.connect(People.loginOf(client, user).keepAlive(65_535))
                        .props()
                        .number(Prop.SERVER_KEEP_ALIVE))
                .contains(300L);
        RawMqtt modest = BROKER.open(wire);
        assertThat(modest.connect(People.loginOf(modest, user).keepAlive(60))
                        .props()
                        .number(Prop.SERVER_KEEP_ALIVE))
                .isEmpty();
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.1.2-28"})
    void responseInformation_isNotGiven(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Props props = Props.NONE.with(Prop.REQUEST_RESPONSE_INFO, 0);
        assertThat(client.connect(People.loginOf(client, user).props(props))
                        .props()
                        .all(Prop.RESPONSE_INFO))
                .isEmpty();
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.1.2-24", "MQTT-3.2.2-19", "MQTT-3.4.2-2", "MQTT-3.5.2-2", "MQTT-3.9.2-1", "MQTT-3.14.2-3"})
    void reasonString_isLeftOutWhereItDoesNotFit(Wire wire) throws IOException {
        Props tiny = Props.NONE.with(Prop.MAXIMUM_PACKET_SIZE, 40);
        RawMqtt stranger = BROKER.open(wire);
        Packet refused = stranger.connect(
                Connect.as(wire).clientId("x").login(user, "wrong").props(tiny));
        assertThat(refused.props().all(Prop.REASON_STRING)).isEmpty();

        RawMqtt client = BROKER.open(wire);
        client.connect(People.loginOf(client, user).props(tiny));
        assertThat(client.subscribe(Props.NONE, "ttm4175/forbidden/#", 1)
                        .props()
                        .all(Prop.REASON_STRING))
                .isEmpty();
        for (int qos = 1; qos <= 2; qos++) {
            Packet answer = client.publish("ttm4175/forbidden/x", "x", qos);
            assertThat(answer.code()).isEqualTo(0x87);
            assertThat(answer.props().all(Prop.REASON_STRING)).isEmpty();
        }
        client.send(Publish.to("ttm4175/other/x", "x")
                .props(Props.NONE.with(Prop.TOPIC_ALIAS, 1))
                .encode(wire));
        assertThat(client.expect(Type.DISCONNECT).props().all(Prop.REASON_STRING))
                .isEmpty();
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.3.4-6", "MQTT-3.3.2-8", "MQTT-3.3.2-9", "MQTT-4.13.1-1", "MQTT-4.13.2-1"})
    void publish_withPropertiesThatItMustNotHave_endsTheConnection(Wire wire) throws IOException {
        for (Props props : List.of(
                Props.NONE.with(Prop.SUBSCRIPTION_ID, 1),
                Props.NONE.with(Prop.TOPIC_ALIAS, 0),
                Props.NONE.with(Prop.TOPIC_ALIAS, 1))) {
            expectEnd(wire, Publish.to("ttm4175/other/x", "x").props(props).encode(wire));
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-2.2.2-2", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1", "MQTT-3.14.1-1", "MQTT-4.8.0-1"},
            v5 = {"MQTT-2.1.3-1", "MQTT-3.6.1-1", "MQTT-3.8.1-1", "MQTT-3.10.1-1", "MQTT-3.14.1-1", "MQTT-4.13.1-1"})
    void reservedFlags_otherThanAsked_endTheConnection(Wire wire) throws IOException {
        expectEnd(wire, body(wire, 1).text("ttm4175/other/x").u8(0).asPacket(Type.SUBSCRIBE, 0));
        expectEnd(wire, body(wire, 1).text("ttm4175/other/x").asPacket(Type.UNSUBSCRIBE, 0));
        expectEnd(wire, new PacketWriter().u16(1).asPacket(Type.PUBREL, 0));
        expectEnd(wire, new PacketWriter().asPacket(Type.DISCONNECT, 1));
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.3.1-4", "MQTT-3-8.3-4", "MQTT-3.8.3-3", "MQTT-3.10.3-2", "MQTT-2.3.1-1"},
            v5 = {"MQTT-3.3.1-4", "MQTT-3.8.3-5", "MQTT-3.8.3-2", "MQTT-3.10.3-2", "MQTT-2.2.1-3"})
    void fields_thatMustNotBe_endTheConnection(Wire wire) throws IOException {
        expectEnd(wire, Publish.to("ttm4175/other/x", "x").qos(3, 1).encode(wire));
        expectEnd(wire, Publish.to("ttm4175/other/x", "x").qos(1, 0).encode(wire));
        expectEnd(wire, body(wire, 1).text("ttm4175/other/x").u8(3).asPacket(Type.SUBSCRIBE, 2));
        expectEnd(wire, body(wire, 1).asPacket(Type.SUBSCRIBE, 2));
        expectEnd(wire, body(wire, 0).text("ttm4175/other/x").u8(1).asPacket(Type.SUBSCRIBE, 2));
        expectEnd(wire, body(wire, 1).asPacket(Type.UNSUBSCRIBE, 2));
        expectEnd(wire, body(wire, 0).text("ttm4175/other/x").asPacket(Type.UNSUBSCRIBE, 2));
    }

    @OnEveryListener
    @Statement(
            v3 = {
                "MQTT-3.8.4-1",
                "MQTT-3.8.4-2",
                "MQTT-3.8.4-4",
                "MQTT-3.8.4-5",
                "MQTT-3.9.3-1",
                "MQTT-3.9.3-2",
                "MQTT-2.3.1-7"
            },
            v5 = {
                "MQTT-3.8.4-1",
                "MQTT-3.8.4-2",
                "MQTT-3.8.4-5",
                "MQTT-3.8.4-6",
                "MQTT-3.8.4-7",
                "MQTT-3.9.3-1",
                "MQTT-3.9.3-2",
                "MQTT-2.2.1-6"
            })
    void suback_answersEachFilterInOrder(Wire wire) throws IOException {
        RawMqtt client = People.login(BROKER, wire, user);
        client.send(client.subscribePacket(
                4711,
                Props.NONE,
                "ttm4175/other/a",
                2,
                "ttm4175/forbidden",
                1,
                "ttm4175/other/b",
                0,
                "ttm4175/other/c",
                1));
        Packet suback = client.expect(Type.SUBACK);
        assertThat(suback.id()).isEqualTo(4711);
        assertThat(suback.codes()).containsExactly(2, wire.pick(0x80, 0x87), 0, 1);
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-3.10.4-6", "MQTT-2.3.1-7"},
            v5 = {"MQTT-3.10.4-4", "MQTT-3.10.4-5", "MQTT-3.10.4-6", "MQTT-3.11.3-1", "MQTT-3.11.3-2", "MQTT-2.2.1-6"})
    void unsuback_answersEachFilterInOrder(Wire wire) throws IOException {
        RawMqtt client = People.login(BROKER, wire, user);
        client.subscribe("ttm4175/other/a", 1);
        client.subscribe("ttm4175/other/b", 1);
        client.send(client.unsubscribePacket(4712, "ttm4175/other/b", "ttm4175/other/never", "ttm4175/other/a"));
        Packet unsuback = client.expect(Type.UNSUBACK);
        assertThat(unsuback.id()).isEqualTo(4712);
        if (wire.isV5()) {
            assertThat(unsuback.codes()).containsExactly(0, 0x11, 0);
        }
        client.send(client.unsubscribePacket(4713, "ttm4175/other/never"));
        assertThat(client.expect(Type.UNSUBACK).id()).isEqualTo(4713);
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.12.4-1", v5 = "MQTT-3.12.4-1")
    void pingreq_isAnswered(Wire wire) throws IOException {
        People.login(BROKER, wire, user).ping();
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-4.8.2-1"})
    void sharedSubscription_isAnnouncedAsMissingAndRefused(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        assertThat(client.connect(People.loginOf(client, user)).props().number(Prop.SHARED_AVAILABLE))
                .contains(0L);
        assertThat(client.subscribe("$share/g/ttm4175/other/x", 1)).isEqualTo(0x9e);
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.3.2-12"})
    void topicAlias_isAnnouncedAsMissing(Wire wire) throws IOException {
        RawMqtt client = BROKER.open(wire);
        assertThat(client.connect(People.loginOf(client, user))
                        .props()
                        .number(Prop.TOPIC_ALIAS_MAXIMUM)
                        .orElse(0L))
                .isZero();
    }
}
