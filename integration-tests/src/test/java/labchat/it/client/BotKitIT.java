package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Packet;
import labchat.it.support.PythonPeer;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The bots of {@code examples/}, as its README.md starts them. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BotKitIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Path EXAMPLES = BrokerProcess.root().resolve("examples");

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass();

    @TempDir
    private Path home;

    private final List<TestProcess> bots = new ArrayList<>();

    @AfterEach
    void stop() {
        bots.forEach(TestProcess::close);
    }

    private TestProcess start(String user, List<String> command) throws IOException {
        TestProcess bot = TestProcess.start(home, Map.of("LABCHAT_PASSWORD", "secret-of-" + user), command);
        bots.add(bot);
        return bot;
    }

    private TestProcess python(String program, String user, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                // No compiled files beside the examples.
                PythonPeer.PYTHON.toString(),
                "-B",
                EXAMPLES.resolve("python/" + program + ".py").toString()));
        command.addAll(Arrays.asList(more));
        command.addAll(List.of("-u", user, "-h", "127.0.0.1", "-p", Integer.toString(BROKER.port(false))));
        return start(user, command);
    }

    private TestProcess java(String program, String user, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                BrokerProcess.root().resolve("client-cli/target/client-cli.jar").toString(),
                EXAMPLES.resolve("java/" + program + ".java").toString()));
        command.addAll(Arrays.asList(more));
        command.addAll(List.of(user, "127.0.0.1", Integer.toString(BROKER.port(false))));
        return start(user, command);
    }

    private static void awaitLine(TestProcess bot, String whole) {
        await().atMost(LONG).until(() -> !bot.isAlive() || bot.stdout().contains(whole));
        assertThat(bot.stdout()).as(() -> bot.describe(whole)).contains(whole);
    }

    /** Writes to a bot; it has to say that it got and read that, and to answer. */
    private static void ask(RawMqtt person, String bot, String text, String... answers) throws IOException {
        String uuid = Chat.freshUuid();
        person.publish(Chat.messageTopic(bot), Chat.message("x1", bot, text, uuid), 1);
        for (String status : List.of("delivered", "read")) {
            take(person, status, bot, uuid);
        }
        for (String answer : answers) {
            take(person, "message", bot, answer);
        }
    }

    private static void take(RawMqtt person, String kind, String from, String part) throws IOException {
        Packet packet = person.takeWithin(
                        LONG,
                        next -> next.type() == labchat.it.support.Packet.Type.PUBLISH
                                && next.topic().equals(Chat.ROOT + "x1/" + kind)
                                && next.text().contains("\"" + from + "\"")
                                && next.text().contains(part))
                .orElseThrow(() -> new AssertionError("no %s of %s with %s".formatted(kind, from, part)));
        person.acknowledge(packet);
    }

    private static void awaitInFile(Path file, String part) {
        await().atMost(LONG)
                .until(() -> Files.exists(file) && Files.readString(file).contains(part));
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void pythonBots_answerWithReceipts_andBridgeTheRoom() throws IOException {
        Path file = home.resolve("python.txt");
        TestProcess bridge = python("bridge", "team4a", "lobby", file.toString());
        Stream.of(python("echo", "team1a"), python("pirate", "team2a"), python("remind", "team3a"))
                .toList()
                .forEach(bot -> await().atMost(LONG)
                        .until(() -> bot.stdout().stream().anyMatch(line -> line.endsWith("is listening"))));
        awaitLine(bridge, "lobby is bridged to " + file);

        talk(List.of("team1a", "team2a", "team3a"), bridge, "team4a", file);
    }

    @Test
    void javaBots_answerWithReceipts_andBridgeTheRoom() throws IOException {
        Path file = home.resolve("java.txt");
        TestProcess bridge = java("Bridge", "team8a", "lobby", file.toString());
        java("Echo", "team5a");
        java("Pirate", "team6a");
        java("Remind", "team7a");
        bots.forEach(bot -> await().atMost(LONG)
                .until(() -> bot.stdout().stream().anyMatch(line -> line.endsWith("is listening"))));

        talk(List.of("team5a", "team6a", "team7a"), bridge, "team8a", file);
    }

    private static void talk(List<String> names, TestProcess bridge, String bridgeName, Path file) throws IOException {
        RawMqtt person = BROKER.receiver(Wire.TCP_V5, "x1", 1);
        assertThat(person.subscribe(Chat.ROOT + "lobby/message", 1)).isEqualTo(1);
        ask(person, names.get(0), "Hei", "[bot] You wrote: Hei");
        ask(person, names.get(1), "Hello friend", "[bot] Ahoy matey Arrr!");
        ask(person, names.get(2), "remind me in 1s to go", "[bot] I remind you in 1s.", "[bot] Remember to go");
        ask(person, names.get(2), "what?", "[bot] Write: remind me in 10s");

        person.publish(Chat.messageTopic("lobby"), Chat.message("x1", "lobby", "said in the room"), 1);
        awaitInFile(file, " x1: said in the room\n");
        bridge.say("from the pipe");
        person.takeWithin(
                        LONG,
                        next -> next.text().contains("[bot] from the pipe")
                                && next.text().contains(bridgeName))
                .orElseThrow();
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void pythonBot_wrongPassword_saysSo() throws IOException {
        TestProcess bot = TestProcess.start(
                home,
                Map.of("LABCHAT_PASSWORD", "wrong"),
                List.of(
                        PythonPeer.PYTHON.toString(),
                        "-B",
                        EXAMPLES.resolve("python/echo.py").toString(),
                        "-u",
                        "team9a",
                        "-p",
                        Integer.toString(BROKER.port(false))));
        bots.add(bot);

        assertThat(bot.exitCode(LONG)).as(() -> bot.describe("")).isEqualTo(4);
        assertThat(bot.stderr()).anyMatch(line -> line.contains("the broker refuses the login"));
    }
}
