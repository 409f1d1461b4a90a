package labchat.it.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import labchat.it.support.BrokerProcess;
import labchat.it.support.TestProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes, and what is said before them: 0 good, 1 failure, 2 wrong usage, settings or files. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokerCommandIT {

    private static final Duration END = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    /** What a process said and how it ended. */
    private record Ended(int exitCode, List<String> out, List<String> err) {}

    private Ended run(String... arguments) throws Exception {
        return runWith("", arguments);
    }

    private Ended runWith(String input, String... arguments) throws Exception {
        try (TestProcess process = BrokerProcess.run(dir, List.of(arguments))) {
            if (!input.isEmpty()) {
                process.say(input);
            }
            return new Ended(process.exitCode(END), process.stdout(), process.stderr());
        }
    }

    private static Path repository(String name) {
        return BrokerProcess.root().resolve(name);
    }

    private void copyRepositorysFiles() throws Exception {
        Files.copy(repository("users.conf"), dir.resolve("users.conf"));
        Files.copy(repository("acl.conf"), dir.resolve("acl.conf"));
    }

    @Test
    void help_saysWhatThereIs() throws Exception {
        Ended ended = run("--help");

        assertThat(ended.exitCode()).isZero();
        assertThat(String.join("\n", ended.out())).contains("--ws-port", "users", "acl", "serve");
    }

    @Test
    void version_ofTheJar_isPrinted() throws Exception {
        Ended ended = run("--version");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out().get(0)).matches("Labchat broker \\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void option_unknown_isWrongUsageWithASuggestion() throws Exception {
        Ended ended = run("--prot", "1883");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err())
                .containsExactly(
                        "error: unknown option \"--prot\"; did you mean --port?", "See: java -jar broker.jar --help");
    }

    @Test
    void command_unknown_isWrongUsageWithASuggestion() throws Exception {
        Ended ended = run("user", "list");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err().get(0)).isEqualTo("error: unknown argument \"user\"; did you mean users?");
    }

    @Test
    void problems_ofOptionsAndAllFiles_areReportedTogether() throws Exception {
        Files.writeString(dir.resolve("broker.conf"), "prot 1883\nmax_text_length none\n");
        Files.writeString(dir.resolve("users.conf"), "ann:hunter2\nann\n");
        Files.writeString(dir.resolve("acl.conf"), "user ann\ntopic wirte a/b\n");

        Ended ended = run("serve", "--ws-port", "70000");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err())
                .containsExactly(
                        "error: broker.conf:1: unknown setting \"prot\"; did you mean port?",
                        "error: --ws-port: \"70000\"; expected 0 to 65535, 0 for any free port, or off",
                        "error: broker.conf:2: max_text_length: \"none\"; expected 1 to 1000000 characters",
                        "error: users.conf:1: user \"ann\": no password hash of a known form; expected $7$…, $6$… or"
                                + " $argon2id$…, as \"users passwd\" or mosquitto_passwd write it",
                        "error: users.conf:2: no colon; expected name:hash, or # as the first character of a comment",
                        "error: acl.conf:2: unknown access \"wirte\"; expected read, write, readwrite or deny");
    }

    @Test
    void files_missing_stopTheStart() throws Exception {
        Ended ended = run();

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).hasSize(2);
        assertThat(ended.err().get(0))
                .startsWith("error: users.conf: no such file")
                .contains("--users");
        assertThat(ended.err().get(1))
                .startsWith("error: acl.conf: no such file")
                .contains("--acl");
    }

    @Test
    void check_ofGoodFiles_endsWell() throws Exception {
        copyRepositorysFiles();

        Ended ended = run("serve", "--check");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out())
                .containsExactly("Settings and files are good: 31 users in users.conf, 10 rules in acl.conf.");
        assertThat(ended.err()).singleElement().asString().contains("demo passwords", "--allow-demo-passwords");
    }

    @Test
    void port_inUse_isOneLineAndAFailure() throws Exception {
        copyRepositorysFiles();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Ended ended = run("--port", String.valueOf(taken.getLocalPort()), "--ws-port", "off", "--quiet");

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.err())
                    .singleElement()
                    .asString()
                    .startsWith("error: ")
                    .contains(String.valueOf(taken.getLocalPort()));
        }
    }

    @Test
    void broker_withDemoPasswords_listensOnThisMachineOnlyAndSaysSo() throws Exception {
        copyRepositorysFiles();

        try (BrokerProcess broker = BrokerProcess.start(dir, "--bind", "0.0.0.0")) {
            broker.process().awaitLine("where to connect", line -> line.contains("mqtt://127.0.0.1:"));
            assertThat(broker.process().stderr()).anyMatch(line -> line.contains("demo passwords"));
        }
        try (BrokerProcess broker = BrokerProcess.start(dir, "--bind", "0.0.0.0", "--allow-demo-passwords")) {
            String where = broker.process().awaitLine("where to connect", line -> line.contains("mqtt://"));
            assertThat(where).doesNotContain("0.0.0.0").doesNotContain("127.0.0.1");
            assertThat(broker.process().stderr()).noneMatch(line -> line.contains("demo passwords"));
        }
    }

    @Test
    void broker_ready_saysHowToChatAndWritesTheReadyFile() throws Exception {
        copyRepositorysFiles();

        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            String command = broker.process().awaitLine("the client's command", line -> line.contains("java -jar"));
            assertThat(command.strip()).endsWith("-h localhost -p %d -u team1a".formatted(broker.mqttPort()));
            assertThat(broker.ready())
                    .isEqualTo("{\"pid\":%d,\"mqtt\":%d,\"ws\":%d,\"tls\":null,\"wss\":null,\"http\":%d}\n"
                            .formatted(
                                    broker.process().pid(),
                                    broker.mqttPort(),
                                    broker.webSocketPort(),
                                    broker.httpPort()));
        }
    }

    @Test
    void broker_terminated_endsWellWithinThreeSeconds() throws Exception {
        copyRepositorysFiles();

        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            long start = System.nanoTime();
            broker.process().terminate();
            int exitCode = broker.process().exitCode(END);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(exitCode).isZero();
            assertThat(took).isLessThan(Duration.ofSeconds(3));
            assertThat(dir.resolve("ready.json")).doesNotExist();
            assertThat(broker.process().stderr()).noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @Test
    void users_addPasswdListRemove_changeTheFile() throws Exception {
        assertThat(runWith("secret", "users", "add", "team1a").exitCode()).isZero();
        assertThat(runWith("team2a", "users", "add", "team2a").err())
                .singleElement()
                .asString()
                .contains("the password is the name itself");
        String before = Files.readString(dir.resolve("users.conf"));
        assertThat(runWith("other", "users", "passwd", "team1a").exitCode()).isZero();
        assertThat(Files.readString(dir.resolve("users.conf"))).isNotEqualTo(before);
        assertThat(run("users", "list").out()).containsExactly("team1a", "team2a");
        assertThat(run("users", "check").err()).singleElement().asString().contains("1 of 2 users", "team2a");
        assertThat(run("users", "remove", "team2a").exitCode()).isZero();
        assertThat(run("users", "list").out()).containsExactly("team1a");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("users.conf"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(dir.resolve("users.conf"))).doesNotContain("secret", "other");
    }

    @Test
    void users_atOnceInTwoProcesses_areBothKept() throws Exception {
        List<TestProcess> processes = new ArrayList<>();
        for (String user : List.of("ann", "bob", "cid")) {
            TestProcess process = BrokerProcess.run(dir, List.of("users", "add", user));
            processes.add(process);
            process.say("secret");
        }
        for (TestProcess process : processes) {
            assertThat(process.exitCode(END)).as(process.describe("users add")).isZero();
            process.close();
        }

        assertThat(run("users", "list").out()).containsExactlyInAnyOrder("ann", "bob", "cid");
    }

    @Test
    void users_wrong_areRefused() throws Exception {
        copyRepositorysFiles();

        assertThat(run("users").exitCode()).isEqualTo(2);
        assertThat(run("users", "add", "server").exitCode()).isEqualTo(2);
        assertThat(run("users", "add", "team1a").exitCode()).isEqualTo(1);
        assertThat(run("users", "passwd", "nobody").exitCode()).isEqualTo(1);
        assertThat(run("users", "remove", "nobody").err())
                .containsExactly("error: users.conf: there is no user \"nobody\"; see: users list");
        Ended empty = runWith("\n", "users", "passwd", "team1a");
        assertThat(empty.exitCode()).isEqualTo(2);
        assertThat(empty.err()).singleElement().asString().contains("the password is empty");
    }

    @Test
    void aclExplain_ofBothVerdicts_namesTheLine() throws Exception {
        copyRepositorysFiles();

        Ended allowed = run("acl", "explain", "--user", "team1a", "--publish", "ttm4175/chat/team2a/message");
        assertThat(allowed.exitCode()).isZero();
        assertThat(allowed.out())
                .singleElement()
                .asString()
                .matches("allowed: team1a may publish to ttm4175/chat/team2a/message"
                        + " \\(acl\\.conf:\\d+: pattern write ttm4175/chat/\\+/message\\)");
        Ended denied = run("acl", "explain", "--user", "team1a", "--subscribe", "ttm4175/chat/+/message");
        assertThat(denied.exitCode()).isZero();
        assertThat(denied.out())
                .containsExactly("denied: ttm4175/chat/+/message would include ttm4175/chat/other/message, and no rule"
                        + " lets team1a read ttm4175/chat/other/message");
        assertThat(run("acl", "explain", "--user", "team1a", "--subscribe", "a/#/b")
                        .exitCode())
                .isEqualTo(2);
    }
}
