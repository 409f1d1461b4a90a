package labchat.it.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import labchat.broker.tls.ClassCertificates;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Connect;
import labchat.it.support.Packet;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.TestTls;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code broker.jar cert}, and what the broker says at its start of certificates that it cannot use. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CertCommandIT {

    private static final Duration END = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private record Ended(int exitCode, String out, String err) {}

    private Ended run(String... arguments) throws IOException {
        try (TestProcess process = BrokerProcess.run(directory, List.of(arguments))) {
            return new Ended(
                    process.exitCode(END), String.join("\n", process.stdout()), String.join("\n", process.stderr()));
        }
    }

    private ClassCertificates certificates() {
        return new ClassCertificates(directory.resolve("certs"), Clock.systemUTC());
    }

    @Test
    void certificates_areMadeShownRenewedAndNeverOverwritten() throws Exception {
        Ended created = run("cert", "create", "--host", "broker.example", "--days", "30");
        ClassCertificates made = certificates();
        String fingerprint = made.fingerprint();

        assertThat(created.exitCode()).as(created.err()).isZero();
        assertThat(created.out()).contains(fingerprint, "broker.example", "--tls-port 8883");
        for (Path key : List.of(made.authorityKeyFile(), made.serverKeyFile())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }
        assertThat(made.hosts()).contains("broker.example", "localhost", "127.0.0.1", "::1");

        byte[] key = Files.readAllBytes(made.serverKeyFile());
        Ended again = run("cert", "create");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("ca.crt is there already");
        assertThat(Files.readAllBytes(made.serverKeyFile())).isEqualTo(key);

        assertThat(run("cert", "client", "--user", "team1a").exitCode()).isZero();
        assertThat(run("cert", "client", "--user", "team1a").err()).contains("is there already");
        assertThat(run("cert", "renew", "--host", "192.0.2.7").exitCode()).isZero();
        assertThat(made.hosts()).contains("broker.example", "192.0.2.7");
        assertThat(made.fingerprint()).isEqualTo(fingerprint);

        Ended shown = run("cert", "show");
        assertThat(shown.out()).contains("broker.example", "192.0.2.7", fingerprint);
    }

    private RawMqtt open(BrokerProcess broker, String certificate) throws IOException {
        SSLContext context = TestTls.trusting(certificates(), certificates(), certificate);
        return RawMqtt.openSecure(Wire.TCP_V5, broker.port("tls"), certificate, context);
    }

    @Test
    void certificate_revoked_isRefusedAndCutOffAtOnce() throws Exception {
        certificates().create("CA of a test", List.of("localhost"), Duration.ofDays(60));
        Files.writeString(directory.resolve("broker.conf"), """
                tls_port 0
                certfile certs/server.crt
                keyfile certs/server.key
                cafile certs/ca.crt
                use_identity_as_username true
                connect_timeout 60
                """.replace("certs/", directory.resolve("certs") + "/"));
        assertThat(run("cert", "client", "team1a", "--name", "laptop").exitCode())
                .isZero();
        assertThat(run("cert", "client", "team1a", "--name", "phone").exitCode())
                .isZero();
        try (BrokerProcess broker = BrokerProcess.start(
                directory, "-c", directory.resolve("broker.conf").toString())) {
            RawMqtt laptop = open(broker, "team1a.laptop");
            assertThat(laptop.connect(Connect.as(Wire.TCP_V5).clientId("laptop"))
                            .code())
                    .isZero();
            RawMqtt phone = open(broker, "team1a.phone");
            assertThat(phone.connect(Connect.as(Wire.TCP_V5).clientId("phone")).code())
                    .isZero();

            Ended revoked = run(
                    "cert",
                    "revoke",
                    "team1a",
                    "phone",
                    "--data",
                    directory.resolve("data").toString());

            assertThat(revoked.exitCode()).as(revoked.err()).isZero();
            assertThat(revoked.out()).contains("2 known, 1 of them revoked", "cut off: 1 connection");
            phone.expectClosed();
            laptop.ping();
            RawMqtt again = open(broker, "team1a.phone");
            Packet refused = again.connect(Connect.as(Wire.TCP_V5).clientId("again"));
            assertThat(refused.code()).isEqualTo(0x87);
            Awaitility.await()
                    .atMost(END)
                    .untilAsserted(() -> assertThat(
                                    String.join("\n", broker.process().stderr()))
                            .contains("certificate_revoked", "the certificate \"phone\" of team1a was revoked"));
            Awaitility.await()
                    .atMost(END)
                    .untilAsserted(() -> assertThat(run(
                                            "cert",
                                            "list",
                                            "team1a",
                                            "--data",
                                            directory.resolve("data").toString())
                                    .out())
                            .containsPattern("team1a +laptop +valid until .*last used 20")
                            .containsPattern("team1a +phone +revoked on .*last used 20"));
        }
        assertThat(run("cert", "revoke", "team1a", "tablet").err())
                .contains("team1a has no certificate \"tablet\"; there is laptop, phone");
    }

    @Test
    void arguments_thatCannotBe_areWrongUsage() throws Exception {
        assertThat(run("cert").exitCode()).isEqualTo(2);
        assertThat(run("cert", "create", "--host", "http://broker.example").err())
                .contains("--host \"http://broker.example\": expected a name or an address");
        assertThat(run("cert", "create", "--days", "0").err()).contains("expected 1 to 3650");
        assertThat(run("cert", "client", "--user", "../team1a").exitCode()).isEqualTo(2);
        assertThat(run("cert", "client", "--user", "team1a").err()).contains("no such file", "cert create");
        assertThat(Files.exists(directory.resolve("certs"))).isFalse();
    }

    private Ended check(Path certificate, Path key) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("serve", "--check", "--tls-port", "0"));
        arguments.addAll(
                List.of("--users", BrokerProcess.root().resolve("users.conf").toString()));
        arguments.addAll(
                List.of("--acl", BrokerProcess.root().resolve("acl.conf").toString()));
        arguments.addAll(List.of("--certfile", certificate.toString(), "--keyfile", key.toString()));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void certificate_thatCannotBeUsed_isRefusedAtTheStartWithWhatToDo() throws Exception {
        ClassCertificates good = certificates();
        good.create("CA of a test", List.of("localhost"), Duration.ofDays(20));
        ClassCertificates old = new ClassCertificates(
                directory.resolve("old"), Clock.fixed(Instant.parse("2020-01-01T00:00:00Z"), ZoneOffset.UTC));
        old.create("CA of long ago", List.of("localhost"), Duration.ofDays(20));

        Ended missing = check(directory.resolve("none.crt"), good.serverKeyFile());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("none.crt: no such file", "cert create");
        assertThat(check(good.serverFile(), old.serverKeyFile()).err()).contains("is not the key of the certificate");
        assertThat(check(old.serverFile(), old.serverKeyFile()).err()).contains("ran out on 2020-01-21", "cert renew");

        Ended soon = check(good.serverFile(), good.serverKeyFile());
        assertThat(soon.exitCode()).as(soon.err()).isZero();
        assertThat(soon.err()).contains("runs out on", "in 19 days");
    }
}
