package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import labchat.it.support.BrokerProcess;
import labchat.it.support.TestProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code chat}, {@code send} and {@code listen} over pipes: what they print, and their exit codes. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientProcessIT {

    private static final Duration END = Duration.ofSeconds(30);

    @TempDir
    private static Path brokerDirectory;

    private static BrokerProcess broker;

    @TempDir
    private Path home;

    private ClientProcess client;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = BrokerProcess.start(brokerDirectory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void aHomeOfItsOwn() {
        client = new ClientProcess(home, broker.mqttPort());
    }

    private static long subscriptions(String user) throws IOException {
        return broker.traffic().stream()
                .filter(line -> line.contains("SUBACK") && line.contains("\"" + user + "\""))
                .count();
    }

    /** Starts a process and waits until its subscriptions are answered. */
    private TestProcess listening(String user, Started started) throws IOException {
        long before = subscriptions(user);
        TestProcess process = started.start();
        await().atMost(END).until(() -> subscriptions(user) > before || !process.isAlive());
        return process;
    }

    /** Starts a process. */
    @FunctionalInterface
    private interface Started {
        TestProcess start() throws IOException;
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void message_sentAndListenedTo_isDelivered_andPrintedAsJson(String version) throws IOException {
        try (TestProcess listener =
                        listening("team2a", () -> client.as("team2a", "listen", "--json", "-C", "1", "-V", version));
                TestProcess sender = client.as(
                        "team1a", "send", "-V", version, "--to", "team2a", "--wait", "delivered", "Hei på deg!")) {
            assertThat(sender.exitCode(END)).as(sender.describe("")).isZero();
            assertThat(sender.stdout()).containsExactly("(delivered) team2a");
            assertThat(sender.stderr()).isEmpty();
            assertThat(listener.exitCode(END)).as(listener.describe("")).isZero();
            assertThat(listener.stdout()).hasSize(1);
            assertThat(listener.stderr()).isEmpty();

            String line = listener.stdout().get(0);
            assertThat(fieldNames(line)).containsExactly("received_at", "topic", "qos", "kind", "payload");
            assertThat(line)
                    .contains("\"topic\":\"ttm4175/chat/team2a/message\",\"qos\":1,\"kind\":\"message\"")
                    .contains("\"payload\":{\"sender\":\"team1a\",\"receiver\":\"team2a\","
                            + "\"message\":\"Hei på deg!\",\"uuid\":\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void mistakeOfAnotherProgram_isPassedOnByListenAsJson_andToldToWhoMadeIt(String version) throws IOException {
        // The same mistake is not explained again for a while.
        String author = version.equals("5") ? "team11a" : "team12a";
        try (TestProcess listener =
                        listening(author, () -> client.as(author, "listen", "--json", "-C", "1", "-V", version));
                TestProcess sender = client.as(author, "send", "-V", version, "--to", "taem2a", "Hei!")) {
            assertThat(sender.exitCode(END)).as(sender.describe("")).isPositive();
            assertThat(String.join("\n", sender.stderr()))
                    .contains("not sent to taem2a: ")
                    .contains("there is no user or room \"taem2a\". Did you mean team2a?");
            assertThat(listener.exitCode(END)).as(listener.describe("")).isZero();
            String line = listener.stdout().get(0);
            assertThat(fieldNames(line)).containsExactly("received_at", "topic", "qos", "kind", "payload");
            assertThat(line)
                    .contains("\"topic\":\"ttm4175/chat/%s/diagnostics\",\"qos\":1,\"kind\":\"diagnostics\""
                            .formatted(author))
                    .contains("\"code\":\"unknown_receiver\"", "\"hint\":\"Did you mean team2a?\"");
        }
    }

    private static List<String> fieldNames(String json) throws IOException {
        List<String> names = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
        }
        return names;
    }

    @Test
    void listenWithoutReceipts_leavesTheSenderWaiting_whoTimesOut() throws IOException {
        try (TestProcess listener =
                        listening("team3a", () -> client.as("team3a", "listen", "--no-receipts", "-C", "1"));
                TestProcess sender = client.as(
                        "team1a", "send", "--to", "team3a", "--wait", "delivered", "--timeout", "4", "Hei!")) {
            assertThat(listener.exitCode(END)).as(listener.describe("")).isZero();
            assertThat(listener.stdout()).singleElement().asString().endsWith("team1a: Hei!");
            assertThat(sender.exitCode(END)).as(sender.describe("")).isEqualTo(27);
            assertThat(sender.stderr()).containsExactly("labchat: timed out after 4 s: no (delivered) from team3a.");
        }
    }

    @Test
    void twoChatsOverPipes_exchangeMessagesReceiptsAndRefuseUnknownReceivers() throws IOException {
        try (TestProcess anna = listening("team4a", () -> client.as("team4a"));
                TestProcess bo = listening("team5a", () -> client.as("team5a", "chat"))) {
            anna.awaitLine("the greeting", line -> line.contains("connected to localhost"));
            bo.awaitLine("the greeting", line -> line.contains("connected to localhost"));
            anna.say("/to team5a");
            anna.say("Hei, hvordan går det?");
            bo.awaitLine("the message", line -> line.endsWith("team4a: Hei, hvordan går det?"));
            anna.awaitLine("the delivery", line -> line.contains("(delivered) team5a: \"Hei, hvordan går det?\""));
            anna.awaitLine("the reading", line -> line.contains("(read) team5a: \"Hei, hvordan går det?\""));
            bo.say("team4a: Bra!");
            anna.awaitLine("the answer", line -> line.endsWith("team5a: Bra!"));
            anna.say("/to nobody");
            anna.say("Er du der?");
            anna.awaitLine(
                    "the refusal",
                    line -> line.matches("!! not sent to nobody: .*there is no user or room \"nobody\".*"));
            anna.say("/quit");
            bo.say("/quit");

            assertThat(anna.exitCode(END)).as(anna.describe("")).isZero();
            assertThat(bo.exitCode(END)).as(bo.describe("")).isZero();
            assertThat(anna.stderr()).isEmpty();
            assertThat(String.join("\n", anna.stdout())).doesNotContain("\u001b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void who_showsWhoIsOnlineAndWhoIsNot_andWhenTheyLeft(String version) throws IOException {
        String other = version.equals("5") ? "team9b" : "team10b";
        try (TestProcess anna = listening("team11b", () -> client.as("team11b", "chat", "-V", version))) {
            anna.awaitLine("the greeting", line -> line.contains("connected to localhost"));
            askUntil(anna, "x5", "somebody else", line -> line.matches(" *(never connected|offline): x5.*"));
            try (TestProcess bo = listening(other, () -> client.as(other, "chat", "-V", version))) {
                askUntil(
                        anna,
                        other,
                        "the other's beginning",
                        line -> line.matches(" *online: " + other + " \\(since .*\\d\\d:\\d\\d\\)"));
                bo.say("/quit");
                assertThat(bo.exitCode(END)).as(bo.describe("")).isZero();
            }
            askUntil(
                    anna,
                    other,
                    "the other's end",
                    line -> line.matches(" *offline: " + other + " \\(since .*\\d\\d:\\d\\d\\)"));
            anna.say("/quit");
            assertThat(anna.exitCode(END)).as(anna.describe("")).isZero();
            assertThat(anna.stderr()).isEmpty();
        }
    }

    /** Types {@code /who} and a name until a line of the answer fits. */
    private static void askUntil(TestProcess chat, String id, String what, Predicate<String> fits) {
        await(what).atMost(END).pollInterval(Duration.ofMillis(200)).until(() -> {
            chat.say("/who " + id);
            return chat.stdout().stream().anyMatch(fits);
        });
    }

    @Test
    void all_reachesEveryContactWhoIsConnectedOnce() throws IOException {
        // Not the whole class, whose messages would wait for the listeners of other tests.
        Path config = Files.createDirectories(home.resolve("config/labchat"));
        Files.writeString(config.resolve("config"), "contacts team6a team7a x6\n");
        try (TestProcess bo = listening("team6a", () -> client.as("team6a", "listen", "-C", "1"));
                TestProcess mia = listening("team7a", () -> client.as("team7a", "listen", "-C", "1"));
                TestProcess anna = listening("team8a", () -> client.as("team8a", "chat"))) {
            anna.awaitLine("the greeting", line -> line.contains("connected to localhost"));
            anna.say("/all God morgen");

            assertThat(bo.exitCode(END)).as(bo.describe("")).isZero();
            assertThat(mia.exitCode(END)).as(mia.describe("")).isZero();
            assertThat(bo.stdout()).singleElement().asString().endsWith("team8a: God morgen");
            assertThat(mia.stdout()).singleElement().asString().endsWith("team8a: God morgen");
            anna.awaitLine("the count", line -> line.matches(".*\\(delivered to 2 of 3\\)"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void unknownReceiver_isRefusedWithAReason(String version) throws IOException {
        // Of one's own for each version: the same mistake is explained once in five seconds.
        String user = version.equals("5") ? "x1" : "x2";
        try (TestProcess sender = client.as(user, "send", "-V", version, "--to", "nobody", "Hei!")) {
            assertThat(sender.exitCode(END)).as(sender.describe("")).isEqualTo(1);
            assertThat(sender.stderr()).singleElement().asString().startsWith("labchat: not sent to nobody: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void messageAtQos0_isSentWithoutAWord(String version) throws IOException {
        try (TestProcess sender = client.as("x3", "send", "-V", version, "-q", "0", "--to", "x4", "Hei!")) {
            assertThat(sender.exitCode(END)).as(sender.describe("")).isZero();
            assertThat(sender.stderr()).isEmpty();
        }
    }

    @Test
    void wrongUsage_exitsTwo() throws IOException {
        try (TestProcess process = client.as("team1a", "listen", "-q", "3")) {
            assertThat(process.exitCode(END)).as(process.describe("")).isEqualTo(2);
            assertThat(process.stderr()).containsExactly("labchat: -q/--qos must be 0, 1 or 2, found \"3\"");
        }
    }

    @Test
    void missingPassword_withoutATerminal_exitsTwoAndSaysHowToGiveOne() throws IOException {
        try (TestProcess process = client.with("team1a", Map.of(), "listen")) {
            assertThat(process.exitCode(END)).as(process.describe("")).isEqualTo(2);
            assertThat(process.stderr())
                    .singleElement()
                    .asString()
                    .contains("LABCHAT_PASSWORD")
                    .contains("--password-file");
        }
    }

    @Test
    void profile_ofTheConfigurationFile_isUsed() throws IOException {
        Path config = Files.createDirectories(home.resolve("config/labchat"));
        Files.writeString(config.resolve("config"), "profile lab\npassword_file pw\nmqtt_version 3.1.1\n");
        Files.writeString(config.resolve("pw"), "team1b\n");

        try (TestProcess process =
                client.with("team1b", Map.of(), "--profile", "lab", "send", "--to", "team2b", "Hei!")) {
            assertThat(process.exitCode(END)).as(process.describe("")).isZero();
        }
    }

    @Test
    void nobodyListeningOnThePort_exitsThree() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        try (TestProcess process = new ClientProcess(home, closed).as("team1a", "chat")) {
            assertThat(process.exitCode(END)).as(process.describe("")).isEqualTo(3);
            assertThat(process.stderr())
                    .containsExactly(("labchat: cannot reach localhost:%d: connection refused. Is the broker running?"
                                    + " Start it with ./run, or name another host with -h.")
                            .formatted(closed));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void wrongPassword_exitsFour(String version) throws IOException {
        try (TestProcess process = client.with(
                "team1a", Map.of("LABCHAT_PASSWORD", "wrong"), "send", "-V", version, "--to", "x1", "Hei!")) {
            assertThat(process.exitCode(END)).as(process.describe("")).isEqualTo(4);
            assertThat(process.stderr())
                    .singleElement()
                    .asString()
                    .startsWith("labchat: user \"team1a\" or its password is wrong");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void treeThatTheUserMayNotRead_exitsFive(String version) throws IOException {
        try (TestProcess process = client.as("team1a", "listen", "-V", version, "--chat-root", "other/root")) {
            assertThat(process.exitCode(END)).as(process.describe("")).isEqualTo(5);
            assertThat(process.stderr()).singleElement().asString().contains("the subscription to other/root/team1a/#");
        }
    }

    @Test
    void nothingToHear_timesOutWith27() throws IOException {
        try (TestProcess process = client.as("team9a", "listen", "-W", "1")) {
            assertThat(process.exitCode(END)).as(process.describe("")).isEqualTo(27);
            assertThat(process.stdout()).isEmpty();
        }
    }

    @Test
    void closedPipe_endsQuietlyWith141() throws IOException {
        try (TestProcess listener = listening("team10a", () -> client.pipedInto("head -n 1", "team10a", "listen"));
                TestProcess first = client.as("team1a", "send", "--to", "team10a", "--wait", "delivered", "one")) {
            assertThat(first.exitCode(END)).as(first.describe("")).isZero();
            // The reader has gone now; the client learns it when it next writes.
            listener.awaitLine("the first message", line -> line.endsWith("team1a: one"));
            try (TestProcess second = client.as("team1a", "send", "--to", "team10a", "two");
                    TestProcess third = client.as("team1a", "send", "--to", "team10a", "three")) {
                assertThat(second.exitCode(END)).as(second.describe("")).isZero();
                assertThat(third.exitCode(END)).as(third.describe("")).isZero();
            }
            assertThat(listener.exitCode(END)).as(listener.describe("")).isEqualTo(141);
            assertThat(listener.stdout()).hasSize(1);
            assertThat(listener.stderr()).isEmpty();
        }
    }

    @Test
    void brokerThatComesBack_isFoundAgain_andGetsWhatWasTypedMeanwhile() throws IOException {
        Path first = Files.createDirectory(home.resolve("first"));
        Path second = Files.createDirectory(home.resolve("second"));
        int port;
        TestProcess anna;
        try (BrokerProcess before = BrokerProcess.start(first)) {
            port = before.mqttPort();
            anna = new ClientProcess(home, port).as("team1a", "chat");
            anna.awaitLine("the greeting", line -> line.contains("connected to localhost"));
        }
        try {
            anna.awaitLine("the loss", line -> line.contains("connection lost"));
            // To oneself, so that there is somebody to hear it as soon as the connection is back.
            anna.say("team1a: while away");
            try (BrokerProcess after = BrokerProcess.start(second, "--port", Integer.toString(port))) {
                assertThat(after.mqttPort()).isEqualTo(port);
                anna.awaitLine("the return", line -> line.contains("connected again"));
                anna.awaitLine("the message", line -> line.endsWith("team1a: while away"));
                anna.awaitLine("the reading", line -> line.contains("(read) team1a: \"while away\""));
                anna.say("/quit");
                assertThat(anna.exitCode(END)).as(anna.describe("")).isZero();
            }
        } finally {
            anna.close();
        }
    }
}
