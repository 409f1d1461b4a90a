package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Mosquitto;
import labchat.it.support.TestProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rooms, history, who is there and what was missed, as students and their scripts see them. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientRoomsAndHistoryIT {

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

    /** Runs a command that is to succeed, and returns what it printed. */
    private List<String> run(String user, String... arguments) throws IOException {
        try (TestProcess process = client.as(user, arguments)) {
            assertThat(process.exitCode(END)).as(process.describe("")).isZero();
            assertThat(process.stderr()).isEmpty();
            return process.stdout();
        }
    }

    /** Runs a command until it prints what is wanted: the server files messages a moment after it has acknowledged them. */
    private static List<String> until(Predicate<List<String>> wanted, Callable<List<String>> command) {
        List<String> lines = new ArrayList<>();
        await().atMost(END).pollInterval(Duration.ofMillis(100)).until(() -> {
            lines.clear();
            lines.addAll(command.call());
            return wanted.test(lines);
        });
        return lines;
    }

    private TestProcess chat(String user, String version) throws IOException {
        TestProcess process = client.as(user, "chat", "-V", version);
        process.awaitLine("the greeting", line -> line.contains("connected to localhost"));
        return process;
    }

    @ParameterizedTest
    @CsvSource({"3.1.1,5,group_1", "5,3.1.1,group_2"})
    void twoChats_talkInARoom(String first, String second, String room) throws IOException {
        try (TestProcess anna = chat("team1a", first);
                TestProcess bo = chat("team2a", second)) {
            anna.say("/create " + room);
            anna.awaitLine(
                    "the room",
                    line -> line.equals("-- %s is open; the others get in with /join %s".formatted(room, room)));
            bo.say("/rooms");
            bo.awaitLine("the list", line -> line.contains(room + "  public, 1 member"));
            bo.say("/join " + room);
            bo.awaitLine("the welcome", line -> line.equals("-- you are in %s with team1a".formatted(room)));
            anna.awaitLine("the notice", line -> line.equals("-- team2a has joined " + room));

            anna.say("Hei i " + room);
            bo.awaitLine("the message", line -> line.endsWith("[%s] team1a: Hei i %s".formatted(room, room)));
            anna.awaitLine(
                    "the receipts",
                    line -> line.contains(
                            "(read) in %s: \"Hei i %s\" (delivered to 1 of 1, read by 1)".formatted(room, room)));
            bo.say("Hei anna");
            anna.awaitLine("the answer", line -> line.endsWith("[%s] team2a: Hei anna".formatted(room)));

            bo.say("/leave");
            anna.awaitLine("the goodbye", line -> line.equals("-- team2a has left " + room));
            bo.say(room + ": still there?");
            bo.awaitLine("the refusal", line -> line.startsWith("!! not sent to " + room));
            anna.say("/quit");
            bo.say("/quit");
            assertThat(anna.exitCode(END)).as(anna.describe("")).isZero();
            assertThat(bo.exitCode(END)).as(bo.describe("")).isZero();
            // One's own message comes back from the room, and is not shown twice.
            assertThat(anna.stdout())
                    .filteredOn(line ->
                            line.contains("Hei i " + room) && !line.contains("(read)") && !line.contains("(delivered)"))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void invitation_toAPrivateRoom_reachesWhoIsConnected_andRemovalToo(String version) throws IOException {
        String room = version.equals("5") ? "secret_5" : "secret_3";
        try (TestProcess anna = chat("team3a", version);
                TestProcess bo = chat("team4a", version)) {
            anna.say("/create %s private".formatted(room));
            anna.say("/invite team4a");
            bo.awaitLine(
                    "the invitation",
                    line -> line.equals(
                            "-- team3a has invited team4a to %s; /join %s gets you in".formatted(room, room)));
            bo.say("/join " + room);
            bo.awaitLine("the welcome", line -> line.equals("-- you are in %s with team3a".formatted(room)));
            anna.say("/remove team4a");
            bo.awaitLine("the removal", line -> line.equals("-- team3a has removed team4a from " + room));
            anna.awaitLine("the word", line -> line.equals("-- team4a is no longer in " + room));
            assertThat(run("team5a", "rooms")).noneMatch(line -> line.contains(room));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void messagesMissed_areShownInOrderAtTheStart_andReceipted(String version) throws IOException {
        String from = version.equals("5") ? "team6a" : "team6b";
        String to = version.equals("5") ? "team7a" : "team7b";
        for (String text : List.of("one", "two", "three")) {
            run(from, "send", "--to", to, text);
        }
        try (TestProcess late = chat(to, version)) {
            late.awaitLine("the last of them", line -> line.endsWith(from + ": three"));
            assertThat(late.stdout())
                    .filteredOn(line -> line.contains(from + ": "))
                    .extracting(line -> line.substring(line.indexOf(": ") + 2))
                    .containsExactly("one", "two", "three");
        }
        until(
                lines -> lines.size() == 3 && lines.stream().noneMatch(line -> line.contains("\"read\":null")),
                () -> run(from, "history", "--with", to, "--json", "-V", version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void history_takesNoWaitingMessage(String version) throws IOException {
        String to = version.equals("5") ? "team8a" : "team8b";
        run("team9a", "send", "--to", to, "for later");
        until(
                lines -> lines.size() == 1 && lines.get(0).endsWith("team9a: for later"),
                () -> run(to, "history", "--with", "team9a", "-V", version));
        assertThat(run(to, "rooms", "-V", version)).isNotEmpty();
        assertThat(run(to, "who", "-V", version)).isNotEmpty();

        assertThat(run(to, "listen", "-C", "1", "-V", version))
                .singleElement()
                .asString()
                .endsWith("team9a: for later");
    }

    @Test
    void history_afterARestartOfTheBroker_isStillThere() throws IOException {
        Path directory = Files.createDirectory(home.resolve("restarted"));
        try (BrokerProcess before = BrokerProcess.start(directory)) {
            client = new ClientProcess(home, before.mqttPort());
            for (String text : List.of("the first", "the second", "the third")) {
                run("team1a", "send", "--to", "team2a", text);
            }
            run("team1a", "rooms", "create", "kept");
        }
        try (BrokerProcess after = BrokerProcess.start(directory)) {
            client = new ClientProcess(home, after.mqttPort());
            until(lines -> lines.size() == 3, () -> run("team2a", "history", "--with", "team1a"));
            List<String> two = run("team2a", "history", "--with", "team1a", "-n", "2", "--json");
            assertThat(two).hasSize(2);
            assertThat(two.get(0))
                    .startsWith("{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":\"the second\",\"uuid\":\"")
                    .contains("\"delivered\":null,\"read\":null");
            String uuid = two.get(0).replaceAll(".*\"uuid\":\"([^\"]*)\".*", "$1");
            assertThat(run("team2a", "history", "--with", "team1a", "--before", uuid))
                    .singleElement()
                    .asString()
                    .endsWith("the first");
            assertThat(run("team2a", "history", "--search", "third"))
                    .singleElement()
                    .asString()
                    .endsWith("team1a: the third");
            assertThat(run("team1a", "rooms", "--json"))
                    .contains("{\"id\":\"kept\",\"public\":true,\"members\":[\"team1a\"],\"joined\":true}");
            try (TestProcess chat = chat("team1a", "5")) {
                chat.say("/to team2a");
                chat.say("/history 2");
                chat.awaitLine(
                        "the title", line -> line.equals("-- history with team2a; /history more for what is older"));
                chat.awaitLine("the newest", line -> line.endsWith("→ team2a: the third"));
                chat.say("/history more");
                chat.awaitLine("the oldest", line -> line.endsWith("→ team2a: the first"));
                chat.say("/search second");
                chat.awaitLine("the find", line -> line.equals("-- found \"second\" in the history with team2a"));
            }
        }
    }

    @Test
    void who_tellsWhoIsConnected() throws IOException {
        try (TestProcess anna = chat("team10a", "5")) {
            anna.awaitLine("the greeting", line -> line.contains("connected"));
            List<String> people = until(
                    lines -> lines.stream()
                            .anyMatch(line -> line.startsWith("{\"id\":\"team10a\",\"status\":\"online\"")),
                    () -> run("team11a", "who", "--json"));

            assertThat(people)
                    .allMatch(line -> line.matches(
                            "\\{\"id\":\"[^\"]+\",\"status\":\"(online|offline)\",\"since\":(null|\"[^\"]+Z\")}"));
            assertThat(people).contains("{\"id\":\"staff\",\"status\":\"offline\",\"since\":null}");
            assertThat(run("team11a", "who")).anyMatch(line -> line.startsWith("online: "));
        }
    }

    @Test
    void rooms_areChangedByScripts() throws IOException {
        assertThat(run("team12a", "rooms", "create", "scripted", "--private"))
                .containsExactly("scripted  private, 1 member, you are in it");
        run("team12a", "rooms", "invite", "team12b", "scripted");
        assertThat(run("team12b", "rooms", "list")).anyMatch(line -> line.contains("you are invited: /join scripted"));
        assertThat(run("team12b", "rooms", "join", "scripted", "--json"))
                .containsExactly(
                        "{\"id\":\"scripted\",\"public\":false,\"members\":[\"team12a\",\"team12b\"],\"joined\":true}");
        run("team12a", "rooms", "remove", "team12b", "scripted");
        assertThat(run("team12b", "rooms", "list")).noneMatch(line -> line.contains("scripted"));
        assertThat(run("team12a", "rooms", "leave", "scripted")).containsExactly("done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1.1", "5"})
    void refusal_isToldInTheServersWords(String version) throws IOException {
        try (TestProcess process = client.as("x1", "rooms", "join", "nowhere", "-V", version)) {
            assertThat(process.exitCode(END)).as(process.describe("")).isEqualTo(1);
            assertThat(process.stderr()).singleElement().asString().contains("there is no room \"nowhere\"");
        }
    }

    @Test
    void unknownAction_exitsTwoWithTheNearest() throws IOException {
        try (TestProcess process = client.as("x1", "rooms", "jion", "nowhere")) {
            assertThat(process.exitCode(END)).as(process.describe("")).isEqualTo(2);
            assertThat(process.stderr()).containsExactly("labchat: rooms \"jion\": unknown; did you mean join?");
        }
    }

    @ParameterizedTest
    @CsvSource({"3.1.1,27", "5,1"})
    void serverThatAnswersNoRequests_isNamed(String version, int exitCode) throws IOException {
        assumeTrue(Mosquitto.isInstalled(), "there is no mosquitto");
        int port = Mosquitto.freePort();
        try (TestProcess plain = Mosquitto.startBroker(home, port, Mosquitto.freePort());
                TestProcess process = new ClientProcess(home, port).as("x1", "history", "-V", version)) {
            assertThat(process.exitCode(END)).as(process.describe("")).isEqualTo(exitCode);
            assertThat(process.stderr())
                    .singleElement()
                    .asString()
                    .startsWith("labchat: the server at localhost:%d does not answer history requests".formatted(port));
            assertThat(plain.isAlive()).isTrue();
        }
    }
}
