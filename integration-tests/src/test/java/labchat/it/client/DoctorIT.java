package labchat.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import labchat.broker.tls.ClassCertificates;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Mosquitto;
import labchat.it.support.TestProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both jars' {@code doctor} finds what is wrong, and nothing where nothing is. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DoctorIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static BrokerProcess broker;
    private static Path certificates;
    private static Path users;
    private static Path acl;

    @BeforeAll
    static void startBroker() throws IOException {
        certificates = directory.resolve("certs");
        ClassCertificates made = new ClassCertificates(certificates, Clock.systemUTC());
        made.create("CA of a test", List.of("localhost"), Duration.ofDays(365));
        acl = Files.writeString(
                directory.resolve("acl.conf"),
                Files.readString(BrokerProcess.root().resolve("acl.conf"))
                        + "user team2a\ntopic deny ttm4175/chat/team2a/typing\n");
        users = Files.copy(BrokerProcess.root().resolve("users.conf"), directory.resolve("users.conf"));
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        broker = BrokerProcess.start(directory, options("0", "0", "0", "0"));
    }

    private static String[] options(String mqtt, String webSocket, String tls, String http) {
        return new String[] {
            "--bind",
            "127.0.0.1",
            "--port",
            mqtt,
            "--ws-port",
            webSocket,
            "--tls-port",
            tls,
            "--http-port",
            http,
            "--certfile",
            certificates.resolve("server.crt").toString(),
            "--keyfile",
            certificates.resolve("server.key").toString(),
            "--users",
            users.toString(),
            "--acl",
            acl.toString()
        };
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static ClientProcess client(int port) {
        return new ClientProcess(directory, port);
    }

    private static int tlsPort() {
        return Integer.parseInt(broker.ready().replaceFirst("(?s).*\"tls\":([0-9]+).*", "$1"));
    }

    @Test
    void client_whereAllIsWell_saysSo() throws IOException {
        try (TestProcess plain = client(broker.mqttPort())
                        .as("team1a", "doctor", "--http-port", Integer.toString(broker.httpPort()));
                TestProcess tls = client(tlsPort())
                        .as(
                                "team1a",
                                "doctor",
                                "-h",
                                "localhost",
                                "--cafile",
                                certificates.resolve("ca.crt").toString(),
                                "--json")) {
            assertThat(plain.exitCode(SOON)).as(plain.describe("doctor")).isZero();
            assertThat(plain.stdout())
                    .anyMatch(line -> line.startsWith("ok       login: team1a is let in, with MQTT 5"))
                    .anyMatch(line -> line.startsWith("ok       hint to yourself: came back after"))
                    .anyMatch(line -> line.startsWith("ok       page %d: answers".formatted(broker.httpPort())))
                    .anyMatch(line -> line.contains(" clock: "));
            assertThat(tls.exitCode(SOON)).as(tls.describe("doctor")).isZero();
            assertThat(tls.stdout()).hasSize(1);
            assertThat(tls.stdout().get(0))
                    .startsWith("{\"status\":\"ok\",\"findings\":[{\"level\":\"ok\",\"subject\":\"program\"")
                    .contains("\"subject\":\"TLS\",\"found\":\"TLSv1.3, certificate for ");
        }
    }

    /** What is wrong, and the beginning of the line that says so. */
    private record Case(TestProcess process, String line) {}

    @Test
    void client_whereSomethingIsWrong_saysAtWhichStep() throws IOException {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.start();
        List<Case> cases = new ArrayList<>();
        try {
            int closed = Mosquitto.freePort();
            cases.add(new Case(
                    client(closed).as("team1a", "doctor"),
                    "problem  port %d: 127.0.0.1 is there, but nobody listens".formatted(closed)));
            cases.add(new Case(
                    client(broker.mqttPort()).with("team1a", Map.of("LABCHAT_PASSWORD", "wrong"), "doctor"),
                    "problem  login: user \"team1a\" or its password is wrong"));
            cases.add(new Case(
                    client(web.getAddress().getPort()).as("team1a", "doctor"), "problem  MQTT: this port speaks HTTP"));
            cases.add(new Case(client(tlsPort()).as("team1a", "doctor"), "problem  MQTT: this port speaks TLS"));
            cases.add(new Case(
                    client(broker.mqttPort()).as("team1a", "doctor", "--insecure"),
                    "problem  TLS: this port speaks MQTT without TLS"));
            cases.add(new Case(client(broker.mqttPort()).as("team2a", "doctor"), "problem  subscription: "));
            for (Case one : cases) {
                TestProcess process = one.process();
                assertThat(process.exitCode(SOON))
                        .as(process.describe("doctor"))
                        .isEqualTo(1);
                assertThat(process.stdout())
                        .anyMatch(line -> line.startsWith(one.line()))
                        .anyMatch(line -> line.startsWith("         > "))
                        .contains("1 problem, no warnings.");
            }
        } finally {
            cases.forEach(one -> one.process().close());
            web.stop(0);
        }
    }

    private static TestProcess brokerDoctor(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("doctor", "--data", directory.resolve("data").toString()));
        arguments.addAll(List.of(options));
        return BrokerProcess.run(directory, arguments);
    }

    @Test
    void broker_thatRuns_findsItselfAndNoProblem() throws IOException {
        String[] asStarted = options(
                Integer.toString(broker.mqttPort()),
                Integer.toString(broker.webSocketPort()),
                Integer.toString(tlsPort()),
                Integer.toString(broker.httpPort()));
        try (TestProcess doctor = brokerDoctor(asStarted)) {
            assertThat(doctor.exitCode(SOON)).as(doctor.describe("doctor")).isZero();
            assertThat(doctor.stdout())
                    .contains("ok       port %d: the broker that runs here listens on it.".formatted(broker.mqttPort()))
                    .contains("ok       addresses: only this machine can connect.")
                    .anyMatch(line -> line.startsWith("ok       store: ") && line.contains("no damage"))
                    .anyMatch(line -> line.startsWith("ok       certificate: good until "))
                    .anyMatch(line -> line.startsWith("ok       libraries: none of "))
                    .anyMatch(line -> line.startsWith("No problems, "));
        }
    }

    @Test
    void broker_whosePortIsTaken_saysByWhom() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestProcess doctor =
                        brokerDoctor(options(Integer.toString(other.getLocalPort()), "off", "off", "off"))) {
            assertThat(doctor.exitCode(SOON)).as(doctor.describe("doctor")).isEqualTo(1);
            assertThat(doctor.stdout())
                    .anyMatch(line -> line.startsWith("problem  port %d: taken by another program (process %d"
                            .formatted(
                                    other.getLocalPort(),
                                    ProcessHandle.current().pid())));
        }
    }
}
