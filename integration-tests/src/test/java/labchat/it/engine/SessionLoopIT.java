package labchat.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclSubject;
import labchat.it.support.BareMoquette;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.OnEveryListener;
import labchat.it.support.Packet;
import labchat.it.support.Packet.Type;
import labchat.it.support.PacketWriter;
import labchat.it.support.Prop;
import labchat.it.support.Props;
import labchat.it.support.Publish;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Moquette serves each client by one of few threads, and any exception there ends it: all its clients hang. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionLoopIT {

    /** Nobody publishes to what this policy cannot judge. */
    private static final String UNJUDGEABLE = "ttm4175/other/unjudgeable";

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass()
            .anonymous("topic readwrite ttm4175/other/#\n")
            .policy(SessionLoopIT::throwing);

    /** What a client does that ends a loop of a bare Moquette. */
    private interface Deed {
        void doIt(RawMqtt client) throws IOException;
    }

    /**
     * @param on the version of MQTT that has it
     */
    /** Where two threads must meet by chance. */
    private static final int ATTEMPTS = 20;

    private record Killer(String name, Wire on, Deed deed) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Killer> killers() {
        // How many levels it takes depends on what the JVM has compiled already, so the bare engine is not asked.
        Killer tooDeep =
                new Killer("a filter of 30,000 levels", Wire.TCP_V3, client -> subscribe(client, "x/".repeat(30_000)));
        return Stream.concat(killersForCertain(), Stream.of(tooDeep));
    }

    private static Stream<Killer> killersForCertain() {
        return Stream.of(
                subscribing("$share/x"),
                subscribing("$share/"),
                unsubscribing("$share/x"),
                unsubscribing("$share/"),
                unsubscribing("$share/g/"),
                new Killer(
                        "an acknowledgement behind DISCONNECT", Wire.TCP_V3, SessionLoopIT::acknowledgeBehindGoodbye));
    }

    private static Killer subscribing(String filter) {
        return new Killer("SUBSCRIBE " + filter, Wire.TCP_V5, client -> subscribe(client, filter));
    }

    private static Killer unsubscribing(String filter) {
        return new Killer(
                "UNSUBSCRIBE " + filter, Wire.TCP_V3, client -> client.send(client.unsubscribePacket(7, filter)));
    }

    private static void subscribe(RawMqtt client, String filter) throws IOException {
        client.send(client.subscribePacket(7, Props.NONE, filter, 1));
    }

    /** It may be repeated: what matters is which of two threads is first. */
    private static void acknowledgeBehindGoodbye(RawMqtt client) throws IOException {
        String topic = "ttm4175/other/" + client.name();
        client.subscribe(topic, 1);
        client.send(Publish.to(topic, "x").qos(1, 8).encode(client.wire()));
        Packet message = client.take(Type.PUBLISH);
        client.send(
                new PacketWriter().asPacket(Type.DISCONNECT, 0),
                new PacketWriter().u16(message.id()).asPacket(Type.PUBACK, 0));
    }

    @Tag("engine")
    @ParameterizedTest
    @MethodSource("killersForCertain")
    void bare_packetItCannotTake_hangsAllClientsOfTheLoop(Killer killer) throws IOException {
        try (BareMoquette bare = BareMoquette.create().start()) {
            RawMqtt neighbour = bare.login(Wire.TCP_V3, "user", BareMoquette.onTheLoopOf("culprit"));
            boolean died = false;
            for (int i = 0; i < ATTEMPTS && !died; i++) {
                killer.deed().doIt(bare.login(killer.on(), "culprit", "culprit"));
                died = bare.losesALoopWithin(BareMoquette.MOMENT);
            }
            assertThat(died).as("a session loop has died").isTrue();
            assertHangs(neighbour);
        }
    }

    private static void assertHangs(RawMqtt client) throws IOException {
        client.send(client.subscribePacket(1, Props.NONE, "anything", 1));
        assertThat(client.takeWithin(BareMoquette.MOMENT, packet -> packet.type() == Type.SUBACK))
                .as("SUBACK from a loop that died")
                .isEmpty();
    }

    @Tag("engine")
    @Test
    void bare_willOfQos3_hangsAllClientsOfTheLoop() throws IOException {
        try (BareMoquette bare = BareMoquette.create().start()) {
            RawMqtt neighbour = bare.login(Wire.TCP_V3, "user", BareMoquette.onTheLoopOf("culprit"));
            RawMqtt culprit = bare.open(Wire.TCP_V3, "culprit");
            culprit.send(BareMoquette.loginOf(culprit, "culprit")
                    .will("t", "x", 3, false)
                    .encode());
            bare.awaitLoopDeath();
            assertHangs(neighbour);
        }
    }

    /** [MQTT-3.3.2-4] lets a server cut off who says that bytes are text; Moquette forgets what was under way. */
    @Tag("engine")
    @Test
    void bare_acknowledgementMeetsItsCutOff_hangsAllClientsOfTheLoop() throws IOException {
        try (BareMoquette bare = BareMoquette.create().start()) {
            RawMqtt neighbour = bare.login(Wire.TCP_V3, "user", BareMoquette.onTheLoopOf("culprit"));
            RawMqtt culprit = bare.login(Wire.TCP_V5, "culprit", "culprit");
            culprit.subscribe("t", 1);
            culprit.publish("t", "x", 1);
            Packet message = culprit.take(Type.PUBLISH);
            culprit.send(
                    Publish.to("t", "")
                            .payloadBytes(new byte[] {(byte) 0xff})
                            .props(Props.NONE.with(Prop.PAYLOAD_FORMAT, 1))
                            .encode(Wire.TCP_V5),
                    new PacketWriter().u16(message.id()).asPacket(Type.PUBACK, 0));
            bare.awaitLoopDeath();
            assertHangs(neighbour);
        }
    }

    @Tag("engine")
    @Test
    void bare_policyThatThrows_hangsAllClientsOfTheLoop() throws IOException {
        BareMoquette broken = BareMoquette.create().policy(BareMoquette.allowing(topic -> true, topic -> {
            throw new IllegalStateException("cannot judge " + topic);
        }));
        try (BareMoquette bare = broken.start()) {
            RawMqtt neighbour = bare.login(Wire.TCP_V3, "user", BareMoquette.onTheLoopOf("culprit"));
            RawMqtt culprit = bare.login(Wire.TCP_V3, "culprit", "culprit");
            subscribe(culprit, "anything");
            bare.awaitLoopDeath();
            assertHangs(neighbour);
        }
    }

    @Tag("engine")
    @Test
    void bare_namelessClientAndPatternRules_hangsAllClientsOfTheLoop(@TempDir Path directory) throws IOException {
        Path acl = Files.writeString(directory.resolve("acl"), "pattern read chat/%u/#\n");
        BareMoquette withRules = BareMoquette.create()
                .policy(null)
                .set("acl_file", acl.toString())
                .set("allow_anonymous", "true");
        try (BareMoquette bare = withRules.start()) {
            RawMqtt neighbour = bare.login(Wire.TCP_V3, "user", BareMoquette.onTheLoopOf("nameless"));
            RawMqtt nameless = bare.open(Wire.TCP_V3, "nameless");
            bare.connect(nameless, Connect.as(Wire.TCP_V3).clientId("nameless"));
            subscribe(nameless, "chat/x/message");
            bare.awaitLoopDeath();
            assertHangs(neighbour);
        }
    }

    @OnEveryListener
    void guarded_anyOfThese_harmsNobody(Wire wire) throws IOException {
        List<RawMqtt> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            others.add(BROKER.login(wire, "team2a"));
        }
        for (Killer killer : killers().toList()) {
            // Several, so that each session loop meets one.
            for (int i = 0; i < 4; i++) {
                killer.deed().doIt(BROKER.login(wire, "team1a"));
            }
        }
        for (int i = 0; i < 4; i++) {
            RawMqtt culprit = BROKER.open(wire);
            culprit.send(TestBroker.loginOf(culprit, "team1a")
                    .will("ttm4175/other/will", "x", 3, false)
                    .encode());
            culprit.expectClosed();
            RawMqtt nameless = BROKER.open(wire);
            nameless.connect(Connect.as(wire).clientId(nameless.name()));
            assertThat(nameless.subscribe("ttm4175/chat/x/message", 1)).isGreaterThanOrEqualTo(0x80);
            // Whose rules cannot be judged is cut off, or refused; nobody else is.
            RawMqtt unlucky = BROKER.login(wire, "team1a");
            unlucky.send(Publish.to(UNJUDGEABLE, "x").qos(1, 1).encode(wire));
        }
        assertAllAreServed(wire, others);
    }

    /** Each is asked for something that only its session loop can answer. */
    private static void assertAllAreServed(Wire wire, List<RawMqtt> clients) throws IOException {
        RawMqtt writer = BROKER.login(wire, "team3a");
        for (RawMqtt client : clients) {
            String topic = "ttm4175/other/alive-" + client.name();
            assertThat(client.subscribe(topic, 1)).isEqualTo(1);
            assertThat(writer.publish(topic, "alive", 1).code()).isLessThan(0x80);
            assertThat(client.message().text()).isEqualTo("alive");
        }
        RawMqtt reader = BROKER.receiver(wire, "team4a", 1);
        String payload = Chat.message("team3a", "team4a", "alive");
        writer.publish(Chat.messageTopic("team4a"), payload, 1);
        assertThat(reader.message().text()).isEqualTo(payload);
    }

    private static AclPolicy throwing(AclPolicy rules) {
        return new AclPolicy() {
            @Override
            public AclDecision publish(AclSubject subject, String topic) {
                if (topic.equals(UNJUDGEABLE)) {
                    throw new IllegalStateException("cannot judge " + topic);
                }
                return rules.publish(subject, topic);
            }

            @Override
            public AclDecision read(AclSubject subject, String topic) {
                return rules.read(subject, topic);
            }

            @Override
            public AclDecision subscribe(AclSubject subject, TopicFilter filter) {
                return rules.subscribe(subject, filter);
            }

            @Override
            public long epoch() {
                return rules.epoch();
            }
        };
    }

    @Test
    void process_whoseLoopDiedAllTheSame_saysWhyAndExitsWith70(@TempDir Path directory) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                DyingBroker.class.getName());
        try (TestProcess process = TestProcess.start(directory, Map.of(), command)) {
            String line = process.awaitLine("its port", text -> text.startsWith(DyingBroker.PORT));
            int port = Integer.parseInt(line.substring(DyingBroker.PORT.length()));
            RawMqtt client = RawMqtt.open(Wire.TCP_V3, port, "last");
            client.send(
                    Connect.as(Wire.TCP_V3).clientId("last").encode(),
                    client.subscribePacket(1, Props.NONE, "anything", 0));

            assertThat(process.exitCode(Duration.ofSeconds(15)))
                    .as(process.describe("exit status"))
                    .isEqualTo(70);
            Optional<String> why = process.stderr().stream()
                    .filter(text -> text.contains("has died"))
                    .findFirst();
            assertThat(why).as(process.describe("why")).isPresent();
            assertThat(why.get()).contains(DyingBroker.REASON).contains("status 70");
            assertThat(process.stderr()).as("no stack trace").noneMatch(text -> text.startsWith("\tat "));
            client.close();
        }
    }
}
