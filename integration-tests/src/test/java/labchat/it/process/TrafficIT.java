package labchat.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.Props;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.UsersConf;
import labchat.it.support.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a chat leaves on the console and in {@code traffic.jsonl}. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrafficIT {

    private static final String PASSWORD = "a-password-that-no-log-shows";
    private static final String TEXT = "a text that no log shows";

    @TempDir
    private Path directory;

    @Test
    void chat_leavesEveryPacketInTheLogAndEveryEventOnTheConsole() throws IOException {
        String output = chatAndStop();
        List<Map<String, String>> lines = lines();

        assertThat(lines).allSatisfy(line -> {
            assertThat(line.get("time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
            assertThat(Instant.parse(line.get("time"))).isBefore(Instant.now());
            assertThat(line.get("direction")).isIn("in", "out");
            assertThat(line.get("address")).startsWith("127.0.0.1:");
        });
        assertThat(types(lines, "alice"))
                .containsExactly(
                        "in CONNECT",
                        "out CONNACK",
                        "in PUBLISH",
                        "out PUBACK",
                        "in PUBLISH",
                        "out PUBACK",
                        "in SUBSCRIBE",
                        "out SUBACK",
                        "in DISCONNECT");
        assertThat(types(lines, "bob"))
                .containsExactly(
                        "in CONNECT",
                        "out CONNACK",
                        "in SUBSCRIBE",
                        "out SUBACK",
                        "out PUBLISH",
                        "in PUBACK",
                        "out DISCONNECT");

        Map<String, String> sent = line(lines, "alice", "in PUBLISH");
        assertThat(sent)
                .containsEntry("user", "team1a")
                .containsEntry("topic", "ttm4175/chat/team2a/message")
                .containsEntry("qos", "1")
                .containsEntry("retain", "false")
                .containsEntry("dup", "false")
                .containsEntry("id", "1")
                .containsEntry("kind", "message")
                .containsEntry("sender", "team1a")
                .containsEntry("receiver", "team2a")
                .containsEntry("uuid", "16fd2706")
                .doesNotContainKeys("code", "rule", "payload");
        assertThat(Integer.parseInt(sent.get("size"))).isGreaterThan(TEXT.length());
        assertThat(line(lines, "bob", "out PUBLISH"))
                .containsEntry("user", "team2a")
                .containsEntry("uuid", "16fd2706");

        assertThat(lines).as("the refused publish, with the line of acl.conf").anySatisfy(line -> {
            assertThat(line).containsEntry("client", "alice").containsEntry("type", "PUBLISH");
            assertThat(line).containsEntry("code", "acl_denied");
            assertThat(line.get("rule")).endsWith("acl.conf:2");
        });

        assertThat(output.lines().filter(line -> line.contains("team1a") && line.contains("connect")))
                .as(output)
                .isNotEmpty();
        assertThat(output.lines().filter(line -> line.contains("16fd2706")))
                .as(output)
                .hasSize(1);
        assertThat(output.lines().filter(line -> line.contains("team1a") && line.contains("acl.conf:2")))
                .as(output)
                .isNotEmpty();
        assertThat(output.lines().filter(line -> line.contains("refused") && line.contains("mallory")))
                .as(output)
                .isNotEmpty();

        String all = output + Files.readString(directory.resolve("data/traffic.jsonl"));
        assertThat(all).doesNotContain(TEXT).doesNotContain(PASSWORD).doesNotContain("guessed");
    }

    /** team1a (client alice) writes to team2a (client bob), is refused twice, and says goodbye; mallory gets not in. */
    private String chatAndStop() throws IOException {
        Path users = Files.writeString(
                directory.resolve("users.conf"), UsersConf.of(List.of("team1a", "team2a", "team3a"), PASSWORD));
        Path acl = Files.writeString(
                directory.resolve("acl.conf"),
                "user team1a\ntopic deny ttm4175/chat/team3a/#\n" + TestBroker.CLASS_ACL);
        try (BrokerProcess broker =
                BrokerProcess.start(directory, "--users", users.toString(), "--acl", acl.toString())) {
            RawMqtt bob = login(broker, Wire.WS_V5, "team2a", "bob");
            // All four kinds, but no presence, which may come once or twice.
            String own = "ttm4175/chat/team2a/";
            bob.subscribe(Props.NONE, own + "message", 1, own + "delivered", 1, own + "read", 1, own + "typing", 1);
            RawMqtt alice = login(broker, Wire.TCP_V3, "team1a", "alice");
            alice.publish(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", TEXT, "16fd2706"), 1);
            bob.message();
            alice.publish(Chat.messageTopic("team3a"), Chat.message("team1a", "team3a", TEXT, "refused"), 1);
            alice.subscribe("ttm4175/chat/team2a/#", 1);
            alice.disconnect();
            alice.expectClosed();

            RawMqtt mallory = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), "mallory");
            Packet connack = mallory.connect(
                    Connect.as(Wire.TCP_V5).clientId("mallory").login("mallory", "guessed-" + PASSWORD));
            assertThat(connack.code()).isEqualTo(0x86);
            mallory.expectClosed();

            bob.ping();
            broker.process().terminate();
            broker.process().exitCode(Duration.ofSeconds(5));
            bob.expectClosed();
            return String.join("\n", broker.process().stdout())
                    + "\n"
                    + String.join("\n", broker.process().stderr());
        }
    }

    private static RawMqtt login(BrokerProcess broker, Wire wire, String user, String clientId) throws IOException {
        RawMqtt client = RawMqtt.open(wire, wire.isWebSocket() ? broker.webSocketPort() : broker.mqttPort(), clientId);
        assertThat(client.connect(Connect.as(wire).clientId(clientId).login(user, PASSWORD))
                        .code())
                .isZero();
        return client;
    }

    /** Each line's fields as text; a line that is no flat JSON object fails the test. */
    private List<Map<String, String>> lines() throws IOException {
        List<Map<String, String>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("data/traffic.jsonl"))) {
            Map<String, String> fields = new LinkedHashMap<>();
            try (JsonParser json = new JsonFactory().createParser(line)) {
                assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    json.nextToken();
                    assertThat(fields.put(name, json.getText())).as(line).isNull();
                }
                assertThat(json.nextToken()).isNull();
            }
            lines.add(fields);
        }
        return lines;
    }

    /** Direction and type of a client's packets, pings left out. */
    private static List<String> types(List<Map<String, String>> lines, String client) {
        return lines.stream()
                .filter(line -> client.equals(line.get("client")))
                .map(line -> line.get("direction") + " " + line.get("type"))
                .filter(type -> !type.contains("PING"))
                .toList();
    }

    private static Map<String, String> line(List<Map<String, String>> lines, String client, String type) {
        return lines.stream()
                .filter(line -> client.equals(line.get("client")))
                .filter(line -> type.equals(line.get("direction") + " " + line.get("type")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no %s of %s in %s".formatted(type, client, lines)));
    }
}
