package labchat.it.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import labchat.broker.event.BrokerEvent.PacketRefused;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nobody reads or writes more than the rules say, by whatever filter or topic; each refusal is answered as the version
 * demands and reported with the rule that decided.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusalIT {

    private static final String TO_TEAM2A = Chat.messageTopic("team2a");

    /** Filters that reach into team2a's tree or beyond what the rules cover. */
    private static final List<String> FORBIDDEN = List.of(
            "#",
            "+/#",
            "+/+/+/+",
            "+/+/team2a/#",
            "ttm4175/#",
            "ttm4175/chat/#",
            "ttm4175/chat/+/message",
            "ttm4175/chat/+/+",
            "ttm4175/chat/team2a/#",
            "ttm4175/chat/team2a/message",
            "ttm4175/chat/server/history",
            "$SYS/#",
            "$SYS/broker/uptime",
            "elsewhere");

    /** Filters and topics that no rule could allow. */
    private static final List<String> SPECIAL = List.of(
            "$share/g/ttm4175/chat/team2a/#",
            "$share/g/ttm4175/chat/team1a/#",
            "$share/x",
            "$share/",
            "$share/g/",
            "$SYSTEM/#",
            "ttm4175/other/#/x",
            "ttm4175/other/x#",
            "ttm4175/other/x+/y",
            "ttm4175/other" + "/x".repeat(15),
            "ttm4175/other/" + "x".repeat(257 - "ttm4175/other/".length()),
            "ttm4175/other/\u0007",
            "ttm4175/other/\ufffd");

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    @OnEveryListener
    void subscribe_beyondTheRules_isRefusedAndReadsNothing(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.receiver(wire, "team1a", 1);
        for (String filter : FORBIDDEN) {
            Packet suback = team1a.subscribe(Props.NONE, filter, 1);
            assertThat(suback.codes()).as(filter).containsExactly(wire.pick(0x80, 0x87));
            PacketRefused event = BROKER.recorder()
                    .await(
                            team1a,
                            PacketRefused.class,
                            refused -> refused.topic().equals(filter));
            assertThat(event.packet()).isEqualTo("SUBSCRIBE");
            assertThat(event.client().user()).contains("team1a");
            assertThat(event.refusal().code()).isNotBlank();
            assertThat(event.refusal().rule()).as("no rule decided").isEmpty();
            assertThat(event.refusal().reason()).contains(filter);
        }
        RawMqtt team3a = BROKER.login(wire, "team3a");
        team3a.publish(TO_TEAM2A, Chat.message("team3a", "team2a", "not for team1a"), 1);
        String fence = Chat.message("team3a", "team1a", "for team1a");
        team3a.publish(Chat.messageTopic("team1a"), fence, 1);
        assertThat(team1a.message().text()).isEqualTo(fence);
    }

    @OnEveryListener
    void subscribe_toWhatNoRuleCouldAllow_isRefusedAndHarmsNobody(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 1);
        for (String filter : SPECIAL) {
            RawMqtt team1a = BROKER.login(wire, "team1a");
            Packet suback = team1a.subscribe(Props.NONE, filter, 1);
            assertThat(suback.code()).as(filter).isGreaterThanOrEqualTo(0x80);
            if (!wire.isV5()) {
                assertThat(suback.code()).as(filter).isEqualTo(0x80);
            }
            BROKER.recorder().await(team1a, PacketRefused.class);
            team1a.unsubscribe(filter);
            team1a.ping();
        }
        RawMqtt team3a = BROKER.login(wire, "team3a");
        String payload = Chat.message("team3a", "team2a", "hei");
        team3a.publish(TO_TEAM2A, payload, 1);
        assertThat(team2a.message().text()).isEqualTo(payload);
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-1.5.3-1", "MQTT-3.8.3-1"},
            v5 = {"MQTT-1.5.4-1", "MQTT-3.8.3-1"})
    void subscribe_withBytesThatAreNoText_harmsNobodyElse(Wire wire) throws IOException {
        RawMqtt other = BROKER.receiver(wire, "team2a", 1);
        for (String bytes : List.of("ttm4175/other/\u00ff", "", "ttm4175/other/\u0000")) {
            RawMqtt team1a = BROKER.login(wire, "team1a");
            team1a.send(team1a.subscribePacket(1, Props.NONE, Bytes.latin1(bytes), 1));
            // Such a packet is malformed: a refusal or the end of this connection, both are right.
            Packet answer = firstOrNullIfClosed(team1a);
            assertThat(answer == null || answer.type() == Type.DISCONNECT || answer.code() >= 0x80)
                    .as("answer %s", answer)
                    .isTrue();
        }
        other.ping();
    }

    private static Packet firstOrNullIfClosed(RawMqtt client) {
        Awaitility.await().until(() -> client.isClosed() || !client.kept().isEmpty());
        return client.kept().isEmpty() ? null : client.kept().get(0);
    }

    @OnEveryListener
    void subscribe_mixed_answersEachFilterInOrder(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        Packet suback = team1a.subscribe(
                Props.NONE,
                Chat.ROOT + "team1a/#",
                1,
                Chat.ROOT + "team2a/#",
                1,
                Chat.ROOT + "+/presence",
                0,
                "$share/g/x",
                2,
                "ttm4175/other/#",
                2);
        assertThat(suback.codes()).hasSize(5);
        assertThat(suback.codes().get(0)).isEqualTo(1);
        assertThat(suback.codes().get(1)).isEqualTo(wire.pick(0x80, 0x87));
        assertThat(suback.codes().get(2)).isZero();
        assertThat(suback.codes().get(3)).isGreaterThanOrEqualTo(0x80);
        assertThat(suback.codes().get(4)).isEqualTo(2);

        // The granted ones work.
        RawMqtt team2a = BROKER.login(wire, "team2a");
        String payload = Chat.message("team2a", "team1a", "hei");
        team2a.publish(Chat.messageTopic("team1a"), payload, 1);
        assertThat(team1a.message().text()).isEqualTo(payload);
        team2a.publish("ttm4175/other/mixed", "x", 1);
        assertThat(team1a.message().topic()).isEqualTo("ttm4175/other/mixed");
    }

    @OnVersion5
    void subscribe_refused_saysWhy(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        Packet suback = team1a.subscribe(Props.NONE, Chat.ROOT + "team2a/#", 1);
        assertThat(suback.props().text(Prop.REASON_STRING).orElseThrow()).contains(Chat.ROOT + "team2a/#");
    }

    @OnEveryListener
    void denyLine_refusesAndIsNamedInTheReport(Wire wire) throws IOException {
        String rule = BROKER.rule("topic deny ttm4175/chat/x5/#");
        RawMqtt x6 = BROKER.login(wire, "x6");

        // A filter that only overlaps what is denied is not covered.
        for (String filter : List.of("ttm4175/chat/x5/presence", "ttm4175/chat/+/presence")) {
            assertThat(x6.subscribe(filter, 0)).as(filter).isEqualTo(wire.pick(0x80, 0x87));
        }
        assertThat(x6.subscribe("ttm4175/chat/x4/presence", 0)).isZero();
        x6.publish(Chat.messageTopic("x5"), Chat.message("x6", "x5", "hei"), 1);

        List<PacketRefused> refused = BROKER.recorder().eventsOf(x6, PacketRefused.class);
        assertThat(refused).extracting(PacketRefused::packet).containsExactly("SUBSCRIBE", "SUBSCRIBE", "PUBLISH");
        assertThat(refused)
                .allSatisfy(event ->
                        assertThat(event.refusal().rule().orElseThrow()).endsWith(rule));
        // The same right, without the line, is there.
        assertThat(BROKER.login(wire, "x4").subscribe("ttm4175/chat/x5/presence", 0))
                .isZero();
    }

    @OnEveryListener
    @Statement(
            v3 = "MQTT-3.3.5-2",
            v5 = {"MQTT-3.4.2-1", "MQTT-3.5.2-1"})
    void publish_beyondTheRules_isAcknowledgedByTheVersionsRules(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");
        staff.subscribe("ttm4175/#", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        for (String topic :
                List.of("ttm4175/elsewhere", "ttm4175/chat/team1a/presence", "ttm4175/chat/team2a/notice")) {
            for (int qos = 0; qos <= 2; qos++) {
                assertRefused(wire, team1a, Publish.to(topic, "x"), qos, List.of(0x87));
                PacketRefused event = BROKER.recorder()
                        .await(
                                team1a,
                                PacketRefused.class,
                                refused -> refused.topic().equals(topic));
                assertThat(event.packet()).isEqualTo("PUBLISH");
                assertThat(event.refusal().code()).isNotBlank();
                assertThat(event.refusal().rule()).as("no rule decided").isEmpty();
                assertThat(event.refusal().reason()).contains(topic);
            }
        }
        team1a.publish("ttm4175/other/fence", "fence", 1);
        assertThat(staff.message().text()).isEqualTo("fence");
    }

    @OnEveryListener
    void publish_inAnothersName_reachesNobody(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        for (String kind : List.of("message", "delivered", "read", "typing")) {
            String forged = Chat.payload(kind, "team3b", "team2a", Chat.freshUuid());
            for (int qos = 0; qos <= 2; qos++) {
                assertRefused(wire, team1a, Publish.to(Chat.ROOT + "team2a/" + kind, forged), qos, List.of(0x87));
            }
        }
        PacketRefused event = BROKER.recorder().await(team1a, PacketRefused.class);
        assertThat(event.refusal().reason()).contains("team3b").contains("team1a");
        assertOnlyTheNextArrives(team1a, team2a);
    }

    @OnEveryListener
    void publish_retainedChat_isRefused(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        for (int qos = 0; qos <= 2; qos++) {
            Publish retained = Publish.to(TO_TEAM2A, Chat.message("team1a", "team2a", "for ever"))
                    .retain();
            assertRefused(wire, team1a, retained, qos, List.of(0x87, 0x90, 0x99));
        }
        assertOnlyTheNextArrives(team1a, team2a);
        // Nothing was kept for a later subscriber either.
        RawMqtt later = BROKER.receiver(wire, "team2a", 2);
        assertOnlyTheNextArrives(team1a, later);
    }

    @OnEveryListener
    @Statement(v3 = "MQTT-4.7.2-1", v5 = "MQTT-4.7.2-1")
    void publish_toTopicsThatAreNone_isRefused(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");
        staff.subscribe("ttm4175/#", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        List<String> topics = List.of(
                "$SYS/broker/x",
                "$share/g/ttm4175/other/x",
                "ttm4175/other" + "/x".repeat(15),
                "ttm4175/other/" + "x".repeat(257 - "ttm4175/other/".length()),
                "ttm4175/other/\u0007",
                "ttm4175/other/\ufffd");
        for (String topic : topics) {
            for (int qos = 0; qos <= 2; qos++) {
                assertRefused(wire, team1a, Publish.to(topic, "x"), qos, List.of(0x87, 0x90));
            }
        }
        // At the limits, not beyond.
        String longest = "ttm4175/other/" + "x".repeat(256 - "ttm4175/other/".length());
        String deepest = "ttm4175/other" + "/x".repeat(14);
        for (String topic : List.of(longest, deepest)) {
            assertThat(team1a.publish(topic, "x", 1).code()).isLessThan(0x80);
            assertThat(staff.message().topic()).isEqualTo(topic);
        }
    }

    @OnEveryListener
    @Statement(
            v3 = {"MQTT-3.3.2-2", "MQTT-4.7.1-1"},
            v5 = {"MQTT-3.3.2-2", "MQTT-4.7.0-1"})
    void publish_toAMalformedTopic_isNotDeliveredAndHarmsNobodyElse(Wire wire) throws IOException {
        RawMqtt staff = BROKER.login(wire, "staff");
        staff.subscribe("ttm4175/#", 2);
        for (String bytes :
                List.of("ttm4175/other/+", "ttm4175/other/#", "ttm4175/other/\u00ff", "", "ttm4175/other/\u0000")) {
            // The specification allows to close for these; a refusal is as good.
            RawMqtt team1a = BROKER.login(wire, "team1a");
            team1a.send(Publish.to("", "x")
                    .topicBytes(Bytes.latin1(bytes))
                    .qos(1, 1)
                    .encode(wire));
            Packet answer = firstOrNullIfClosed(team1a);
            boolean refused = answer != null && answer.type() == Type.PUBACK && wire.pick(0, 0x90) == answer.code();
            assertThat(answer == null || answer.type() == Type.DISCONNECT || refused)
                    .as("answer %s", answer)
                    .isTrue();
        }
        BROKER.login(wire, "team1a").publish("ttm4175/other/fence", "fence", 1);
        assertThat(staff.message().text()).isEqualTo("fence");
    }

    @OnVersion5
    void publish_refused_saysWhy(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.login(wire, "team1a");
        Packet puback = team1a.publish("ttm4175/elsewhere", "x", 1);
        assertThat(puback.props().text(Prop.REASON_STRING).orElseThrow()).contains("ttm4175/elsewhere");
        Packet pubrec = team1a.publish(TO_TEAM2A, Chat.message("team3b", "team2a", "hei"), 2);
        assertThat(pubrec.type()).isEqualTo(Type.PUBREC);
        assertThat(pubrec.props().text(Prop.REASON_STRING).orElseThrow()).contains("team3b");
    }

    @OnVersion5
    @Statement(v5 = "MQTT-3.1.2-29")
    void publish_refusedToOneWhoWantsNoReasons_keepsThemBack(Wire wire) throws IOException {
        RawMqtt team1a = BROKER.open(wire);
        team1a.connect(TestBroker.loginOf(team1a, "team1a").props(Props.NONE.with(Prop.REQUEST_PROBLEM_INFO, 0)));
        // [MQTT-3.1.2-29]
        Packet suback = team1a.subscribe(Props.NONE, Chat.ROOT + "team2a/#", 1);
        assertThat(suback.code()).isEqualTo(0x87);
        assertThat(suback.props().all(Prop.REASON_STRING)).isEmpty();
        Packet puback = team1a.publish("ttm4175/elsewhere", "x", 1);
        assertThat(puback.code()).isEqualTo(0x87);
        assertThat(puback.props().all(Prop.REASON_STRING)).isEmpty();
    }

    @OnEveryListener
    @Statement(v5 = "MQTT-4.3.3-9")
    void publish_refusedAtQos2_freesItsId(Wire wire) throws IOException {
        RawMqtt team2a = BROKER.receiver(wire, "team2a", 2);
        RawMqtt team1a = BROKER.login(wire, "team1a");
        team1a.send(Publish.to("ttm4175/elsewhere", "x").qos(2, 9).encode(wire));
        if (wire.isV5()) {
            // A PUBREC with an error ends it: MQTT 5, section 4.3.3.
            assertThat(team1a.takeAck(Type.PUBREC, 9).code()).isEqualTo(0x87);
        } else {
            team1a.takeAck(Type.PUBREC, 9);
            team1a.send(Publish.to("ttm4175/elsewhere", "x").qos(2, 9).dup().encode(wire));
            team1a.takeAck(Type.PUBREC, 9);
            team1a.ack(Type.PUBREL, 9);
            team1a.takeAck(Type.PUBCOMP, 9);
        }
        String payload = Chat.message("team1a", "team2a", "the id again");
        team1a.send(Publish.to(TO_TEAM2A, payload).qos(2, 9).encode(wire));
        assertThat(team1a.takeAck(Type.PUBREC, 9).code()).isZero();
        team1a.ack(Type.PUBREL, 9);
        team1a.takeAck(Type.PUBCOMP, 9);
        assertThat(team2a.message().text()).isEqualTo(payload);
    }

    /** Publishes; 3.1.1 gets a normal acknowledgement, 5 one of the codes, and the connection stays. */
    static void assertRefused(Wire wire, RawMqtt client, Publish publish, int qos, List<Integer> codes)
            throws IOException {
        Packet answer = client.publish(publish, qos);
        if (qos > 0 && wire.isV5()) {
            assertThat(answer.type()).isEqualTo(qos == 1 ? Type.PUBACK : Type.PUBREC);
            assertThat(answer.code()).isIn(codes);
        } else {
            assertThat(answer.type())
                    .isEqualTo(List.of(Type.PINGRESP, Type.PUBACK, Type.PUBCOMP).get(qos));
        }
        client.ping();
    }

    /** team1a's next message reaches team2a, and nothing before it. */
    static void assertOnlyTheNextArrives(RawMqtt team1a, RawMqtt team2a) throws IOException {
        String fence = Chat.message("team1a", "team2a", "fence");
        team1a.publish(TO_TEAM2A, fence, 1);
        assertThat(team2a.message().text()).isEqualTo(fence);
    }
}
