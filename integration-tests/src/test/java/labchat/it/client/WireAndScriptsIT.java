package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.it.support.BrokerProcess;
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

/** The packaged client: packets to look at, the menu, what shells and {@code man} read, and a bot from the docs. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WireAndScriptsIT {

    private static final Duration END = Duration.ofSeconds(110);

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

    /** The names of the packets in these lines, each with its direction. */
    private static List<String> packets(List<String> lines) {
        Pattern packet = Pattern.compile(" *[0-9]+ ([→←]) ([A-Z]+)\\b.*");
        List<String> names = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = packet.matcher(line);
            if (matcher.matches()) {
                names.add(matcher.group(1) + matcher.group(2));
            }
        }
        return names;
    }

    /** Waits long for a line: several programs start at once on a machine that may have much else to do. */
    private static String awaitLine(TestProcess process, String what, Predicate<String> fits) {
        await(what).atMost(END).until(() -> process.stdout().stream().anyMatch(fits) || !process.isAlive());
        return process.awaitLine(what, fits);
    }

    @ParameterizedTest
    @CsvSource({
        "3.1.1, 1, '→CONNECT ←CONNACK →PUBLISH ←PUBACK →DISCONNECT'",
        "5, 1, '→CONNECT ←CONNACK →PUBLISH ←PUBACK →DISCONNECT'",
        "5, 2, '→CONNECT ←CONNACK →PUBLISH ←PUBREC →PUBREL ←PUBCOMP →DISCONNECT'"
    })
    void wire_ofSend_showsEachPacket_onStandardError(String version, String qos, String expected) throws IOException {
        try (TestProcess sender =
                client.as("team1a", "send", "--wire", "-V", version, "-q", qos, "--to", "team2a", "Hei på deg!")) {
            assertThat(sender.exitCode(END)).as(sender.describe("")).isZero();
            assertThat(sender.stdout()).isEmpty();
            assertThat(packets(sender.stderr())).containsSubsequence(expected.split(" "));
            assertThat(sender.stderr())
                    .anyMatch(line -> line.contains("CONNECT    MQTT " + version)
                            && line.contains("user team1a, password [redacted]"))
                    .anyMatch(line -> line.contains("→ PUBLISH    ttm4175/chat/team2a/message  QoS " + qos))
                    .anyMatch(line -> line.contains("\"message\":\"Hei på deg!\""));
        }
    }

    @Test
    void wire_ofListen_showsSubscriptionsPings_andWhatComes() throws IOException {
        try (TestProcess listener = client.as("team3a", "listen", "--wire", "-k", "1", "--json")) {
            await().atMost(END).until(() -> packets(listener.stderr()).containsAll(List.of("→PINGREQ", "←PINGRESP")));
            assertThat(packets(listener.stderr())).startsWith("→CONNECT", "←CONNACK", "→SUBSCRIBE", "←SUBACK");
            try (TestProcess sender = client.as("team1a", "send", "--to", "team3a", "Hei!")) {
                assertThat(sender.exitCode(END)).isZero();
            }
            await().atMost(END).until(() -> packets(listener.stderr()).contains("→PUBACK"));
            assertThat(listener.stderr())
                    .anyMatch(line -> line.contains("← PUBLISH    ttm4175/chat/team3a/message  QoS 1, id "));
            awaitLine(listener, "the message itself", line -> line.startsWith("{\"received_at\""));
        }
    }

    @Test
    void wire_inTheChat_showsWhatWasBefore_andMosquittosCommand_whichWorks() throws IOException {
        try (TestProcess chat = client.as("team4a", "chat")) {
            awaitLine(chat, "the connection", line -> line.contains("connected to"));
            chat.say("team5a: it's \"me\"");
            chat.say("/wire");
            awaitLine(chat, "the answer", line -> line.startsWith("-- above, the last packets"));
            assertThat(packets(chat.stdout())).isNotEmpty();
            chat.say("team5a: and again");
            awaitLine(chat, "the packet", line -> line.contains("\"message\":\"and again\""));
            List<String> lines = chat.stdout();
            String head = "";
            for (int i = 1; i < lines.size(); i++) {
                head = lines.get(i).contains("\"message\":\"and again\"") ? lines.get(i - 1) : head;
            }
            // Not the last packet: the chat subscribes to rooms when it hears of them.
            chat.say("/wire command " + head.strip().split(" ")[0]);
            String told = awaitLine(chat, "the command", line -> line.contains(": mosquitto_pub "));
            assertThat(told).contains("-P \"$LABCHAT_PASSWORD\"", "and again");
            chat.say("/wire off");
            awaitLine(chat, "the end of it", line -> line.equals("-- packets are no longer shown"));
            chat.say("/quit");
            assertThat(chat.exitCode(END)).as(chat.describe("")).isZero();

            String command = told.substring(told.indexOf("mosquitto_pub"));
            try (TestProcess shell = TestProcess.start(
                    home,
                    Map.of("LABCHAT_PASSWORD", "team4a", "HOME", home.toString()),
                    List.of("bash", "-c", "command -v mosquitto_pub >/dev/null || exit 0; " + command))) {
                assertThat(shell.exitCode(END)).as(shell.describe(command)).isZero();
                assertThat(shell.stderr()).isEmpty();
            }
        }
    }

    @Test
    void explain_ofADumpInAPipe_saysWhatIsWrong_andWhere() throws IOException {
        Path dump = Files.writeString(
                home.resolve("dump.txt"), "00000000: 3205 0003 612f 62c0 00                   2...a/b..\n");
        List<String> command = client.command("team1a", "explain", "--file", dump.toString());
        try (TestProcess explain = TestProcess.start(home, Map.of("HOME", home.toString()), command)) {
            assertThat(explain.exitCode(END)).isEqualTo(1);
            assertThat(explain.stdout())
                    .anyMatch(line -> line.startsWith("packet 1, from byte 0: PUBLISH"))
                    .anyMatch(line -> line.contains("!! byte 7: the packet ends here; packet id needs 2 bytes"))
                    .anyMatch(line -> line.startsWith("packet 2, from byte 7: PINGREQ"));
        }
        try (TestProcess piped = client.pipedInto("head -n 1", "team1a", "explain", "--json", "c0", "00", "c0", "00")) {
            piped.exitCode(END);
            assertThat(piped.stdout())
                    .singleElement()
                    .asString()
                    .startsWith("{\"offset\":0,\"length\":2,\"type\":\"PINGREQ\",\"version\":\"5\"");
            assertThat(piped.stderr()).isEmpty();
        }
        try (TestProcess wrong = client.as("team1a", "explain", "xyz")) {
            assertThat(wrong.exitCode(END)).isEqualTo(2);
            assertThat(wrong.stderr()).singleElement().asString().contains("\"x\" is no hexadecimal digit");
        }
    }

    @Test
    void sendWithJson_tellsOfEachChange() throws IOException {
        try (TestProcess listener = client.as("team7a", "listen", "--wire");
                TestProcess sender = client.as(
                        "team6a", "send", "--json", "--to", "team7a", "--wait", "delivered", "--timeout", "100", "x")) {
            assertThat(sender.exitCode(END)).as(sender.describe("")).isZero();
            assertThat(sender.stdout()).hasSize(2);
            assertThat(String.join("\n", sender.stdout()))
                    .containsPattern("\\{\"to\":\"team7a\",\"uuid\":\"[0-9a-f]+\",\"status\":\"sent\",\"by\":null}")
                    .containsPattern("\"status\":\"delivered\",\"by\":\"team7a\"}");
            assertThat(listener.isAlive()).isTrue();
        }
    }

    @Test
    void menu_overPipes_writesToAPerson_andMakesAndLeavesAGroup() throws IOException {
        try (TestProcess other = client.as("team9a", "chat");
                TestProcess menu =
                        client.with("team8a", Map.of("LABCHAT_PASSWORD", "team8a", "TERM", "dumb"), "chat", "--menu")) {
            awaitLine(other, "the connection", line -> line.contains("connected to"));
            awaitLine(menu, "the menu", line -> line.equals("0 quit"));
            menu.say("1");
            awaitLine(menu, "the choice of lists", line -> line.startsWith("2 choose from those who are online"));
            menu.say("1");
            awaitLine(menu, "all people", line -> line.endsWith(" x6"));
            menu.say("team9a");
            awaitLine(menu, "the question for text", line -> line.startsWith("To team9a."));
            menu.say("Hei 1!");
            awaitLine(other, "the message", line -> line.endsWith(" team8a: Hei 1!"));
            awaitLine(menu, "its receipt", line -> line.contains("(read) team9a: \"Hei 1!\""));
            menu.say("");
            menu.say("2");
            awaitLine(menu, "the groups", line -> line.startsWith("Group. Which one?"));
            menu.say("menu_group");
            awaitLine(menu, "the new group", line -> line.startsWith("To menu_group."));
            menu.say("alone here");
            menu.say("");
            menu.say("3");
            awaitLine(menu, "the question", line -> line.equals("Leave which group?"));
            menu.say("menu_group");
            awaitLine(menu, "the goodbye", line -> line.equals("-- you have left menu_group"));
            menu.say("9");
            awaitLine(menu, "a wrong number", line -> line.equals("\"9\" was not offered. Type 1, 2, 3 or 0."));
            menu.say("0");
            assertThat(menu.exitCode(END)).as(menu.describe("")).isZero();
            assertThat(String.join("\n", menu.stdout())).doesNotContain("\u001b", "/help");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client-cli/target/client-cli.jar", "broker/target/broker.jar"})
    void bothJars_completeInBash_andHaveAManualPage(String jar) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String program =
                "\"%s\" -jar \"%s\"".formatted(java, BrokerProcess.root().resolve(jar));
        String script = String.join(
                "\n",
                "set -e -o pipefail",
                program + " completion bash --name tool > tool.bash",
                "source ./tool.bash",
                "complete -p tool",
                "COMP_WORDS=(tool com); COMP_CWORD=1; _complete_tool 2>/dev/null || true",
                "echo \"completed: ${COMPREPLY[*]}\"",
                program + " completion fish --name tool > tool.fish",
                "! command -v fish > /dev/null || fish -n tool.fish",
                program + " man > tool.1",
                "! command -v groff > /dev/null || groff -man -ww -z tool.1",
                "head -n 3 tool.1",
                "set +e +o pipefail",
                program + " man | head -n 1 > /dev/null");
        try (TestProcess shell =
                TestProcess.start(home, Map.of("HOME", home.toString()), List.of("bash", "-c", script))) {
            assertThat(shell.exitCode(END)).as(shell.describe("")).isZero();
            assertThat(shell.stdout())
                    .contains("complete -o default -F _complete_tool tool", "completed: completion")
                    .anyMatch(line -> line.startsWith(".TH "));
            assertThat(shell.stderr()).isEmpty();
        }
    }

    @Test
    void botOfTheDocs_answers() throws IOException {
        String page = Files.readString(BrokerProcess.root().resolve("docs/students.md"));
        Matcher example = Pattern.compile("```java\n((?:(?!```).)*public class EchoBot.*?)```", Pattern.DOTALL)
                .matcher(page);
        assertThat(example.find()).isTrue();
        String program = example.group(1).replace("1883", Integer.toString(broker.mqttPort()));
        Path file = Files.writeString(home.resolve("EchoBot.java"), program);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                BrokerProcess.root().resolve("client-cli/target/client-cli.jar").toString(),
                file.toString());
        try (TestProcess bot = TestProcess.start(home, Map.of("LABCHAT_PASSWORD", "team1a"), command);
                TestProcess chat = client.as("team10a", "chat")) {
            awaitLine(chat, "the connection", line -> line.contains("connected to"));
            chat.say("team1a: Hei, bot!");
            awaitLine(chat, "its answer", line -> line.endsWith(" team1a: You wrote: Hei, bot!"));
            awaitLine(chat, "the receipt", line -> line.contains("(read) team1a: \"Hei, bot!\""));
            assertThat(bot.isAlive()).as(bot.describe("")).isTrue();
            assertThat(bot.stderr()).isEmpty();
        }
    }

    @Test
    void botWithAWrongPassword_isToldWhy() throws IOException {
        Path file = Files.writeString(home.resolve("Bot.java"), """
                import labchat.client.*;
                import labchat.client.session.SessionException;

                public class Bot {
                    public static void main(String[] args) throws Exception {
                        var login = new ChatSession.Login("localhost", %d, "team1a", "wrong");
                        System.out.println(login);
                        try (ChatSession chat = ChatSession.connect(login, new ChatListener() {})) {
                            System.out.println("in");
                        } catch (SessionException e) {
                            System.out.println(e.failure().kind() + " " + e.getMessage());
                        }
                    }
                }
                """.formatted(broker.mqttPort()));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                BrokerProcess.root().resolve("client-cli/target/client-cli.jar").toString(),
                file.toString());
        try (TestProcess bot = TestProcess.start(home, Map.of(), command)) {
            assertThat(bot.exitCode(END)).as(bot.describe("")).isZero();
            assertThat(bot.stdout()).hasSize(2);
            assertThat(bot.stdout().get(0)).isEqualTo("Login[team1a at localhost:%d]".formatted(broker.mqttPort()));
            assertThat(bot.stdout().get(1)).startsWith("LOGIN_REFUSED ");
        }
    }
}
