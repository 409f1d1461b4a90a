package labchat.broker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TlsConfig;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientCertificatesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private ClassCertificates made;

    @BeforeEach
    void make() throws IOException {
        made = new ClassCertificates(directory, CLOCK);
        made.create("CA of a test", List.of("broker.example"), Duration.ofDays(100));
        made.createClient("team1a", "laptop", Duration.ofDays(50));
        made.createClient("team1a", "phone", Duration.ofDays(50));
    }

    private X509Certificate certificate(String name) throws IOException {
        return ClassCertificates.certificates(made.clientFile("team1a", name)).get(0);
    }

    private TlsConfig config(Optional<Path> lists) {
        return new TlsConfig(
                Optional.of(0),
                Optional.empty(),
                Optional.of(made.serverFile()),
                Optional.of(made.serverKeyFile()),
                Optional.empty(),
                Optional.of(made.authorityFile()),
                lists,
                false,
                true);
    }

    private Path list(ClassCertificates authority, String file, Instant next, BigInteger serial) throws Exception {
        List<ConfigProblem> problems = new ArrayList<>();
        PrivateKey key = PemFile.read(authority.authorityKeyFile(), "", problems)
                .privateKey(Optional.empty(), "")
                .orElseThrow();
        JcaX509v2CRLBuilder builder = new JcaX509v2CRLBuilder(
                ClassCertificates.certificates(authority.authorityFile()).get(0), Date.from(NOW.minusSeconds(60)));
        builder.setNextUpdate(Date.from(next));
        builder.addCRLEntry(serial, Date.from(NOW.minusSeconds(60)), CRLReason.keyCompromise);
        byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                .getEncoded();
        return Files.writeString(
                directory.resolve(file),
                "-----BEGIN X509 CRL-----\n%s\n-----END X509 CRL-----\n"
                        .formatted(Base64.getMimeEncoder().encodeToString(der)));
    }

    @Test
    void register_revokedCertificate_isRefusedAndTheOtherIsNot() throws IOException {
        CertificateRegister.revoke(made.authorityFile(), "team1a", "phone", NOW);

        ClientCertificates certificates = ClientCertificates.open(config(Optional.empty()), CLOCK);

        assertThat(certificates.problem(certificate("phone")))
                .contains("the certificate \"phone\" of team1a was revoked");
        assertThat(certificates.problem(certificate("laptop"))).isEmpty();
        assertThat(certificates.problem(
                        ClassCertificates.certificates(made.serverFile()).get(0)))
                .as("not in the register")
                .isEmpty();
        assertThat(certificates.register().of("team1a"))
                .extracting(one -> one.name() + " " + one.state(NOW))
                .containsExactly("laptop valid", "phone revoked");
        assertThat(certificates.register().of("team1a").get(0).state(NOW.plus(Duration.ofDays(51))))
                .isEqualTo("expired");
    }

    @Test
    void use_ofAKnownCertificate_isTold() throws IOException {
        ClientCertificates certificates = ClientCertificates.open(config(Optional.empty()), CLOCK);
        List<String> told = new ArrayList<>();
        certificates.tellUses((user, name) -> told.add(user + " " + name));

        certificates.used(certificate("laptop"));
        certificates.used(ClassCertificates.certificates(made.serverFile()).get(0));

        assertThat(told).containsExactly("team1a laptop");
    }

    @Test
    void list_namesACertificate_thatIsRefusedAndTheOtherIsNot() throws Exception {
        Path lists =
                list(made, "ca.crl", NOW.plusSeconds(3600), certificate("phone").getSerialNumber());

        ClientCertificates.Loaded loaded = ClientCertificates.load(config(Optional.of(lists)), CLOCK);
        ClientCertificates certificates = ClientCertificates.open(config(Optional.of(lists)), CLOCK);

        assertThat(loaded.warnings()).isEmpty();
        assertThat(certificates.problem(certificate("phone")))
                .hasValueSatisfying(why -> assertThat(why).contains("crlfile"));
        assertThat(certificates.problem(certificate("laptop"))).isEmpty();
        assertThat(certificates.summary()).contains("2 known, 0 of them revoked; 1 in lists of CN=CA of a test");
    }

    @Test
    void list_thatIsOld_countsWithAWarning() throws Exception {
        Path lists =
                list(made, "ca.crl", NOW.minusSeconds(1), certificate("phone").getSerialNumber());

        ClientCertificates.Loaded loaded = ClientCertificates.load(config(Optional.of(lists)), CLOCK);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.warnings()).singleElement().asString().contains("was to be renewed by");
    }

    @Test
    void list_ofAnotherCa_orNone_isAProblem() throws Exception {
        ClassCertificates other = new ClassCertificates(directory.resolve("other"), CLOCK);
        other.create("CA of others", List.of("localhost"), Duration.ofDays(100));
        Path foreign = list(other, "other.crl", NOW.plusSeconds(3600), BigInteger.ONE);
        Path text = Files.writeString(directory.resolve("text.crl"), "no list\n");
        Path missing = directory.resolve("missing.crl");

        assertThat(problem(foreign)).contains("other.crl: the list of CN=CA of others is not signed by a CA in cafile");
        assertThat(problem(text)).contains("text.crl: holds no list of revoked certificates");
        assertThat(problem(missing)).contains("missing.crl: cannot be read");
    }

    private String problem(Path lists) {
        List<ConfigProblem> problems =
                ClientCertificates.load(config(Optional.of(lists)), CLOCK).problems();
        assertThat(problems).hasSize(1);
        return problems.get(0).toString();
    }

    @Test
    void register_aName_isTakenUntilItIsRevoked() throws IOException {
        Files.delete(made.clientFile("team1a", "phone"));
        Files.delete(made.clientKeyFile("team1a", "phone"));
        assertThatThrownBy(() -> made.createClient("team1a", "phone", Duration.ofDays(50)))
                .hasMessageContaining("team1a has a certificate \"phone\" already");

        CertificateRegister.revoke(made.authorityFile(), "team1a", "phone", NOW);
        made.createClient("team1a", "phone", Duration.ofDays(50));

        ClientCertificates certificates = ClientCertificates.open(config(Optional.empty()), CLOCK);
        assertThat(certificates.problem(certificate("phone"))).isEmpty();
        assertThat(certificates.register().of("team1a")).hasSize(3);
        assertThatThrownBy(() -> CertificateRegister.revoke(made.authorityFile(), "team2a", "phone", NOW))
                .hasMessageContaining("team2a has no certificate \"phone\", nor another");
    }

    @Test
    void register_lineThatIsNone_isAProblemWithItsNumber() throws IOException {
        Path file = CertificateRegister.fileOf(made.authorityFile());
        Files.writeString(file, Files.readString(file) + "team1a phone\n");

        assertThat(CertificateRegister.read(made.authorityFile()).problems())
                .singleElement()
                .asString()
                .contains("ca.crt.clients:4: expected: user name fingerprint");
    }
}
