package labchat.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.it.support.Connect;
import labchat.it.support.OnEveryListener;
import labchat.it.support.OnVersion5;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.PacketWriter;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.RawMqtt;
import labchat.it.support.Statement;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What outlives a connection: sessions, what was under way, and Wills. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionStatementsIT {

    @RegisterExtension
    static final TestBroker BROKER = People.broker();

    private static Connect durable(RawMqtt client, String user, String clientId, long seconds) {
        Connect connect = People.loginOf(client, user).clientId(clientId).persistent();
        return client.wire().isV5() ? connect.props(Props.NONE.with(Prop.SESSION_EXPIRY, seconds)) : connect;
    }

    private static RawMqtt connected(Wire wire, String user, boolean present) throws IOException {
        RawMqtt client = BROKER.open(wire);
        Packet connack = client.connect(durable(client, user, "of-" + user, 600));
        assertThat(connack.code()).isZero();
        assertThat(connack.sessionPresent()).isEqualTo(present);
        return client;
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-4.4.0-1", "MQTT-3.3.1-1", "MQTT-4.6.0-1", "MQTT-3.1.2-4", "MQTT-4.1.0-1"},
            v5 = {"MQTT-4.4.0-1", "MQTT-3.3.1-1", "MQTT-3.1.2-5", "MQTT-4.3.2-3", "MQTT-4.3.3-3"})
    void unacknowledged_comesAgainInItsOrderWithItsIdAndDup(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = connected(wire, way.reader(), false);
            way.subscribe(reader, 2);
            RawMqtt writer = way.writes(wire);
            for (int i = 1; i <= 4; i++) {
                writer.publish(way.says("m" + i), 1 + i % 2);
            }
            List<Packet> first = List.of(
                    reader.take(Type.PUBLISH),
                    reader.take(Type.PUBLISH),
                    reader.take(Type.PUBLISH),
                    reader.take(Type.PUBLISH));
            reader.close();

            RawMqtt again = connected(wire, way.reader(), true);
            for (Packet packet : first) {
                Packet repeated = again.take(Type.PUBLISH);
                assertThat(repeated.isDup()).isTrue();
                assertThat(repeated.id()).isEqualTo(packet.id());
                assertThat(repeated.qos()).isEqualTo(packet.qos());
                assertThat(repeated.text()).isEqualTo(packet.text());
                again.acknowledge(repeated);
            }
            way.expectNothingButAFence(again, wire);
            again.ping();
            again.disconnect();
            connected(wire, way.reader(), true).disconnect();
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-4.4.0-1", "MQTT-4.3.3-1"},
            v5 = {"MQTT-4.4.0-1", "MQTT-4.3.3-5", "MQTT-4.3.3-6"})
    void released_comesAgainAsPubrelOnly(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = connected(wire, way.reader(), false);
            way.subscribe(reader, 2);
            way.writes(wire).publish(way.says("one"), 2);
            int id = reader.take(Type.PUBLISH).id();
            reader.ack(Type.PUBREC, id);
            reader.takeAck(Type.PUBREL, id);
            reader.close();
            RawMqtt again = connected(wire, way.reader(), true);
            again.takeAck(Type.PUBREL, id);
            again.ack(Type.PUBCOMP, id);
            way.expectNothingButAFence(again, wire);
            again.ping();
            again.disconnect();
            connected(wire, way.reader(), true).disconnect();
        }
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-4.3.3-2", v5 = "MQTT-4.3.3-10")
    void receivedAtQos2_isKnownOnTheNextConnection(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 1);
            RawMqtt writer = connected(wire, way.writer(), false);
            writer.send(way.says("one").qos(2, 7).encode(wire));
            writer.takeAck(Type.PUBREC, 7);
            writer.close();
            RawMqtt again = connected(wire, way.writer(), true);
            again.send(way.says("repeated").qos(2, 7).dup().encode(wire));
            again.takeAck(Type.PUBREC, 7);
            again.ack(Type.PUBREL, 7);
            again.takeAck(Type.PUBCOMP, 7);
            assertThat(way.textOf(reader.message())).isEqualTo("one");
            way.expectNothingButAFence(reader, wire);
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.1.2-6", "MQTT-3.2.2-1"},
            v5 = {"MQTT-3.1.2-4", "MQTT-3.2.2-2", "MQTT-3.1.4-4"})
    void cleanStart_forgetsWhatWasThere(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = BROKER.open(wire);
            String id = "again-" + way.isChat() + way.reader();
            reader.connect(durable(reader, way.reader(), id, 600));
            way.subscribe(reader, 1);
            reader.disconnect();
            reader.expectClosed();
            RawMqtt clean = BROKER.open(wire);
            assertThat(clean.connect(People.loginOf(clean, way.reader()).clientId(id))
                            .sessionPresent())
                    .isFalse();
            RawMqtt witness = way.reads(wire, 0);
            way.writes(wire).publish(way.says("one"), 0);
            witness.message();
            clean.ping();
            assertThat(clean.kept()).isEmpty();
        }
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-4.1.0-2", "MQTT-3.1.2-6", "MQTT-3.2.2-3"})
    void session_isForgottenWhenItsTimeIsOver(Wire wire) throws IOException {
        String user = People.fresh();
        RawMqtt client = BROKER.open(wire);
        client.connect(durable(client, user, client.name(), 1));
        client.close();
        ClientDisconnected left = BROKER.recorder().await(client, ClientDisconnected.class);
        Awaitility.await().until(() -> Instant.now().isAfter(left.time().plusSeconds(2)));
        RawMqtt again = BROKER.open(wire);
        assertThat(again.connect(durable(again, user, client.name(), 1)).sessionPresent())
                .isFalse();
    }

    private static RawMqtt withWill(Wire wire, Way way, String text, int qos, boolean retain, Props will, long expiry)
            throws IOException {
        RawMqtt client = BROKER.open(wire);
        Connect connect = People.loginOf(client, way.writer());
        if (wire.isV5()) {
            connect.props(Props.NONE.with(Prop.SESSION_EXPIRY, expiry)).willProps(will);
        }
        assertThat(client.connect(connect.will(way.topic(), way.payload(text), qos, retain))
                        .code())
                .isZero();
        return client;
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.1.2-8", "MQTT-3.1.2-9", "MQTT-3.1.2-10", "MQTT-3.14.4-3"},
            v5 = {"MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT-3.1.2-9", "MQTT-3.1.2-10", "MQTT-3.14.4-3"})
    void will_isPublishedOnceUnlessTheClientSaysGoodbye(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 2);
            for (int qos = 0; qos <= 2; qos++) {
                withWill(wire, way, "gone " + qos, qos, false, Props.NONE, 0).close();
                Packet will = reader.message();
                assertThat(way.textOf(will)).isEqualTo("gone " + qos);
                assertThat(will.qos()).isEqualTo(qos);
            }
            RawMqtt polite = withWill(wire, way, "unheard", 1, false, Props.NONE, 0);
            polite.disconnect();
            BROKER.recorder().await(polite, ClientDisconnected.class);
            way.expectNothingButAFence(reader, wire);
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.1.2-16", "MQTT-3.1.2-17"},
            v5 = {"MQTT-3.1.2-14", "MQTT-3.1.2-15"})
    void will_isRetainedIfItsFlagSaysSo(Wire wire) throws IOException {
        Way way = Way.other(BROKER);
        RawMqtt reader = way.reads(wire, 1);
        withWill(wire, way, "kept", 1, true, Props.NONE, 0).close();
        assertThat(reader.message().isRetain()).isFalse();
        withWill(wire, way, "passing", 1, false, Props.NONE, 0).close();
        assertThat(reader.message().text()).isEqualTo("passing");
        Packet kept = way.reads(wire, 1).message();
        assertThat(kept.text()).isEqualTo("kept");
        assertThat(kept.isRetain()).isTrue();
    }

    @OnVersion5
    @Statement(v5 = "MQTT-3.1.3-9")
    void willWithDelay_ofASessionThatIsTakenUpAgain_isNotPublished(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 1);
            Props delay = Props.NONE.with(Prop.WILL_DELAY, 1_000);
            RawMqtt client = withWill(wire, way, "unheard", 1, false, delay, 2_000);
            client.close();
            BROKER.recorder().await(client, ClientDisconnected.class);
            RawMqtt again = BROKER.open(wire);
            assertThat(again.connect(durable(again, way.writer(), client.name(), 0))
                            .sessionPresent())
                    .isTrue();
            again.disconnect();
            again.expectClosed();
            way.expectNothingButAFence(reader, wire);
        }
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.1.2-8", "MQTT-3.1.3-10"})
    void willWithDelay_isPublishedAfterItOrAtTheSessionsEnd(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 1);
            Props delay = Props.NONE.withUser("b", "1").withUser("a", "2");
            withWill(wire, way, "after its delay", 1, false, delay.with(Prop.WILL_DELAY, 1), 1_000)
                    .close();
            Packet will = reader.message();
            assertThat(way.textOf(will)).isEqualTo("after its delay");
            assertThat(will.props().entries()).isEqualTo(delay.entries());
            withWill(wire, way, "after the session", 1, false, delay.with(Prop.WILL_DELAY, 1_000), 1)
                    .close();
            assertThat(way.textOf(reader.message())).isEqualTo("after the session");

            RawMqtt client =
                    withWill(wire, way, "at a clean start", 1, false, delay.with(Prop.WILL_DELAY, 1_000), 1_000);
            client.close();
            BROKER.recorder().await(client, ClientDisconnected.class);
            RawMqtt clean = BROKER.open(wire);
            clean.connect(People.loginOf(clean, way.writer()).clientId(client.name()));
            assertThat(way.textOf(reader.message())).isEqualTo("at a clean start");
        }
    }

    @OnVersion5
    @Statement(v5 = "MQTT-3.1.2-8")
    void disconnectThatAsksForTheWill_getsIt(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 1);
            RawMqtt client = withWill(wire, way, "goodbye", 1, false, Props.NONE, 0);
            client.send(new PacketWriter().u8(0x04).asPacket(Type.DISCONNECT, 0));
            assertThat(way.textOf(reader.message())).isEqualTo("goodbye");
        }
    }
}
