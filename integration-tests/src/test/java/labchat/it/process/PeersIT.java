package labchat.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Mosquitto;
import labchat.it.support.PythonPeer;
import labchat.it.support.TestBroker;
import labchat.it.support.TestProcess;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of a lab, each as its own process, chat through the packaged broker with the repository's own files. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeersIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static BrokerProcess broker;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = BrokerProcess.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv311", "mqttv5"})
    @EnabledIf("labchat.it.support.Mosquitto#isInstalled")
    void mosquittoSub_showsExactlyTheJsonThatMosquittoPubSent(String version) throws IOException {
        try (TestProcess sub = Mosquitto.sub(
                directory,
                broker.mqttPort(),
                ("-V " + version + " -u team2a -P team2a -q 1 -d -v -C 4 -t ttm4175/chat/team2a/#"
                                + " -T ttm4175/chat/+/presence")
                        .split(" "))) {
            sub.awaitLine("SUBACK", line -> line.contains("received SUBACK"));
            List<String> kinds = List.of("message", "delivered", "read", "typing");
            for (String kind : kinds) {
                try (TestProcess pub = Mosquitto.pub(
                        directory,
                        broker.mqttPort(),
                        "-V",
                        version,
                        "-u",
                        "team1a",
                        "-P",
                        "team1a",
                        "-q",
                        kind.equals("typing") ? "0" : "1",
                        "-t",
                        Chat.ROOT + "team2a/" + kind,
                        "-m",
                        Chat.payload(kind, "team1a", "team2a", "16fd2706-" + version))) {
                    assertThat(pub.exitCode(SOON)).as(pub.describe("exit code")).isZero();
                }
            }
            assertThat(sub.exitCode(SOON)).as(sub.describe("exit code")).isZero();
            assertThat(sub.stdout().stream().filter(line -> line.startsWith("ttm4175/")))
                    .containsExactlyElementsOf(kinds.stream()
                            .map(kind -> Chat.ROOT + "team2a/" + kind + " "
                                    + Chat.payload(kind, "team1a", "team2a", "16fd2706-" + version))
                            .toList());
        }
    }

    @Test
    @EnabledIf("labchat.it.support.Mosquitto#isInstalled")
    void mosquittosClients_areToldWhenTheyMayNot() throws IOException {
        try (TestProcess wrongPassword = Mosquitto.pub(
                        directory,
                        broker.mqttPort(),
                        "-u team1a -P wrong -t ttm4175/chat/team2a/message -m x".split(" "));
                TestProcess foreignTree = Mosquitto.sub(
                        directory, broker.mqttPort(), "-u team1a -P team1a -W 5 -t ttm4175/chat/team2a/#".split(" "));
                TestProcess inAnothersName = Mosquitto.pub(
                        directory,
                        broker.mqttPort(),
                        "-V",
                        "mqttv5",
                        "-u",
                        "team1a",
                        "-P",
                        "team1a",
                        "-q",
                        "1",
                        "-t",
                        Chat.messageTopic("team2a"),
                        "-m",
                        Chat.message("team3b", "team2a", "forged"))) {
            assertThat(wrongPassword.exitCode(SOON))
                    .as(wrongPassword.describe("exit code"))
                    .isIn(4, 5);
            foreignTree.exitCode(SOON);
            assertThat(String.join("\n", foreignTree.stderr())).contains("denied");
            inAnothersName.exitCode(SOON);
            assertThat(String.join("\n", inAnothersName.stderr())).containsIgnoringCase("not authorized");
        }
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void pythonPrograms_chatBothWaysWithReceiptsAndTyping() throws IOException {
        try (PythonPeer team1a = PythonPeer.start(directory, broker.mqttPort(), "team1a", Optional.of("team1a"));
                PythonPeer team2a = PythonPeer.start(directory, broker.mqttPort(), "team2a", Optional.of("team2a"))) {
            chat(team1a, "team1a", team2a, "team2a");
            chat(team2a, "team2a", team1a, "team1a");
        }
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void pythonPrograms_withoutALogin_chatWhereTheRulesLetThem(@TempDir Path own) throws IOException {
        Path acl =
                Files.writeString(own.resolve("acl.conf"), "topic readwrite ttm4175/chat/#\n" + TestBroker.CLASS_ACL);
        try (BrokerProcess open = BrokerProcess.start(own, "--allow-anonymous", "--acl", acl.toString());
                PythonPeer team1a = PythonPeer.start(own, open.mqttPort(), "team1a", Optional.empty());
                PythonPeer team2a = PythonPeer.start(own, open.mqttPort(), "team2a", Optional.empty());
                PythonPeer named = PythonPeer.start(own, open.mqttPort(), "team3a", Optional.of("team3a"))) {
            chat(team1a, "team1a", team2a, "team2a");
            chat(team2a, "team2a", named, "team3a");
            chat(named, "team3a", team1a, "team1a");
        }
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void pythonProgram_withoutALogin_isNotLetInByDefault() throws IOException {
        assertThat(Assertions.catchThrowable(
                        () -> PythonPeer.start(directory, broker.mqttPort(), "team1a", Optional.empty())
                                .close()))
                .hasMessageContaining("refused 5");
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void pythonProgram_seesWhoIsConnected() throws IOException {
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
        try (PythonPeer watcher = PythonPeer.start(directory, broker.mqttPort(), "team11a", Optional.of("team11a"))) {
            watcher.type("watch");
            for (int i = 1; i <= 6; i++) {
                // Nobody ever connects as these here.
                watcher.awaitLine("presence x%d offline None".formatted(i));
            }
            TestProcess seen = watcher.process();
            seen.awaitLine("one's own", line -> line.matches("presence team11a online " + time));
            try (PythonPeer other = PythonPeer.start(directory, broker.mqttPort(), "team12a", Optional.of("team12a"))) {
                seen.awaitLine("the other's", line -> line.matches("presence team12a online " + time));
                other.type("quit");
                seen.awaitLine("the other's end", line -> line.matches("presence team12a offline " + time));
            }
        }
    }

    /** One message with its receipts, and a typing hint. */
    private static void chat(PythonPeer from, String sender, PythonPeer to, String receiver) {
        String uuid = Chat.freshUuid();
        from.type("typing " + receiver);
        to.awaitLine("typing " + sender);
        from.type("say %s %s Hei på deg, %s!".formatted(receiver, uuid, receiver));
        to.awaitLine("message %s %s Hei på deg, %s!".formatted(sender, uuid, receiver));
        from.awaitLine("delivered %s %s".formatted(receiver, uuid));
        from.awaitLine("read %s %s".formatted(receiver, uuid));
    }

    @Test
    @EnabledIf("labchat.it.support.PythonPeer#isInstalled")
    void pythonProgram_andOurClient_understandEachOther() throws IOException {
        try (PythonPeer python = PythonPeer.start(directory, broker.mqttPort(), "team1a", Optional.of("team1a"))) {
            try (TestProcess send =
                    client("team2a", "send", "--to", "team1a", "--wait", "read", "--timeout", "15", "Hei Python!")) {
                assertThat(send.exitCode(SOON)).as(send.describe("exit code")).isZero();
            }
            python.process()
                    .awaitLine(
                            "the client's message",
                            line -> line.startsWith("message team2a ") && line.endsWith(" Hei Python!"));

            try (TestProcess listen = client("team2a", "listen", "--json", "-W", "20")) {
                // A hint at QoS 0 is lost while nobody listens: type until one is seen.
                Awaitility.await("the client listens")
                        .atMost(SOON)
                        .pollInterval(Duration.ofMillis(300))
                        .until(() -> {
                            python.type("typing team2a");
                            return !listen.stdout().isEmpty();
                        });
                String uuid = Chat.freshUuid();
                python.type("say team2a " + uuid + " Hei klient!");
                String line = listen.awaitLine("Python's message", text -> text.contains("Hei klient!"));
                assertThat(line).contains(uuid).contains("\"topic\":\"ttm4175/chat/team2a/message\"");
                python.awaitLine("delivered team2a " + uuid);
            }
        }
    }

    private static TestProcess client(String user, String command, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                BrokerProcess.root().resolve("client-cli/target/client-cli.jar").toString(),
                command,
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(broker.mqttPort()),
                "-u",
                user));
        line.addAll(List.of(arguments));
        return TestProcess.start(
                directory, Map.of("LABCHAT_PASSWORD", user, "HOME", directory.toString(), "XDG_CONFIG_HOME", ""), line);
    }
}
