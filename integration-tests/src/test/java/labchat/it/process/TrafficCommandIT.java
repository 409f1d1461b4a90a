package labchat.it.process;

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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.UsersConf;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker.jar diagram} and {@code broker.jar log} over what a real chat leaves: docs/staff.md. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrafficCommandIT {

    private static final Duration END = Duration.ofSeconds(60);
    private static final String PASSWORD = "a-password";

    /** A comment of Mermaid's or PlantUML's before an arrow: the packets' type and where they stand. */
    private static final Pattern SOURCE = Pattern.compile(
            "(?:%%|') (\\S+) (?:to \\S+ )?([A-Z]+).* traffic\\.jsonl:(\\d+)(?: to traffic\\.jsonl:(\\d+))?");

    private static final Pattern ARROW = Pattern.compile("([LBR])(->>|-->>|-x)([LBR]): (.*)");

    @TempDir
    private static Path dir;

    private record Ended(int exitCode, List<String> out, List<String> err) {}

    /** team1a types, writes to team2a and to team9z, which is nobody, and says goodbye. */
    @BeforeAll
    static void chat() throws IOException {
        Path users = Files.writeString(
                dir.resolve("users.conf"), UsersConf.of(List.of("team1a", "team2a", "team3a"), PASSWORD));
        try (BrokerProcess broker = BrokerProcess.start(dir, "--users", users.toString())) {
            RawMqtt two = login(broker, "team2a", "phone");
            two.subscribe("ttm4175/chat/team2a/+", 1);
            RawMqtt one = login(broker, "team1a", "laptop");
            for (int i = 0; i < 3; i++) {
                one.publish(
                        "ttm4175/chat/team2a/typing",
                        "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"status\":\"typing\"}",
                        0);
            }
            one.publish(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "Hei!", "16fd2706"), 1);
            one.publish(Chat.messageTopic("team9z"), Chat.message("team1a", "team9z", "Hei!", "refused"), 1);
            one.disconnect();
            one.expectClosed();
            two.disconnect();
            two.expectClosed();
            broker.process().terminate();
            broker.process().exitCode(END);
        }
    }

    private static RawMqtt login(BrokerProcess broker, String user, String clientId) throws IOException {
        RawMqtt client = RawMqtt.open(Wire.TCP_V3, broker.mqttPort(), clientId);
        assertThat(client.connect(Connect.as(Wire.TCP_V3).clientId(clientId).login(user, PASSWORD))
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
    void diagram_ofARealChat_hasAnArrowForEachPacketOfTheTwoAndNoOther() throws Exception {
        Ended ended = run("diagram", "--between", "team1a", "team2a", "--last", "1h", "--format", "mermaid", "--acks");

        assertThat(ended.err()).isEmpty();
        assertThat(ended.exitCode()).isZero();
        List<String> log = Files.readAllLines(dir.resolve("data/traffic.jsonl"));
        List<Integer> drawn = new ArrayList<>();
        for (int i = 0; i < ended.out().size(); i++) {
            Matcher source = SOURCE.matcher(ended.out().get(i).strip());
            if (!source.matches()) {
                continue;
            }
            Matcher arrow = ARROW.matcher(ended.out().get(i + 1).strip());
            assertThat(arrow.matches()).as(ended.out().get(i + 1)).isTrue();
            int first = Integer.parseInt(source.group(3));
            Map<String, String> line = fields(log.get(first - 1));
            assertThat(line).containsEntry("type", source.group(2));
            String client = line.get("user").equals("team1a") ? "L" : "R";
            assertThat(arrow.group(1) + arrow.group(3))
                    .isEqualTo(line.get("direction").equals("in") ? client + "B" : "B" + client);
            String call = source.group(2).equals("PUBLISH")
                    ? "send(" + line.get("topic")
                    : source.group(2).toLowerCase(Locale.ROOT);
            assertThat(arrow.group(4)).startsWith(call.replace("#", "#35;"));
            if (line.containsKey("code")) {
                assertThat(arrow.group(2)).isEqualTo("-x");
            }
            drawn.add(first);
        }
        // What is not drawn: pings, presence of others, and those that are folded into an arrow.
        List<Integer> expected = new ArrayList<>();
        for (int number = 1; number <= log.size(); number++) {
            Map<String, String> line = fields(log.get(number - 1));
            boolean folded = "typing".equals(line.get("kind")) && !drawn.contains(number);
            boolean others = line.getOrDefault("topic", "").endsWith("/presence")
                    && !line.get("topic").matches("ttm4175/chat/team[12]a/presence");
            if (!folded && !others && !line.get("type").startsWith("PING")) {
                expected.add(number);
            }
        }
        assertThat(drawn).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(String.join("\n", ended.out()))
                .contains("L->>B: send(ttm4175/chat/team2a/typing, typing x")
                .contains("L->>B: send(ttm4175/chat/team2a/message, uuid 16fd2706)")
                .contains("B->>R: send(ttm4175/chat/team2a/message, uuid 16fd2706)")
                .contains("L-xB: send(ttm4175/chat/team9z/message");
    }

    @Test
    void diagram_svg_isWrittenToANewFileOnly() throws Exception {
        Path svg = dir.resolve("chat.svg");

        Ended first = run("diagram", "--between", "team1a", "team2a", "--format", "svg", "-o", svg.toString());
        Ended second = run("diagram", "--between", "team1a", "team2a", "--format", "svg", "-o", svg.toString());

        assertThat(first.err()).isEmpty();
        assertThat(Files.readString(svg))
                .startsWith("<svg ")
                .endsWith("</svg>\n")
                .contains("16fd2706");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).singleElement().asString().contains("exists; name another file");
    }

    @Test
    void diagram_thatCannotBeDrawn_saysWhy() throws Exception {
        assertThat(run("diagram", "--between", "team1a", "team3a").err())
                .containsExactly("error: data/traffic.jsonl: team3a was never connected; it has team1a, team2a");
        Ended early = run("diagram", "--between", "team1a", "team2a", "--until", "2020-01-01");
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err())
                .singleElement()
                .asString()
                .startsWith(
                        "error: data/traffic.jsonl: no packet of team1a until 2020-01-01T00:00:00Z; the last one is of ");
        Ended none = run("diagram", "--between", "team1a", "team2a", "--log", "none.jsonl");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).singleElement().asString().startsWith("error: none.jsonl: no such traffic log; ");
    }

    @Test
    void log_filters_giveTheLinesThatMatch() throws Exception {
        assertThat(run("log", "--team", "team1a", "--kind", "message", "--refused")
                        .out())
                .singleElement()
                .asString()
                .contains("team1a    -> PUBLISH")
                .contains("ttm4175/chat/team9z/message")
                .contains("REFUSED unknown_receiver");
        List<String> lines = Files.readAllLines(dir.resolve("data/traffic.jsonl"));
        assertThat(run("log", "--json").out()).isEqualTo(lines);
        assertThat(run("log", "--json", "--since", "1h", "--kind", "connect").out())
                .hasSize(2);
        Ended wrong = run("log", "--kind", "mesage");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).singleElement().asString().contains("did you mean message?");
    }

    @Test
    void log_followed_showsWhatComes() throws Exception {
        Path copy = Files.copy(dir.resolve("data/traffic.jsonl"), dir.resolve("followed.jsonl"));
        List<String> lines = Files.readAllLines(copy);
        try (TestProcess process = BrokerProcess.run(
                dir, List.of("log", "--follow", "--json", "--since", "1h", "--log", copy.toString()))) {
            Awaitility.await().atMost(END).until(() -> process.stdout().size() == lines.size());
            Files.move(copy, dir.resolve("followed-2026-01-01.1.jsonl"));
            Files.writeString(copy, lines.get(0) + "\n");
            Awaitility.await().atMost(END).until(() -> process.stdout().size() == lines.size() + 1);
            assertThat(process.stdout().get(lines.size())).isEqualTo(lines.get(0));
        }
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
