package labchat.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclSubject;
import labchat.broker.config.AclSubscribe;
import labchat.it.support.BareMoquette;
import labchat.it.support.Chat;
import labchat.it.support.OnEveryListener;
import labchat.it.support.OnVersion5;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.Wire;
import labchat.protocol.topic.TopicFilter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nobody may read or write, Moquette lets through by side doors. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RightsIT {

    private static final String SECRET = "ttm4175/other/secret";
    private static final String OPEN = "ttm4175/other/open";
    private static final AtomicBoolean REVOKED = new AtomicBoolean();

    /** Every SUBSCRIBE is granted; {@link #SECRET} is read by nobody; once revoked, team2a reads {@link #OPEN} only. */
    @RegisterExtension
    static final TestBroker BROKER =
            TestBroker.ofTheClass().aclSubscribe(AclSubscribe.MOSQUITTO).policy(RightsIT::revocable);

    @RegisterExtension
    static final TestBroker STRICT = TestBroker.ofTheClass();

    @BeforeEach
    void restoreRights() {
        REVOKED.set(false);
    }

    private static AclPolicy revocable(AclPolicy rules) {
        return new AclPolicy() {
            @Override
            public AclDecision publish(AclSubject subject, String topic) {
                return rules.publish(subject, topic);
            }

            @Override
            public AclDecision read(AclSubject subject, String topic) {
                boolean lost = REVOKED.get() && subject.user().equals(Optional.of("team2a")) && !topic.equals(OPEN);
                return lost || topic.equals(SECRET)
                        ? new AclDecision.Denied(Optional.empty(), "not any more")
                        : rules.read(subject, topic);
            }

            @Override
            public AclDecision subscribe(AclSubject subject, TopicFilter filter) {
                return rules.subscribe(subject, filter);
            }

            @Override
            public long epoch() {
                return rules.epoch() + (REVOKED.get() ? 1 : 0);
            }
        };
    }

    @Tag("engine")
    @Test
    void bare_sharedSubscriptionThatWasRefused_isServed() throws IOException {
        try (BareMoquette bare = BareMoquette.create()
                .policy(BareMoquette.allowing(topic -> true, topic -> !topic.contains("foreign")))
                .start()) {
            RawMqtt thief = bare.login(Wire.TCP_V5, "thief", "thief");
            assertThat(thief.subscribe("$share/g/foreign/#", 0)).isGreaterThanOrEqualTo(0x80);
            bare.login(Wire.TCP_V5, "victim", "victim").publish("foreign/letter", "private", 1);
            assertThat(thief.message().text()).isEqualTo("private");
        }
    }

    @OnEveryListener
    void guarded_sharedSubscription_isRefusedAndNotServed(Wire wire) throws IOException {
        RawMqtt thief = BROKER.receiver(wire, "team1a", 1);
        assertThat(thief.subscribe("$share/g/ttm4175/chat/team2a/#", 1)).isGreaterThanOrEqualTo(0x80);
        assertThat(thief.subscribe("$share/g/ttm4175/other/#", 1)).isGreaterThanOrEqualTo(0x80);
        RawMqtt writer = BROKER.login(wire, "team3a");
        writer.publish(Chat.messageTopic("team2a"), Chat.message("team3a", "team2a", "private"), 1);
        writer.publish("ttm4175/other/x", "private", 1);
        assertNextIsFence(writer, thief, "team1a");
    }

    /** What came before would have come before this. */
    private static void assertNextIsFence(RawMqtt writer, RawMqtt reader, String readersName) throws IOException {
        String fence = Chat.message("team3a", readersName, "fence");
        writer.publish(Chat.messageTopic(readersName), fence, 1);
        assertThat(reader.message().text()).isEqualTo(fence);
    }

    @Tag("engine")
    @Test
    void bare_willOnATopicThatIsForbidden_isDelivered() throws IOException {
        try (BareMoquette bare = BareMoquette.create()
                .policy(BareMoquette.allowing(topic -> !topic.equals("forbidden"), topic -> true))
                .start()) {
            RawMqtt reader = bare.login(Wire.TCP_V3, "reader", "reader");
            reader.subscribe("forbidden", 1);
            RawMqtt dying = bare.open(Wire.TCP_V3, "dying");
            bare.connect(dying, BareMoquette.loginOf(dying, "writer").will("forbidden", "last words", 1, false));
            dying.close();
            assertThat(reader.message().text()).isEqualTo("last words");
        }
    }

    @OnEveryListener
    void guarded_willOnATopicThatIsForbidden_isRefusedAtConnect(Wire wire) throws IOException {
        RawMqtt reader = STRICT.login(wire, "staff");
        reader.subscribe("ttm4175/#", 1);
        RawMqtt dying = STRICT.open(wire);
        Packet connack =
                dying.connect(TestBroker.loginOf(dying, "team1a").will("ttm4175/elsewhere", "last words", 1, false));
        assertThat(connack.code()).isEqualTo(wire.pick(5, 0x87));
        dying.expectClosed();
        STRICT.login(wire, "team1a").publish("ttm4175/other/fence", "fence", 1);
        assertThat(reader.message().text()).isEqualTo("fence");
    }

    @Tag("engine")
    @Test
    void bare_rightTakenAway_isUsedOn() throws IOException {
        AtomicBoolean revoked = new AtomicBoolean();
        try (BareMoquette bare = BareMoquette.create()
                .policy(BareMoquette.allowing(topic -> true, topic -> !revoked.get()))
                .start()) {
            RawMqtt reader = bare.login(Wire.TCP_V3, "reader", "reader");
            assertThat(reader.subscribe("letters", 1)).isEqualTo(1);
            revoked.set(true);
            bare.login(Wire.TCP_V3, "writer", "writer").publish("letters", "private", 1);
            assertThat(reader.message().text()).isEqualTo("private");
        }
    }

    @OnEveryListener
    void guarded_rightTakenAway_endsDeliveryOfChatAndOfEverythingElse(Wire wire) throws IOException {
        RawMqtt reader = BROKER.receiver(wire, "team2a", 2);
        reader.subscribe("ttm4175/other/#", 2);
        RawMqtt writer = BROKER.login(wire, "team3a");
        String before = Chat.message("team3a", "team2a", "before");
        writer.publish(Chat.messageTopic("team2a"), before, 1);
        assertThat(reader.message().text()).isEqualTo(before);

        REVOKED.set(true);
        for (int qos = 0; qos <= 2; qos++) {
            writer.publish(Chat.messageTopic("team2a"), Chat.message("team3a", "team2a", "private"), qos);
            // More than Moquette's window, which must not stick on what is kept back.
            for (int i = 0; i < 15; i++) {
                writer.publish("ttm4175/other/x", "private", qos);
            }
        }
        writer.publish(OPEN, "still allowed", 1);
        assertThat(reader.message().text()).isEqualTo("still allowed");
        REVOKED.set(false);
        assertNextIsFence(writer, reader, "team2a");
    }

    @Tag("engine")
    @Test
    void bare_publishThatIsRefused_isNeverAcknowledged() throws IOException {
        try (BareMoquette bare = BareMoquette.create()
                .policy(BareMoquette.allowing(topic -> !topic.equals("forbidden"), topic -> true))
                .start()) {
            for (Wire wire : new Wire[] {Wire.TCP_V3, Wire.TCP_V5}) {
                RawMqtt writer = bare.login(wire, "writer", "writer" + wire);
                writer.send(
                        Publish.to("forbidden", "x").qos(1, 101).encode(wire),
                        Publish.to("forbidden", "x").qos(2, 102).encode(wire),
                        Publish.to("allowed", "x").qos(1, 103).encode(wire));
                writer.takeAck(Type.PUBACK, 103);
                writer.ping();
                assertThat(writer.kept()).isEmpty();
            }
        }
    }

    @OnEveryListener
    void guarded_publishThatIsRefused_isAcknowledgedAsTheVersionDemands(Wire wire) throws IOException {
        RawMqtt writer = BROKER.login(wire, "team1a");
        assertThat(writer.publish("ttm4175/elsewhere", "x", 1).code()).isEqualTo(wire.pick(0, 0x87));
        assertThat(writer.publish("ttm4175/elsewhere", "x", 2).code()).isEqualTo(wire.pick(0, 0x87));
        assertThat(writer.publish(Chat.messageTopic("team2a"), "{", 1).code()).isEqualTo(wire.pick(0, 0x99));
        assertThat(writer.publish("ttm4175/other/" + "x/".repeat(20), "x", 1).code())
                .isEqualTo(wire.pick(0, 0x90));
    }

    @OnVersion5
    void guarded_payloadThatIsNotTheTextItSays_isRefused(Wire wire) throws IOException {
        RawMqtt writer = STRICT.login(wire, "team1a");
        writer.subscribe("ttm4175/other/#", 1);
        writer.publish("ttm4175/other/x", "kept in flight", 1);
        Packet inFlight = writer.take(Type.PUBLISH);
        Props isText = Props.NONE.with(Prop.PAYLOAD_FORMAT, 1);
        for (int qos = 0; qos <= 2; qos++) {
            Publish lie = Publish.to("ttm4175/other/x", "")
                    .payloadBytes(new byte[] {(byte) 0xff})
                    .props(isText);
            Packet answer = writer.publish(lie, qos);
            if (qos > 0) {
                assertThat(answer.code()).isEqualTo(0x99);
            }
        }
        writer.acknowledge(inFlight);
        writer.publish(Publish.to("ttm4175/other/x", "æøå").props(isText), 1);
        assertThat(writer.message().text()).isEqualTo("æøå");
    }

    @Tag("engine")
    @Test
    void bare_retainedMessages_areGivenWithoutAsking() throws IOException {
        try (BareMoquette bare = BareMoquette.create()
                .policy(BareMoquette.allowing(topic -> true, topic -> !topic.equals("all/secret")))
                .start()) {
            bare.login(Wire.TCP_V3, "writer", "writer")
                    .publish(Publish.to("all/secret", "private").retain(), 1);
            RawMqtt reader = bare.login(Wire.TCP_V3, "reader", "reader");
            assertThat(reader.subscribe("all/secret", 1)).isEqualTo(0x80);
            assertThat(reader.subscribe("all/#", 1)).isEqualTo(1);
            assertThat(reader.message().text()).isEqualTo("private");
        }
    }

    @OnEveryListener
    void guarded_retainedMessages_areCheckedOnTheirWayOut(Wire wire) throws IOException {
        RawMqtt writer = BROKER.login(wire, "team3a");
        writer.publish(Publish.to(SECRET, "private").retain(), 1);
        String open = "ttm4175/other/retained-" + wire;
        writer.publish(Publish.to(open, "for all").retain(), 1);

        RawMqtt reader = BROKER.login(wire, "team1a");
        // Moquette may acknowledge a moment before it retains; each SUBSCRIBE asks anew.
        Awaitility.await().atMost(RawMqtt.PATIENCE).until(() -> {
            reader.subscribe("ttm4175/other/#", 1);
            return reader.takeWithin(
                            Duration.ofMillis(200), packet -> packet.topic().equals(open))
                    .filter(packet -> packet.text().equals("for all"))
                    .isPresent();
        });
        reader.subscribe(Chat.ROOT + "team1a/#", 1);
        writer.publish(Chat.messageTopic("team1a"), Chat.message("team3a", "team1a", "fence"), 1);
        reader.take("the fence", packet -> packet.text().contains("fence"));
        assertThat(reader.kept()).extracting(Packet::topic).doesNotContain(SECRET);
        writer.publish(Publish.to(open, "").retain(), 1);
    }

    @Tag("engine")
    @Test
    void bare_retainedAtQos0_isNotKeptAndDeletesWhatWas() throws IOException {
        try (BareMoquette bare = BareMoquette.create().start()) {
            RawMqtt writer = bare.login(Wire.TCP_V3, "writer", "writer");
            writer.publish(Publish.to("kept", "old").retain(), 1);
            writer.publish(Publish.to("kept", "new").retain(), 0);
            RawMqtt reader = bare.login(Wire.TCP_V3, "reader", "reader");
            reader.subscribe(Props.NONE, "kept", 1);
            writer.publish("kept", "live", 1);
            assertThat(reader.message().text()).isEqualTo("live");
        }
    }

    @OnEveryListener
    void guarded_retainedChat_isRefusedAndRetainedAtQos1IsKept(Wire wire) throws IOException {
        RawMqtt writer = STRICT.login(wire, "team1a");
        String chat = Chat.message("team1a", "team2a", "for ever");
        for (int qos = 0; qos <= 2; qos++) {
            Packet answer =
                    writer.publish(Publish.to(Chat.messageTopic("team2a"), chat).retain(), qos);
            if (qos > 0) {
                assertThat(answer.code()).isEqualTo(wire.pick(0, 0x87));
            }
        }
        String topic = "ttm4175/other/kept-" + wire;
        writer.publish(Publish.to(topic, "kept").retain(), 1);
        RawMqtt reader = STRICT.receiver(wire, "team2a", 1);
        reader.subscribe(topic, 1);
        assertThat(reader.message().text()).isEqualTo("kept");
        writer.publish(Publish.to(topic, "").retain(), 1);
    }
}
