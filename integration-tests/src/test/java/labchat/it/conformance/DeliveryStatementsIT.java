package labchat.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From one client to another, in the chat and beside it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeliveryStatementsIT {

    private static final int NO_LOCAL = 4;

    @RegisterExtension
    static final TestBroker BROKER = People.broker();

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-4.3.1-1", "MQTT-3.3.1-2", "MQTT-2.3.1-5"},
            v5 = {"MQTT-4.3.1-1", "MQTT-3.3.1-2", "MQTT-2.2.1-2"})
    void qos0_hasNoDupAndNoPacketId(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 0);
            way.writes(wire).publish(way.says("one"), 1);
            Packet message = reader.message();
            // The payload is whole, so nothing stands between topic and payload.
            assertThat(way.textOf(message)).isEqualTo("one");
            assertThat(message.qos()).isZero();
            assertThat(message.isDup()).isFalse();
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.8.4-6", "MQTT-4.3.2-1", "MQTT-4.3.3-1"},
            v5 = {"MQTT-3.8.4-8", "MQTT-4.3.2-2", "MQTT-4.3.3-2"})
    void qos_isTheLowerOfBoth(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            for (int granted = 0; granted <= 2; granted++) {
                RawMqtt reader = way.reads(wire, granted);
                RawMqtt writer = way.writes(wire);
                for (int published = 0; published <= 2; published++) {
                    writer.publish(way.says("one"), published);
                    Packet message = reader.message();
                    assertThat(message.qos()).isEqualTo(Math.min(granted, published));
                    assertThat(message.isDup()).isFalse();
                }
                reader.ping();
                reader.disconnect();
            }
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-4.3.2-2", "MQTT-2.3.1-6"},
            v5 = {"MQTT-4.3.2-4", "MQTT-4.3.2-5", "MQTT-2.2.1-5"})
    void packetIdOfQos1_afterPuback_isANewMessages(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 1);
            RawMqtt writer = way.writes(wire);
            writer.send(way.says("one").qos(1, 7).encode(wire));
            writer.takeAck(Type.PUBACK, 7);
            writer.send(way.says("two").qos(1, 7).dup().encode(wire));
            writer.takeAck(Type.PUBACK, 7);
            assertThat(way.textOf(reader.message())).isEqualTo("one");
            Packet two = reader.message();
            assertThat(way.textOf(two)).isEqualTo("two");
            assertThat(two.isDup()).isFalse();
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-4.3.3-2", "MQTT-2.3.1-6"},
            v5 = {"MQTT-4.3.3-8", "MQTT-4.3.3-10", "MQTT-4.3.3-11", "MQTT-4.3.3-12", "MQTT-2.2.1-5"})
    void packetIdOfQos2_isTheSameMessagesUntilPubcomp(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 1);
            RawMqtt writer = way.writes(wire);
            writer.send(way.says("one").qos(2, 9).encode(wire));
            writer.takeAck(Type.PUBREC, 9);
            writer.send(way.says("repeated").qos(2, 9).dup().encode(wire));
            writer.takeAck(Type.PUBREC, 9);
            writer.ack(Type.PUBREL, 9);
            writer.takeAck(Type.PUBCOMP, 9);
            writer.send(way.says("two").qos(2, 9).encode(wire));
            writer.takeAck(Type.PUBREC, 9);
            writer.ack(Type.PUBREL, 9);
            writer.takeAck(Type.PUBCOMP, 9);
            assertThat(way.textOf(reader.message())).isEqualTo("one");
            assertThat(way.textOf(reader.message())).isEqualTo("two");
        }
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-4.4.0-2", "MQTT-4.3.3-4"})
    void pubrecThatRefuses_endsTheExchange(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 2);
            RawMqtt writer = way.writes(wire);
            writer.publish(way.says("unwanted"), 2);
            Packet unwanted = reader.take(Type.PUBLISH);
            reader.send(new PacketWriter().u16(unwanted.id()).u8(0x80).asPacket(Type.PUBREC, 0));
            writer.publish(way.says("wanted"), 2);
            assertThat(way.textOf(reader.message())).isEqualTo("wanted");
            assertThat(reader.kept()).isEmpty();
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.10.4-1", "MQTT-3.10.4-2", "MQTT-3.10.4-3"},
            v5 = {"MQTT-3.10.4-1", "MQTT-3.10.4-2", "MQTT-3.10.4-3"})
    void unsubscribe_endsDeliveryButNotWhatIsUnderWay(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 2);
            RawMqtt writer = way.writes(wire);
            writer.publish(way.says("under way"), 2);
            Packet underWay = reader.take(Type.PUBLISH);
            reader.unsubscribe(way.topic());
            writer.publish(way.says("too late"), 0);
            reader.ack(Type.PUBREC, underWay.id());
            reader.takeAck(Type.PUBREL, underWay.id());
            reader.ack(Type.PUBCOMP, underWay.id());
            reader.ping();
            assertThat(reader.kept()).isEmpty();
        }
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.3.4-9", "MQTT-3.3.4-10", "MQTT-4.9.0-1", "MQTT-4.9.0-2", "MQTT-4.9.0-3"})
    void receiveMaximum_boundsWhatIsUnderWayAndNothingElse(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = BROKER.open(wire);
            reader.connect(People.loginOf(reader, way.reader()).props(Props.NONE.with(Prop.RECEIVE_MAXIMUM, 2)));
            way.subscribe(reader, 1);
            RawMqtt witness = way.reads(wire, 0);
            RawMqtt writer = way.writes(wire);
            for (int i = 0; i < 6; i++) {
                writer.publish(way.says("m" + i), 1);
                witness.message();
            }
            for (int i = 0; i < 6; i++) {
                reader.ping();
                assertThat(reader.kept()).hasSizeBetween(1, 2);
                assertThat(way.textOf(reader.message())).isEqualTo("m" + i);
            }
        }
    }

    @OnVersion5
    @Statement(v5 = "MQTT-3.8.3-3")
    void noLocal_keepsOnesOwnPublishesBack(Wire wire) throws IOException {
        for (Way way : Way.bothToOneself(BROKER)) {
            RawMqtt quiet = way.reads(wire, 1 | NO_LOCAL);
            RawMqtt witness = way.reads(wire, 1);
            quiet.publish(way.says("own"), 1);
            assertThat(way.textOf(witness.message())).isEqualTo("own");
            way.expectNothingButAFence(quiet, wire);
        }
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.3.5-1", v5 = "MQTT-3.3.4-2")
    void overlappingSubscriptions_bringOneAtTheHighestQos(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 0);
            reader.subscribe(way.wildcard(), 2);
            way.writes(wire).publish(way.says("one"), 2);
            assertThat(reader.message().qos()).isEqualTo(2);
            way.expectNothingButAFence(reader, wire);
        }
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.8.4-3", v5 = "MQTT-3.8.4-3")
    void subscriptionRepeated_takesTheFirstOnesPlace(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 2);
            way.subscribe(reader, 0);
            way.writes(wire).publish(way.says("one"), 2);
            assertThat(reader.message().qos()).isZero();
            way.expectNothingButAFence(reader, wire);
        }
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.3.4-3", "MQTT-3.3.4-4"})
    void subscriptionIdentifiers_areThoseOfAllThatMatch(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = People.login(BROKER, wire, way.reader());
            reader.subscribe(Props.NONE.with(Prop.SUBSCRIPTION_ID, 5), way.topic(), 1);
            reader.subscribe(Props.NONE.with(Prop.SUBSCRIPTION_ID, 268_435_455), way.wildcard(), 1);
            way.writes(wire).publish(way.says("one"), 1);
            assertThat(reader.message().props().all(Prop.SUBSCRIPTION_ID)).containsExactlyInAnyOrder(5L, 268_435_455L);
            // Replaced by one that has none.
            reader.subscribe(way.wildcard(), 1);
            way.writes(wire).publish(way.says("two"), 1);
            assertThat(reader.message().props().all(Prop.SUBSCRIPTION_ID)).containsExactly(5L);
        }
    }

    @OnVersion5
    @Statement(
            v5 = {
                "MQTT-3.3.2-4",
                "MQTT-3.3.2-15",
                "MQTT-3.3.2-16",
                "MQTT-3.3.2-17",
                "MQTT-3.3.2-18",
                "MQTT-3.3.2-20",
                "MQTT-3.3.2-6"
            })
    void properties_arriveAsTheyWereSent(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 1);
            Props props = Props.NONE
                    .with(Prop.PAYLOAD_FORMAT, 1)
                    .with(Prop.CONTENT_TYPE, "text/plain")
                    .with(Prop.RESPONSE_TOPIC, "ttm4175/other/answers")
                    .with(Prop.CORRELATION_DATA, "\u0000\u00ff")
                    .withUser("b", "1")
                    .withUser("a", "2")
                    .withUser("b", "3");
            way.writes(wire).publish(way.says("one").props(props.with(Prop.MESSAGE_EXPIRY, 1_000)), 1);
            Props got = reader.message().props();
            assertThat(got.entries()).containsAll(props.entries());
            assertThat(got.all(Prop.USER_PROPERTY)).isEqualTo(props.all(Prop.USER_PROPERTY));
            assertThat(got.number(Prop.MESSAGE_EXPIRY).orElseThrow()).isBetween(1L, 1_000L);
        }
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.1.2-24", "MQTT-3.1.2-25"})
    void maximumPacketSize_isNeverExceeded(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt small = BROKER.open(wire);
            small.connect(People.loginOf(small, way.reader()).props(Props.NONE.with(Prop.MAXIMUM_PACKET_SIZE, 300)));
            way.subscribe(small, 1);
            RawMqtt writer = way.writes(wire);
            writer.publish(way.says("x".repeat(300)), 1);
            writer.publish(way.says("short"), 1);
            assertThat(way.textOf(small.message())).isEqualTo("short");
        }
    }

    @OnVersion5
    @Statement(v5 = {"MQTT-3.1.2-26", "MQTT-3.1.2-27", "MQTT-3.3.2-11"})
    void topicAlias_isNeverSent(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = BROKER.open(wire);
            reader.connect(People.loginOf(reader, way.reader()).props(Props.NONE.with(Prop.TOPIC_ALIAS_MAXIMUM, 10)));
            way.subscribe(reader, 1);
            RawMqtt writer = way.writes(wire);
            for (int i = 0; i < 3; i++) {
                writer.publish(way.says("m" + i), 1);
                Packet message = reader.message();
                assertThat(message.topic()).isEqualTo(way.topic());
                assertThat(message.props().number(Prop.TOPIC_ALIAS)).isEmpty();
            }
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT-2.3.1-4"},
            v5 = {"MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT-2.2.1-4", "MQTT-4.3.2-1", "MQTT-4.3.3-1"})
    void publishesOfOneClient_stayInOrderUnderIdsOfTheirOwn(Wire wire) throws IOException {
        for (Way way : Way.both(BROKER)) {
            RawMqtt reader = way.reads(wire, 2);
            RawMqtt writer = way.writes(wire);
            List<String> sent = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
            for (String text : sent) {
                writer.send(way.says(text).qos(1, writer.nextId()).encode(wire));
            }
            List<Packet> got = new ArrayList<>();
            while (got.size() < sent.size()) {
                got.add(reader.take(Type.PUBLISH));
            }
            assertThat(got).extracting(way::textOf).isEqualTo(sent);
            assertThat(got).extracting(Packet::id).doesNotHaveDuplicates().doesNotContain(0);
            for (Packet message : got) {
                reader.acknowledge(message);
            }
            reader.ping();
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-4"},
            v5 = {"MQTT-3.3.2-3", "MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT-4.7.3-4"})
    void filters_matchWholeLevelsCharacterByCharacter(Wire wire) throws IOException {
        Way way = Way.other(BROKER);
        String root = "ttm4175/other/" + way.reader();
        RawMqtt reader = People.login(BROKER, wire, way.reader());
        RawMqtt writer = way.writes(wire);
        List<String> topics = List.of(
                root, root + "/", root + "/a", root + "/A", root + "/a/b", root + "//b", root + "/\ufeffa", root + "x");
        assertMatches(reader, writer, topics, root + "/#", topics.subList(0, 7));
        assertMatches(
                reader, writer, topics, root + "/+", List.of(root + "/", root + "/a", root + "/A", root + "/\ufeffa"));
        assertMatches(reader, writer, topics, root + "/+/b", List.of(root + "/a/b", root + "//b"));
        assertMatches(reader, writer, topics, root + "/a", List.of(root + "/a"));
        for (String none : List.of(root + "/a#", root + "/a+", root + "/#/b", root + "/+b/c")) {
            assertThat(reader.subscribe(none, 0)).isEqualTo(wire.pick(0x80, 0x8f));
        }
    }

    private static void assertMatches(
            RawMqtt reader, RawMqtt writer, List<String> topics, String filter, List<String> expected)
            throws IOException {
        reader.subscribe(filter, 0);
        for (String topic : topics) {
            writer.publish(topic, "x", 1);
        }
        for (String topic : expected) {
            assertThat(reader.message().topic()).isEqualTo(topic);
        }
        reader.unsubscribe(filter);
        reader.ping();
        assertThat(reader.kept()).isEmpty();
    }
}
