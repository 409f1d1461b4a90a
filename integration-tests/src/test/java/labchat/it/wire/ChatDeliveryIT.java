package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import labchat.broker.event.BrokerEvent.ClientDisconnected;
import labchat.broker.event.BrokerEvent.MessagePublished;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The four kinds, from publisher to receivers. Where nothing must arrive, a message that must arrive is sent behind it:
 * one sender's messages to one receiver stay in order.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChatDeliveryIT {

    private static final String TO_TEAM2A = Chat.messageTopic("team2a");

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    /** A fresh message from team1a to team2a. */
    private static String hei() {
        return Chat.message("team1a", "team2a", "Hei!");
    }

    @OnEveryListener
    void message_everyQos_arrivesByteForByte(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        for (int qos = 0; qos <= 2; qos++) {
            // White space, order, escapes and unknown fields are the author's.
            String payload = """
                    { "uuid" : "%s", "x":[1, {"y":null}],
                      "receiver":"team2a","message":"Hei æøå 你好 🎓\\n\\u00e6", "sender":"team1a" }
                    """.formatted(Chat.freshUuid());
            Packet answer = team1a.publish(TO_TEAM2A, payload, qos);
            assertThat(answer.type())
                    .isEqualTo(List.of(Type.PINGRESP, Type.PUBACK, Type.PUBCOMP).get(qos));
            assertThat(answer.codes()).allMatch(code -> code == 0);

            Packet message = team2a.message();
            assertThat(message.topic()).isEqualTo(TO_TEAM2A);
            assertThat(message.text()).isEqualTo(payload);
            assertThat(message.qos()).isEqualTo(qos);
            assertThat(message.isRetain()).isFalse();
            assertThat(message.isDup()).isFalse();
        }
        team2a.ping();
        assertThat(team2a.kept()).as("each once").isEmpty();
    }

    @OnEveryListener
    void everyKind_arrivesAndIsReported(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        for (String kind : List.of("message", "delivered", "read", "typing")) {
            String payload = Chat.payload(kind, "team1a", "team2a", kind + "-" + wire);
            team1a.publish(Chat.ROOT + "team2a/" + kind, payload, kind.equals("typing") ? 0 : 1);
            Packet message = team2a.message();
            assertThat(message.topic()).isEqualTo(Chat.ROOT + "team2a/" + kind);
            assertThat(message.text()).isEqualTo(payload);
            MessagePublished event = BROKER.recorder()
                    .await(
                            team1a,
                            MessagePublished.class,
                            published -> published.topic().endsWith(kind));
            assertThat(event.receivers()).isOne();
            assertThat(event.chat()).hasValueSatisfying(chat -> {
                assertThat(chat.kind()).isEqualTo(kind);
                assertThat(chat.sender()).isEqualTo("team1a");
                assertThat(chat.receiver()).isEqualTo("team2a");
                assertThat(chat.uuid()).isEqualTo(kind.equals("typing") ? "" : kind + "-" + wire);
            });
        }
    }

    @OnEveryListener
    void qos_isTheLowerOfPublishedAndGranted(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        for (int granted = 0; granted <= 2; granted++) {
            try (RawMqtt team2a = BROKER.receiver(wire, "team2a", granted)) {
                for (int published = 0; published <= 2; published++) {
                    team1a.publish(TO_TEAM2A, hei(), published);
                    assertThat(team2a.message().qos())
                            .as("published %d, granted %d", published, granted)
                            .isEqualTo(Math.min(published, granted));
                }
            }
        }
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-4.6.0-6", v5 = "MQTT-4.6.0-5")
    void thousandMessages_ofMixedQos_stayInOrder(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            String payload = Chat.message("team1a", "team2a", "number " + i);
            sent.add(payload);
            int qos = i % 3;
            int id = i + 1;
            team1a.send(Publish.to(TO_TEAM2A, payload).qos(qos, id).encode(wire));
            if (qos == 2) {
                // Released at once; the answers are looked at below.
                team1a.ack(Type.PUBREL, id);
            }
        }
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            got.add(team2a.message().text());
        }
        assertThat(got).isEqualTo(sent);
        for (int i = 0; i < 1000; i++) {
            if (i % 3 != 0) {
                team1a.takeAck(i % 3 == 1 ? Type.PUBACK : Type.PUBCOMP, i + 1);
            }
        }
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-4.3.3-2", v5 = "MQTT-4.3.3-10")
    void qos2_repeatedBeforePubrel_isDeliveredOnce(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        String first = hei();
        team1a.send(Publish.to(TO_TEAM2A, first).qos(2, 7).encode(wire));
        assertThat(team1a.takeAck(Type.PUBREC, 7).code()).isZero();
        // [MQTT-4.3.3-2]: the same id before PUBREL is the same message.
        team1a.send(Publish.to(TO_TEAM2A, first).qos(2, 7).dup().encode(wire));
        assertThat(team1a.takeAck(Type.PUBREC, 7).code()).isZero();
        team1a.ack(Type.PUBREL, 7);
        assertThat(team1a.takeAck(Type.PUBCOMP, 7).code()).isZero();

        // After PUBCOMP the id is free again.
        String second = hei();
        team1a.send(Publish.to(TO_TEAM2A, second).qos(2, 7).encode(wire));
        team1a.takeAck(Type.PUBREC, 7);
        team1a.ack(Type.PUBREL, 7);
        team1a.takeAck(Type.PUBCOMP, 7);

        assertThat(team2a.message().text()).isEqualTo(first);
        assertThat(team2a.message().text()).isEqualTo(second);
    }

    @OnEveryListener
    @Statement(
            v3 = "MQTT-4.3.3-1",
            v5 = {"MQTT-4.3.3-4", "MQTT-4.3.3-5"})
    void qos2_toTheReceiver_goesStepByStep(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        BROKER.login(wire, "team1a").publish(TO_TEAM2A, hei(), 2);

        Packet message = team2a.expect(Type.PUBLISH);
        assertThat(message.qos()).isEqualTo(2);
        assertThat(message.id()).isPositive();
        team2a.ack(Type.PUBREC, message.id());
        Packet pubrel = team2a.expect(Type.PUBREL);
        assertThat(pubrel.id()).isEqualTo(message.id());
        // [MQTT-3.6.1-1]
        assertThat(pubrel.flags()).isEqualTo(2);
        team2a.ack(Type.PUBCOMP, message.id());
        team2a.ping();
        assertThat(team2a.kept()).isEmpty();
    }

    @OnEveryListener
    void pubrel_ofAnUnknownId_isAnsweredAndHarmsNobody(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        team1a.ack(Type.PUBREL, 99);
        Packet pubcomp = team1a.takeAck(Type.PUBCOMP, 99);
        assertThat(pubcomp.code()).isIn(wire.pick(List.of(0), List.of(0, 0x92)));
        for (Type stray : List.of(Type.PUBACK, Type.PUBCOMP)) {
            team1a.ack(stray, 98);
        }
        team1a.ping();
        BROKER.login(wire, "team2a").ping();
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.3.1-3", v5 = "MQTT-3.3.1-3")
    void dup_neverSeenBefore_isDeliveredWithoutTheFlag(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        String payload = hei();
        assertThat(team1a.publish(Publish.to(TO_TEAM2A, payload).dup(), 1).code())
                .isZero();
        Packet message = team2a.message();
        assertThat(message.text()).isEqualTo(payload);
        // [MQTT-3.3.1-3]: the flag of an outgoing PUBLISH is independent of the incoming one.
        assertThat(message.isDup()).isFalse();
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-3.3.5-1", v5 = "MQTT-3.3.4-2")
    void overlappingSubscriptions_deliverOnceAtTheHighestQos(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.login(wire, "team2a");
        Packet suback =
                team2a.subscribe(Props.NONE, Chat.ROOT + "team2a/#", 0, Chat.ROOT + "team2a/+", 2, TO_TEAM2A, 1);
        assertThat(suback.codes()).containsExactly(0, 2, 1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        List<String> sent = List.of(hei(), hei());
        for (String payload : sent) {
            team1a.publish(TO_TEAM2A, payload, 2);
        }
        for (String payload : sent) {
            Packet message = team2a.message();
            assertThat(message.text()).isEqualTo(payload);
            assertThat(message.qos()).isEqualTo(2);
        }
        team2a.ping();
        assertThat(team2a.kept()).isEmpty();
    }

    @OnEveryListener
    void subscription_repeated_replacesTheFirst(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        assertThat(team2a.subscribe(Chat.ROOT + "team2a/#", 0)).isZero();
        RawMqtt team1a = BROKER.login(wire, "team1a");
        team1a.publish(TO_TEAM2A, hei(), 1);
        assertThat(team2a.message().qos()).isZero();
        team2a.ping();
        assertThat(team2a.kept()).isEmpty();
    }

    @OnEveryListener
    void wildcard_ofStaff_getsEverything(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");
        assertThat(staff.subscribe("ttm4175/#", 1)).isEqualTo(1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        RawMqtt team2a = BROKER.login(wire, "team2a");
        for (RawMqtt sender : List.of(team1a, team2a)) {
            String from = sender == team1a ? "team1a" : "team2a";
            for (String kind : List.of("message", "delivered", "read", "typing")) {
                String payload = Chat.payload(kind, from, "x1", from + kind + wire);
                sender.publish(Chat.ROOT + "x1/" + kind, payload, 1);
                Packet seen = staff.message();
                assertThat(seen.topic()).isEqualTo(Chat.ROOT + "x1/" + kind);
                assertThat(seen.text()).isEqualTo(payload);
            }
        }
    }

    @OnEveryListener
    void unsubscribe_stopsDelivery(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.login(wire, "team2a");
        team2a.subscribe(Props.NONE, TO_TEAM2A, 1, Chat.ROOT + "team2a/typing", 0);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        team1a.publish(TO_TEAM2A, hei(), 1);
        team2a.message();

        Packet unsuback = team2a.unsubscribe(TO_TEAM2A, "never/subscribed");
        // 3.1.1 has no codes here; 5 says which were subscribed.
        assertThat(unsuback.codes()).isEqualTo(wire.pick(List.of(), List.of(0, 0x11)));
        team1a.publish(TO_TEAM2A, hei(), 1);
        team1a.publish(Chat.ROOT + "team2a/typing", Chat.typing("team1a", "team2a"), 0);
        assertThat(team2a.message().topic()).endsWith("/typing");
    }

    @OnEveryListener
    void severalConnections_ofOneUser_allGetTheMessage(Wire wire) throws IOException {
        List<RawMqtt> all = new ArrayList<>();
        for (Wire each : Wire.values()) {
            all.add(BROKER.receiver(each, "team2a", 1));
        }
        RawMqtt team1a = BROKER.login(wire, "team1a");
        String payload = hei();
        team1a.publish(TO_TEAM2A, payload, 1);
        for (RawMqtt team2a : all) {
            assertThat(team2a.message().text()).isEqualTo(payload);
        }
        assertThat(BROKER.recorder().await(team1a, MessagePublished.class).receivers())
                .isEqualTo(all.size());
    }

    @OnEveryListener
    void noReceiver_isNoError(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        for (int qos = 1; qos <= 2; qos++) {
            // MQTT 5 may say that nobody was there (0x10).
            assertThat(team1a.publish(Chat.messageTopic("x3"), Chat.message("team1a", "x3", "hei"), qos)
                            .code())
                    .isLessThan(0x80);
        }
    }

    @OnEveryListener
    void receiverThatIsGone_disturbsNobody(Wire wire) throws IOException {
        RawMqtt gone = BROKER.receiver(wire, "team2a", 1);
        RawMqtt stays = BROKER.receiver(wire, "team2a", 1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        for (int i = 0; i < 50; i++) {
            if (i == 10) {
                gone.close();
            }
            assertThat(team1a.publish(TO_TEAM2A, hei(), 1).code()).isZero();
            stays.message();
        }
        BROKER.recorder().await(gone, ClientDisconnected.class);
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-2.3.1-4", v5 = "MQTT-2.2.1-4")
    void packetIds_inFlight_areNeverZeroAndUnique(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sent.add(hei());
            team1a.publish(TO_TEAM2A, sent.get(i), 1 + i % 2);
        }
        // Nothing was acknowledged yet: whatever the broker's window is, all ids in it differ.
        Packet first = team2a.take(Type.PUBLISH);
        team2a.ping();
        List<Packet> unacknowledged = new ArrayList<>(List.of(first));
        team2a.kept().stream().filter(packet -> packet.type() == Type.PUBLISH).forEach(unacknowledged::add);
        Set<Integer> ids = new HashSet<>();
        unacknowledged.forEach(packet -> ids.add(packet.id()));
        assertThat(ids).hasSameSizeAs(unacknowledged).doesNotContain(0);

        List<String> got = new ArrayList<>(List.of(first.text()));
        team2a.acknowledge(first);
        while (got.size() < sent.size()) {
            got.add(team2a.message().text());
        }
        assertThat(got).isEqualTo(sent);
    }

    @OnVersion5
    @Statement(v5 = "MQTT-3.3.4-9")
    void receiveMaximum_isHonoured(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.open(wire);
        team2a.connect(TestBroker.loginOf(team2a, "team2a").props(Props.NONE.with(Prop.RECEIVE_MAXIMUM, 2)));
        team2a.subscribe(Chat.ROOT + "team2a/#", 2);
        RawMqtt witness = BROKER.receiver(wire, "team2a", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        List<String> sent = IntStream.range(0, 6).mapToObj(i -> hei()).toList();
        for (int i = 0; i < sent.size(); i++) {
            team1a.publish(TO_TEAM2A, sent.get(i), 1 + i % 2);
        }
        sent.forEach(payload -> assertThat(take(witness).text()).isEqualTo(payload));

        for (int i = 0; i < sent.size(); i++) {
            team2a.ping();
            List<Packet> open = team2a.kept();
            assertThat(open).as("unacknowledged").hasSizeLessThanOrEqualTo(2);
            Packet message = team2a.message();
            assertThat(message.text()).isEqualTo(sent.get(i));
        }
    }

    private static Packet take(RawMqtt client) {
        try {
            return client.message();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @OnVersion5
    void noLocal_keepsOnesOwnMessagesBack(Wire wire) throws IOException {
        RawMqtt quiet = BROKER.login(wire, "team2a");
        // Options: QoS 1, no local (MQTT 5, section 3.8.3.1).
        assertThat(quiet.subscribe(Chat.ROOT + "team2a/#", 1 | 4)).isEqualTo(1);
        RawMqtt loud = BROKER.receiver(wire, "team2a", 1);
        String own = Chat.message("team2a", "team2a", "note to myself");
        quiet.publish(TO_TEAM2A, own, 1);
        assertThat(loud.message().text()).isEqualTo(own);

        String other = hei();
        BROKER.login(wire, "team1a").publish(TO_TEAM2A, other, 1);
        assertThat(quiet.message().text()).isEqualTo(other);
    }

    @OnVersion5
    void subscriptionIdentifiers_nameEverySubscriptionThatMatched(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.login(wire, "team2a");
        team2a.subscribe(Props.NONE.with(Prop.SUBSCRIPTION_ID, 5), Chat.ROOT + "team2a/#", 1);
        team2a.subscribe(Props.NONE.with(Prop.SUBSCRIPTION_ID, 300), TO_TEAM2A, 1);
        team2a.subscribe(Props.NONE.with(Prop.SUBSCRIPTION_ID, 7), Chat.ROOT + "team2a/typing", 1);
        BROKER.login(wire, "team1a").publish(TO_TEAM2A, hei(), 1);
        // [MQTT-3.3.4-4]: in any order.
        assertThat(team2a.message().props().all(Prop.SUBSCRIPTION_ID)).containsExactlyInAnyOrder(5L, 300L);
    }

    @OnVersion5
    void properties_ofAPublish_areCarriedOver(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        Props props = Props.NONE
                .with(Prop.PAYLOAD_FORMAT, 1)
                .with(Prop.CONTENT_TYPE, "application/json")
                .with(Prop.RESPONSE_TOPIC, "ttm4175/chat/team1a/message")
                .with(Prop.CORRELATION_DATA, "\u0000\u0001\u00ff")
                .withUser("b", "1")
                .withUser("a", "2")
                .withUser("b", "3");
        BROKER.login(wire, "team1a").publish(Publish.to(TO_TEAM2A, hei()).props(props), 1);
        Props got = team2a.message().props();
        assertThat(got.entries()).containsExactlyInAnyOrderElementsOf(props.entries());
        // [MQTT-3.3.2-18]
        assertThat(got.all(Prop.USER_PROPERTY)).isEqualTo(props.all(Prop.USER_PROPERTY));
    }

    @OnVersion5
    void messageExpiry_isPassedOnLessTheTimeItWaited(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        BROKER.login(wire, "team1a")
                .publish(Publish.to(TO_TEAM2A, hei()).props(Props.NONE.with(Prop.MESSAGE_EXPIRY, 100)), 1);
        // [MQTT-3.3.2-6]
        assertThat(team2a.message().props().number(Prop.MESSAGE_EXPIRY).orElseThrow())
                .isBetween(80L, 100L);
    }

    @OnEveryListener
    void properties_reachNobodyWithoutProperties(Wire wire) throws IOException {
        Wire five = wire.isWebSocket() ? Wire.WS_V5 : Wire.TCP_V5;
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        String payload = hei();
        BROKER.login(five, "team1a").publish(Publish.to(TO_TEAM2A, payload).props(Props.NONE.withUser("k", "v")), 1);
        assertThat(team2a.message().text()).isEqualTo(payload);
    }

    @OnVersion5
    void maximumPacketSize_ofAReceiver_isNeverExceeded(Wire wire) throws IOException {
        RawMqtt small = BROKER.open(wire);
        small.connect(TestBroker.loginOf(small, "team2a").props(Props.NONE.with(Prop.MAXIMUM_PACKET_SIZE, 200)));
        small.subscribe(Chat.ROOT + "team2a/#", 1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        // [MQTT-3.1.2-25]: what does not fit is as good as delivered.
        team1a.publish(TO_TEAM2A, Chat.message("team1a", "team2a", "x".repeat(200)), 1);
        String fits = hei();
        team1a.publish(TO_TEAM2A, fits, 1);
        assertThat(small.message().text()).isEqualTo(fits);
    }

    @OnEveryListener
    void fourThousandCharacters_arriveInOnePieceHoweverTheyWereSent(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        String payload = Chat.message("team1a", "team2a", "🎓".repeat(4096));
        team1a.sendInPieces(
                Publish.to(TO_TEAM2A, "")
                        .payloadBytes(Bytes.utf8(payload))
                        .qos(1, 1)
                        .encode(wire),
                5);
        assertThat(team1a.takeAck(Type.PUBACK, 1).code()).isZero();
        assertThat(team2a.message().text()).isEqualTo(payload);
    }
}
