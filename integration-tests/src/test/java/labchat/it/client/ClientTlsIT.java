package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import labchat.broker.tls.ClassCertificates;
import labchat.client.ChatListener;
import labchat.client.ChatSession;
import labchat.client.session.SessionException;
import labchat.it.support.BrokerProcess;
import labchat.it.support.TestBroker;
import labchat.it.support.TestProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The client's options for TLS: whom it trusts, what it remembers, and the words for a server that it does not trust. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientTlsIT {

    private static final Duration END = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestBroker BROKER =
            TestBroker.ofTheClass().onAllAddresses().secure().connectTimeout(Duration.ofSeconds(60));

    @TempDir
    private Path home;

    private String fingerprint;

    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void look() throws IOException {
        fingerprint = BROKER.certificates().fingerprint();
    }

    private Ended who(int port, boolean password, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                BrokerProcess.root().resolve("client-cli/target/client-cli.jar").toString(),
                "who",
                "-p",
                Integer.toString(port)));
        command.addAll(Arrays.asList(options));
        Map<String, String> environment = new LinkedHashMap<>(Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", ""));
        if (password) {
            environment.put("LABCHAT_PASSWORD", "secret-of-team1a");
        }
        try (TestProcess process = TestProcess.start(home, environment, command)) {
            return new Ended(
                    process.exitCode(END), String.join("\n", process.stdout()), String.join("\n", process.stderr()));
        }
    }

    private Ended who(String... options) throws IOException {
        return who(BROKER.securePort(false), true, options);
    }

    private static void assertGood(Ended ended) {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("team2a");
    }

    @Test
    void server_ofTheCaThatIsGiven_isTrusted() throws Exception {
        assertGood(who(
                "-u",
                "team1a",
                "--cafile",
                BROKER.certificates().authorityFile().toString()));
    }

    @Test
    void server_thatIsNotKnown_isTrustedOnlyByItsFingerprintAndThenRemembered() throws Exception {
        Ended unknown = who("-u", "team1a", "--tls");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("does not know the certificate", "--fingerprint " + fingerprint);

        assertGood(who(
                "-u",
                "team1a",
                "--fingerprint",
                fingerprint.toLowerCase(Locale.ROOT).replace(":", "")));
        assertThat(home.resolve(".config/labchat/known_servers"))
                .hasContent("localhost:%d %s".formatted(BROKER.securePort(false), fingerprint));
        assertGood(who("-u", "team1a", "--tls"));
    }

    @Test
    void server_thatIsNotKnown_isAskedAboutOnATerminal() throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                BrokerProcess.root().resolve("client-cli/target/client-cli.jar").toString(),
                "-u",
                "team1a",
                "--tls",
                "-p",
                Integer.toString(BROKER.securePort(false)));
        List<String> environment =
                List.of("LABCHAT_PASSWORD=secret-of-team1a", "HOME=" + home, "XDG_CONFIG_HOME=" + home.resolve("none"));
        try (Tmux tmux = new Tmux(home)) {
            Tmux.Window window = tmux.open("team1a", 110, 24, environment, command);
            window.awaitText(fingerprint);
            window.awaitText("(yes/no)");
            window.type("yes");
            window.press("Enter");
            window.awaitText("connected to");
        }

        assertThat(home.resolve("none/labchat/known_servers"))
                .hasContent("localhost:%d %s".formatted(BROKER.securePort(false), fingerprint));
    }

    @Test
    void server_withAnotherCertificateThanRemembered_isRefusedWithWhatToDo() throws Exception {
        Path known = home.resolve(".config/labchat/known_servers");
        Files.createDirectories(known.getParent());
        String before = "00" + fingerprint.substring(2).replace('A', 'B');
        Files.writeString(known, "localhost:%d %s%n".formatted(BROKER.securePort(false), before));

        Ended changed = who("-u", "team1a", "--tls");

        assertThat(changed.exitCode()).isEqualTo(1);
        assertThat(changed.err()).contains("another certificate than before", fingerprint, before, known.toString());
        assertGood(who("-u", "team1a", "--fingerprint", fingerprint));
        assertThat(known).hasContent("localhost:%d %s".formatted(BROKER.securePort(false), fingerprint));
    }

    @Test
    void server_withAWrongFingerprint_isRefusedAndNotRemembered() throws Exception {
        Ended refused = who(
                "-u", "team1a", "--fingerprint", "00" + fingerprint.substring(2).replace('A', 'B'));

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains(fingerprint, "compare them with your slip");
        assertThat(home.resolve(".config/labchat/known_servers")).doesNotExist();
    }

    @Test
    void server_ofAnotherCaOrName_isRefusedInWords() throws Exception {
        ClassCertificates other = new ClassCertificates(home.resolve("other"), Clock.systemUTC());
        other.create("CA of another class", List.of("localhost"), Duration.ofDays(1));

        assertThat(who("-u", "team1a", "--cafile", other.authorityFile().toString())
                        .err())
                .contains("nobody whom this computer trusts has signed");
        assertThat(who(
                                "-h",
                                "127.0.0.2",
                                "-u",
                                "team1a",
                                "--cafile",
                                BROKER.certificates().authorityFile().toString())
                        .err())
                .contains("is not for this host but for localhost");
        assertGood(who("-h", "127.0.0.2", "-u", "team1a", "--insecure"));
    }

    @Test
    void ports_thatAreMixedUp_areNamed() throws Exception {
        assertThat(who(BROKER.port(false), true, "-u", "team1a", "--insecure").err())
                .contains("Is -p its port for TLS?");
        assertThat(who("-u", "team1a").err()).contains("add --tls");
    }

    @Test
    void certificate_ofTheUser_logsInWithoutNameAndPassword() throws Exception {
        ClassCertificates own = BROKER.certificates();
        own.createClient("team1a", Duration.ofDays(1));

        assertGood(who(
                BROKER.securePort(false),
                false,
                "--cafile",
                own.authorityFile().toString(),
                "--cert",
                own.clientFile("team1a").toString(),
                "--key",
                own.clientKeyFile("team1a").toString()));
    }

    @Test
    void certificate_thatTheServerRefuses_isNamed() throws Exception {
        ClassCertificates own = BROKER.certificates();
        Clock lastYear = Clock.fixed(Instant.now().minus(Duration.ofDays(300)), ZoneOffset.UTC);
        new ClassCertificates(own.authorityFile().getParent(), lastYear).createClient("x5", Duration.ofDays(1));

        Ended refused = who(
                "--cafile",
                own.authorityFile().toString(),
                "--cert",
                own.clientFile("x5").toString(),
                "--key",
                own.clientKeyFile("x5").toString());

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).contains("certificate");
    }

    @Test
    void publicApi_overTls_connectsToWhomItTrusts_andToNobodyElse() throws Exception {
        ChatSession.Login login =
                new ChatSession.Login("localhost", BROKER.securePort(false), "team1a", "secret-of-team1a");
        for (ChatSession.Login good : List.of(
                login.fingerprint(fingerprint),
                login.signedBy(BROKER.certificates().authorityFile()))) {
            try (ChatSession chat = ChatSession.connect(good, new ChatListener() {})) {
                assertThat(chat.isConnected()).isTrue();
            }
        }
        ChatSession.Login other = login.fingerprint("a2".repeat(32));
        assertThatThrownBy(() -> ChatSession.connect(other, new ChatListener() {}))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("fingerprint");
    }

    @Test
    void wireView_overTls_showsPackets_andACommandWithTheCa() throws Exception {
        String ca = BROKER.certificates().authorityFile().toString();
        ClientProcess client = new ClientProcess(home, BROKER.securePort(false));
        try (TestProcess chat =
                client.with("team1a", Map.of("LABCHAT_PASSWORD", "secret-of-team1a"), "--cafile", ca, "--plain")) {
            chat.awaitLine("the connection", line -> line.contains("connected to"));
            chat.say("/wire");
            chat.awaitLine("the answer", line -> line.startsWith("-- above, the last packets"));
            chat.say("team2a: Hei!");
            chat.awaitLine("its packet", line -> line.contains("\"message\":\"Hei!\""));
            chat.say("/wire command");
            chat.awaitLine("the command", line -> line.contains("mosquitto_") && line.contains("--cafile "));
        }
    }
}
