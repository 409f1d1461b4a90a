package labchat.it.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.UsersConf;
import labchat.it.support.Wire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker.jar record}, {@code replay} and {@code diagram --compare}: docs/staff.md. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LessonIT {

    private static final Duration END = Duration.ofSeconds(60);
    private static final String PASSWORD = "a-password";
    private static final String UUID = "team1a-16fd";

    private static final String RIGHT = """
            sequenceDiagram
            participant B as team2a
            participant Broker
            participant A as team1a
            B->>Broker: connect
            B->>Broker: subscribe(own topics)
            A->>Broker: connect
            A->>Broker: subscribe(own topics)
            A->>Broker: typing
            Broker->>B: typing
            A->>Broker: message
            Broker->>B: message
            B->>Broker: delivered
            Broker->>A: delivered
            B->>Broker: read
            Broker->>A: read
            """;

    @TempDir
    private static Path dir;

    private static BrokerProcess broker;
    private static Path recording;

    private record Ended(int exitCode, List<String> out, List<String> err) {}

    /** The lab's scenario, recorded: both connect and subscribe, team1a types and sends, the message is read. */
    @BeforeAll
    static void record() throws IOException {
        Path users = Files.writeString(
                dir.resolve("users.conf"), UsersConf.of(List.of("team1a", "team2a", "team3a"), PASSWORD));
        broker = BrokerProcess.start(dir, "--users", users.toString());
        try (TestProcess process = BrokerProcess.run(dir, List.of("record", "--for", "45m", "lesson.jsonl"))) {
            process.awaitLine("that it records", line -> line.startsWith("Recording to "));
            RawMqtt two = login("team2a", "team2a-phone");
            two.subscribe("ttm4175/chat/team2a/#", 1);
            RawMqtt one = login("team1a", "laptop of Kari");
            one.subscribe("ttm4175/chat/team1a/#", 1);
            one.publish("ttm4175/chat/team2a/typing", Chat.typing("team1a", "team2a"), 0);
            one.publish("ttm4175/chat/team2a/typing", Chat.typing("team1a", "team2a"), 0);
            one.publish(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "Hei, Kari here", UUID), 1);
            two.acknowledge(two.message());
            two.publish("ttm4175/chat/team1a/delivered", Chat.receipt("delivered", "team2a", "team1a", UUID), 1);
            two.publish("ttm4175/chat/team1a/read", Chat.receipt("read", "team2a", "team1a", UUID), 1);
            two.close();
            one.close();
            process.terminate();
            assertThat(process.exitCode(END))
                    .as(process.describe("ended by a signal"))
                    .isZero();
            assertThat(process.stdout()).anyMatch(line -> line.startsWith("Recorded "));
        }
        recording = dir.resolve("data/recordings/lesson.jsonl");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static RawMqtt login(String user, String clientId) throws IOException {
        RawMqtt client = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), clientId);
        assertThat(client.connect(Connect.as(Wire.TCP_V5).clientId(clientId).login(user, PASSWORD))
                        .code())
                .isZero();
        return client;
    }

    private static Ended run(String... arguments) throws Exception {
        try (TestProcess process = BrokerProcess.run(dir, List.of(arguments))) {
            return new Ended(process.exitCode(END), process.stdout(), process.stderr());
        }
    }

    @Test
    void recording_ofAChat_hasAllOfItAndNobodysNameOrText() throws Exception {
        String text = Files.readString(recording);

        assertThat(text)
                .doesNotContainIgnoringCase("team1a")
                .doesNotContainIgnoringCase("team2a")
                .doesNotContain("Kari", "16fd", "laptop", "127.0.0.1");
        assertThat(published().keySet())
                .contains(
                        "ttm4175/chat/ada/typing",
                        "ttm4175/chat/ada/message",
                        "ttm4175/chat/alan/delivered",
                        "ttm4175/chat/alan/read",
                        "ttm4175/chat/alan/presence");
        assertThat(Files.getPosixFilePermissions(recording)).hasSize(2);
        assertThat(run("record", "lesson.jsonl").err())
                .singleElement()
                .asString()
                .contains("lesson.jsonl exists; name another file");
    }

    @Test
    void replay_atTheHighestSpeed_hasTheRecordsOrderAndLeavesTheChatAlone() throws Exception {
        Map<String, List<String>> record = published();
        long count = record.values().stream().mapToInt(List::size).sum();
        RawMqtt live = login("team1a", "live");
        live.subscribe("ttm4175/chat/team1a/#", 1);
        RawMqtt watcher = login("team3a", "watcher");
        watcher.subscribe("demo/#", 1);

        Ended ended = run("replay", "lesson.jsonl", "--speed", "max", "--prefix", "demo/monday/");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out().get(1))
                .isEqualTo("Played back %d of %d publishes below demo/monday/".formatted(count, count));
        Map<String, List<String>> seen = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Packet packet =
                    watcher.take("a publish of the replay", p -> p.topic().startsWith("demo/monday/"));
            if (packet.qos() > 0) {
                watcher.acknowledge(packet);
            }
            seen.computeIfAbsent(packet.topic().substring("demo/monday/".length()), topic -> new ArrayList<>())
                    .add(packet.text());
        }
        assertThat(seen).isEqualTo(record);

        // When this has come, whatever the replay could have published to team1a would have come too.
        RawMqtt two = login("team2a", "live-two");
        two.publish(Chat.messageTopic("team1a"), Chat.message("team2a", "team1a", "now", "live-uuid"), 1);
        live.take("what is written to team1a", p -> p.text().contains("live-uuid"));
        assertThat(live.kept()).allMatch(packet -> !packet.text().contains("\"ada\""));
        watcher.close();
        live.close();
        two.close();
    }

    @Test
    void replay_intoTheChat_isRefused() throws Exception {
        Ended chat = run("replay", "lesson.jsonl", "--speed", "max", "--prefix", "ttm4175/chat/team1a/");
        assertThat(chat.exitCode()).isEqualTo(1);
        assertThat(chat.err()).singleElement().asString().contains("where the class chats; a replay never goes there");
        assertThat(run("replay", "lesson.jsonl", "--speed", "fast").err())
                .containsExactly("error: --speed \"fast\"; expected 0.01 to 1000, or max");
    }

    @Test
    void compare_rightAndWrongDiagram_saysWhatIsDifferent() throws Exception {
        Path right = Files.writeString(dir.resolve("right.mmd"), RIGHT);
        Path wrong = Files.writeString(dir.resolve("wrong.mmd"), RIGHT.replace("Broker->>B: message\n", ""));
        Path bad = Files.writeString(dir.resolve("bad.mmd"), RIGHT + "what is this\n");
        String[] pair = {"diagram", "--recording", "lesson.jsonl", "--between", "alan", "ada", "--compare"};

        Ended same = run(with(pair, right));
        assertThat(same.out())
                .as("the names in it are not the recording's")
                .contains(right + " shows what passed: 12 arrows.");
        assertThat(same.exitCode()).isZero();
        Ended differs = run(with(pair, wrong));
        assertThat(differs.exitCode()).isEqualTo(1);
        assertThat(differs.out().get(0)).startsWith("missing  after line 11: broker -> ada: message is missing; ");
        Ended unreadable = run(with(pair, bad));
        assertThat(unreadable.exitCode()).isEqualTo(2);
        assertThat(unreadable.err())
                .singleElement()
                .asString()
                .contains("bad.mmd: line 17: \"what is this\" is not understood");
    }

    private static String[] with(String[] arguments, Path last) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(last.toString());
        return all.toArray(String[]::new);
    }

    /** Of the recording, what a replay is to publish: payloads by topic, in their order. */
    private static Map<String, List<String>> published() throws IOException {
        Map<String, List<String>> published = new LinkedHashMap<>();
        for (String line : Files.readAllLines(recording)) {
            Map<String, String> fields = fields(line);
            if (fields.containsKey("payload") && !fields.containsKey("code")) {
                published
                        .computeIfAbsent(fields.get("topic"), topic -> new ArrayList<>())
                        .add(fields.get("payload"));
            }
        }
        return published;
    }

    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            json.nextToken();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getText());
            }
        }
        return fields;
    }
}
