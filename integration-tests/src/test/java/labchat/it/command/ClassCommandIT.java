package labchat.it.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.Mosquitto;
import labchat.it.support.Packet;
import labchat.it.support.PythonPeer;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker.jar class} as staff use it: the packaged jar, the class's own files, Python and Mosquitto. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClassCommandIT {

    private static final Duration END = Duration.ofSeconds(60);
    private static final Pattern PASSWORD = Pattern.compile("[a-z]+-[a-z]+-[a-z]+-[a-z]+-\\d{3}");

    @TempDir
    private Path directory;

    private Path room() {
        return directory.resolve("class");
    }

    private TestProcess run(int status, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("class"));
        all.addAll(List.of(arguments));
        TestProcess process = BrokerProcess.run(directory, all);
        assertThat(process.exitCode(END)).as(process.describe("class")).isEqualTo(status);
        return process;
    }

    private void create() throws IOException {
        run(0, "create", "--teams", "2", "--groups", "a,b", "--helpers", "1", "--host", "localhost");
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(room())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file.toString(), Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private String passwordOf(String user) throws IOException {
        Matcher password = PASSWORD.matcher(Files.readString(room().resolve("slips/" + user + ".html")));
        assertThat(password.find()).isTrue();
        return password.group();
    }

    /** On free ports, with the class's files and its data beside them, as if started there. */
    private BrokerProcess serve() throws IOException {
        return BrokerProcess.start(
                directory,
                "--config",
                room().resolve("broker.conf").toString(),
                "--users",
                room().resolve("users.conf").toString(),
                "--acl",
                room().resolve("acl.conf").toString(),
                "--certfile",
                room().resolve("server.crt").toString(),
                "--keyfile",
                room().resolve("server.key").toString(),
                "--tls-port",
                "0",
                "--wss-port",
                "0",
                "--data",
                room().resolve("data").toString());
    }

    @Test
    void create_twice_changesNothing() throws IOException {
        create();
        Map<String, String> before = files();

        TestProcess again = run(0, "create", "--teams", "3", "--groups", "a", "--host", "localhost");

        assertThat(again.stdout())
                .anyMatch(line -> line.contains("nothing was changed"))
                .anyMatch(line -> line.contains("Not in it: team3a"));
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void wrongUse_isExplained_andMakesNothing() throws IOException {
        assertThat(String.join("\n", run(2, "create", "--teams", "0").stderr())).contains("--teams 0");
        assertThat(String.join(
                        "\n",
                        run(2, "create", "--teams", "2", "--groups", "a,a").stderr()))
                .contains("twice");
        assertThat(String.join(
                        "\n",
                        run(2, "create", "--teams", "2", "--host", "http://x").stderr()))
                .contains("--host");
        assertThat(String.join("\n", run(1, "reset", "team1a").stderr())).contains("class create");
        assertThat(room()).doesNotExist();
    }

    @Test
    void theClass_chats_andChangesOfItCountAtOnce() throws IOException {
        create();
        try (BrokerProcess broker = serve()) {
            RawMqtt one = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), "one");
            assertThat(one.connect(Connect.as(Wire.TCP_V5).login("team1a", passwordOf("team1a")))
                            .code())
                    .isZero();
            RawMqtt two = RawMqtt.open(Wire.TCP_V3, broker.mqttPort(), "two");
            String old = passwordOf("team2a");
            assertThat(two.connect(Connect.as(Wire.TCP_V3).login("team2a", old)).code())
                    .isZero();

            assertThat(run(0, "reset", "team2a").stdout())
                    .anyMatch(line -> line.contains("1 user with another password"));
            two.expectClosed();
            assertThat(run(0, "add-team", "team9c").stdout()).contains("1 user added: team9c");
            assertThat(run(0, "remove", "team2b").stdout()).contains("1 user removed: team2b");

            RawMqtt back = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), "back");
            assertThat(back.connect(Connect.as(Wire.TCP_V5).login("team2a", old))
                            .code())
                    .isEqualTo(0x86);
            RawMqtt added = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), "added");
            assertThat(added.connect(Connect.as(Wire.TCP_V5).login("team9c", passwordOf("team9c")))
                            .code())
                    .isZero();
            one.ping();
            List.of(one, two, back, added).forEach(RawMqtt::close);
        }
    }

    @Test
    void theSlipsPython_printsWhatComes() throws IOException {
        Assumptions.assumeTrue(PythonPeer.isInstalled(), "there is no python3-paho-mqtt");
        create();
        try (BrokerProcess broker = serve()) {
            Matcher code = Pattern.compile("(?s)<pre>(import paho.*?)</pre>")
                    .matcher(Files.readString(room().resolve("slips/team1a.html")));
            assertThat(code.find()).isTrue();
            String program = code.group(1).replace("&quot;", "\"").replace("port=1883", "port=" + broker.mqttPort());
            assertThat(program.lines()).hasSize(4);
            Path file = Files.writeString(directory.resolve("listen.py"), program + "\n");
            try (TestProcess python = TestProcess.start(
                            directory, Map.of(), List.of(PythonPeer.PYTHON.toString(), "-u", file.toString()));
                    RawMqtt sender = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), "sender")) {
                sender.connect(Connect.as(Wire.TCP_V5).login("team2a", passwordOf("team2a")));
                python.awaitLine("its own presence", line -> line.contains("team1a/presence"));
                sender.publish(Chat.messageTopic("team1a"), Chat.message("team2a", "team1a", "Hei!"), 1);
                python.awaitLine("the message", line -> line.contains("Hei!"));
            }
        }
    }

    @Test
    void mosquitto_readsBothFiles_withTheSameVerdicts() throws IOException {
        Assumptions.assumeTrue(Mosquitto.isInstalled(), "there is no mosquitto");
        create();
        int port = Mosquitto.freePort();
        Path config = Files.writeString(
                directory.resolve("mosquitto.conf"),
                "listener %d 127.0.0.1\nuser root\npassword_file %s\nacl_file %s\n"
                        .formatted(port, room().resolve("users.conf"), room().resolve("acl.conf")));
        List<String> filters = List.of("team1a/message", "team2a/message", "team2a/presence", "server/rooms", "x");
        try (BrokerProcess ours = serve();
                TestProcess theirs = TestProcess.start(
                        directory, Map.of(), List.of("/usr/sbin/mosquitto", "-c", config.toString()))) {
            Awaitility.await("mosquitto answers").ignoreExceptions().until(() -> {
                new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port).close();
                return true;
            });
            assertThat(theirs.isAlive()).isTrue();
            for (String user : List.of("team1a", "staff")) {
                RawMqtt here = login(ours.mqttPort(), user, passwordOf(user), 0);
                RawMqtt there = login(port, user, passwordOf(user), 0);
                for (String filter : filters) {
                    Packet verdict = here.publish(Chat.ROOT + filter, "{}", 1);
                    Packet theirVerdict = there.publish(Chat.ROOT + filter, "{}", 1);
                    assertThat(verdict.code() == 0x87)
                            .as("%s may not publish to %s", user, filter)
                            .isEqualTo(theirVerdict.code() == 0x87);
                }
                here.close();
                there.close();
            }
            login(ours.mqttPort(), "team1a", "wrong", 0x86).close();
            login(port, "team1a", "wrong", 0x87).close();
        }
    }

    private static RawMqtt login(int port, String user, String password, int code) throws IOException {
        RawMqtt client = RawMqtt.open(Wire.TCP_V5, port, user);
        assertThat(client.connect(Connect.as(Wire.TCP_V5).login(user, password)).code())
                .as(user)
                .isEqualTo(code);
        return client;
    }
}
