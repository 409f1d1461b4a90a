package labchat.it.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import labchat.broker.tls.ClassCertificates;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Mosquitto;
import labchat.it.support.PythonPeer;
import labchat.it.support.TestBroker;
import labchat.it.support.TestProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Other people's programs over TLS, and the certificates in a real Mosquitto. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeersOverTlsIT {

    private static final Duration END = Duration.ofSeconds(20);

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().secure();

    @TempDir
    private Path directory;

    static boolean hasMosquitto() {
        return Mosquitto.isInstalled();
    }

    static boolean hasPython() {
        return PythonPeer.isInstalled();
    }

    private static String[] with(ClassCertificates certificates, String user, String... more) {
        List<String> options = new ArrayList<>(
                List.of("--cafile", BROKER.certificates().authorityFile().toString()));
        if (!user.isEmpty()) {
            options.addAll(List.of(
                    "--cert",
                    certificates.clientFile(user).toString(),
                    "--key",
                    certificates.clientKeyFile(user).toString()));
        }
        options.addAll(Arrays.asList(more));
        return options.toArray(String[]::new);
    }

    private int pub(int port, String... options) throws IOException {
        try (TestProcess process = Mosquitto.pub(directory, port, options)) {
            return process.exitCode(END);
        }
    }

    @Test
    @EnabledIf("hasMosquitto")
    void mosquittoPub_withTheCa_publishes() throws IOException {
        String[] message = {
            "-u",
            "team1a",
            "-P",
            "secret-of-team1a",
            "-q",
            "1",
            "-t",
            Chat.messageTopic("team2a"),
            "-m",
            Chat.message("team1a", "team2a", "Hei!")
        };

        assertThat(pub(BROKER.securePort(false), with(BROKER.certificates(), "", message)))
                .isZero();
        assertThat(pub(BROKER.securePort(false), message)).isNotZero();
    }

    /** Mosquitto lets in whomever cafile has signed; here the user must have an account too. */
    @Test
    @EnabledIf("hasMosquitto")
    void certificates_besideMosquitto_logInAndAreRefusedAlike() throws IOException {
        ClassCertificates own = BROKER.certificates();
        own.createClient("team3a", Duration.ofDays(1));
        own.createClient("nobody", Duration.ofDays(1));
        ClassCertificates other = new ClassCertificates(directory.resolve("other"), Clock.systemUTC());
        other.create("CA of another class", List.of("localhost"), Duration.ofDays(1));
        other.createClient("team3a", Duration.ofDays(1));
        String[] publish = {"-t", "ttm4175/other/x", "-m", "x", "-q", "1"};
        int port = Mosquitto.freePort();
        try (TestProcess mosquitto = mosquitto(port)) {
            assertThat(mosquitto.isAlive()).isTrue();
            for (int each : new int[] {port, BROKER.securePort(false)}) {
                assertThat(pub(each, with(own, "team3a", publish)))
                        .as("own certificate, port %d", each)
                        .isZero();
                assertThat(pub(each, with(other, "team3a", publish)))
                        .as("certificate of another class, port %d", each)
                        .isNotZero();
            }
            assertThat(pub(port, with(own, "nobody", publish))).isZero();
            assertThat(pub(BROKER.securePort(false), with(own, "nobody", publish)))
                    .isNotZero();
        }
    }

    private TestProcess mosquitto(int port) throws IOException {
        ClassCertificates own = BROKER.certificates();
        // It runs as another user, who may not read what is the owner's alone.
        Path key = Files.write(directory.resolve("server.key"), Files.readAllBytes(own.serverKeyFile()));
        Path config = Files.writeString(directory.resolve("mosquitto.conf"), """
                listener %d 127.0.0.1
                user %s
                certfile %s
                keyfile %s
                cafile %s
                require_certificate true
                use_identity_as_username true
                """.formatted(
                        port, System.getProperty("user.name"), own.serverFile(), key, own.authorityFile()));
        TestProcess broker =
                TestProcess.start(directory, Map.of(), List.of("/usr/sbin/mosquitto", "-c", config.toString()));
        Awaitility.await("mosquitto answers").ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
        return broker;
    }

    @Test
    @EnabledIf("hasPython")
    void paho_withTlsSet_chats() throws IOException {
        Path program = Files.writeString(directory.resolve("secure.py"), """
                import sys
                import paho.mqtt.client as mqtt

                port, transport, cafile, user, password = sys.argv[1:6]
                client = mqtt.Client(client_id="", transport=transport)
                client.tls_set(cafile)
                client.username_pw_set(user, password)
                client.on_connect = lambda c, userdata, flags, code: print("connected", code, flush=True)
                client.connect("localhost", int(port))
                client.loop_start()
                print(sys.stdin.readline())
                """);
        for (String transport : List.of("tcp", "websockets")) {
            try (TestProcess python = TestProcess.start(
                    directory,
                    Map.of(),
                    List.of(
                            PythonPeer.PYTHON.toString(),
                            program.toString(),
                            Integer.toString(BROKER.securePort(transport.equals("websockets"))),
                            transport,
                            BROKER.certificates().authorityFile().toString(),
                            "team4a",
                            "secret-of-team4a"))) {
                python.awaitLine("the connection over " + transport, "connected 0"::equals);
            }
        }
    }

    static boolean hasOpenssl() {
        return Files.isExecutable(Path.of("/usr/bin/openssl"));
    }

    @Test
    @EnabledIf("hasOpenssl")
    void openssl_verifiesWhatWasMade() throws IOException {
        ClassCertificates own = BROKER.certificates();
        own.createClient("x2", Duration.ofDays(1));
        try (TestProcess verify = TestProcess.start(
                BrokerProcess.root(),
                Map.of(),
                List.of(
                        "openssl",
                        "verify",
                        "-x509_strict",
                        "-CAfile",
                        own.authorityFile().toString(),
                        own.serverFile().toString(),
                        own.clientFile("x2").toString()))) {
            assertThat(verify.exitCode(END)).as(verify.describe("openssl")).isZero();
        }
        try (TestProcess key = TestProcess.start(
                BrokerProcess.root(),
                Map.of(),
                List.of(
                        "openssl",
                        "pkey",
                        "-noout",
                        "-in",
                        own.clientKeyFile("x2").toString()))) {
            assertThat(key.exitCode(END)).as(key.describe("openssl")).isZero();
        }
    }
}
