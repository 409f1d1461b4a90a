package labchat.broker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TlsConfig;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private ClassCertificates certificates;

    @BeforeEach
    void make() throws IOException {
        certificates = made("certs", NOW, Duration.ofDays(100));
    }

    private ClassCertificates made(String name, Instant when, Duration validity) throws IOException {
        ClassCertificates made = new ClassCertificates(directory.resolve(name), Clock.fixed(when, ZoneOffset.UTC));
        made.create("CA of " + name, List.of("broker.example", "192.0.2.7"), validity);
        return made;
    }

    private TlsConfig config(Path certificate, Path key) {
        return new TlsConfig(
                Optional.of(0),
                Optional.empty(),
                Optional.of(certificate),
                Optional.of(key),
                Optional.empty(),
                Optional.of(certificates.authorityFile()),
                false,
                true);
    }

    private TlsFiles.Result load(Path certificate, Path key) {
        return load(certificate, key, Map.of());
    }

    private TlsFiles.Result load(Path certificate, Path key, Map<String, String> environment) {
        return TlsFiles.load(config(certificate, key), environment, CLOCK);
    }

    private String problem(Path certificate, Path key) {
        TlsFiles.Result result = load(certificate, key);
        assertThat(result.material()).isEmpty();
        assertThat(result.problems()).hasSize(1);
        return result.problems().get(0).toString();
    }

    private static void assertGood(TlsFiles.Result result) {
        assertThat(result.problems()).isEmpty();
        assertThat(result.material()).isPresent();
    }

    @Test
    void filesOfCertCreate_areGoodWithoutWarnings() {
        TlsFiles.Result result = load(certificates.serverFile(), certificates.serverKeyFile());

        assertGood(result);
        assertThat(result.warnings()).isEmpty();
    }

    @Test
    void engine_speaksOnlySoundVersionsAndCiphers() {
        SSLEngine engine = load(certificates.serverFile(), certificates.serverKeyFile())
                .material()
                .orElseThrow()
                .newMqttEngine();

        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        assertThat(engine.getEnabledCipherSuites())
                .isNotEmpty()
                .allMatch(name -> name.contains("GCM") || name.contains("CHACHA20"));
        assertThat(engine.getUseClientMode()).isFalse();
        assertThat(engine.getWantClientAuth()).isTrue();
    }

    @Test
    void engine_ofThePages_asksForNoCertificate() {
        SSLEngine engine = load(certificates.serverFile(), certificates.serverKeyFile())
                .material()
                .orElseThrow()
                .newWebEngine();

        assertThat(engine.getWantClientAuth() || engine.getNeedClientAuth()).isFalse();
    }

    @Test
    void file_missing_isAProblemWithWhatToDo() {
        assertThat(problem(directory.resolve("none.crt"), certificates.serverKeyFile()))
                .contains("none.crt: no such file", "cert create");
        assertThat(problem(certificates.serverFile(), directory.resolve("none.key")))
                .contains("none.key: no such file");
    }

    @Test
    void file_thatIsNoPem_isAProblem() throws IOException {
        Path text = Files.writeString(directory.resolve("hello.txt"), "Hello");
        Path der = Files.write(
                directory.resolve("server.der"),
                ClassCertificates.certificates(certificates.serverFile())
                        .get(0)
                        .getSerialNumber()
                        .toByteArray());
        Files.write(der, new byte[] {0x30, 1, 0});

        assertThat(problem(text, certificates.serverKeyFile())).contains("hello.txt: is not PEM");
        assertThat(problem(der, certificates.serverKeyFile())).contains("is DER or PKCS#12", "openssl");
        assertThat(problem(directory, certificates.serverKeyFile())).contains("is a directory");
    }

    @Test
    void files_mixedUp_areNamed() {
        List<ConfigProblem> problems =
                load(certificates.serverKeyFile(), certificates.serverFile()).problems();

        assertThat(problems).hasSize(2).allMatch(problem -> problem.message().contains("mixed up?"));
    }

    @Test
    void key_ofAnotherCertificate_isAProblem() throws IOException {
        assertThat(problem(certificates.serverFile(), certificates.authorityKeyFile()))
                .contains("is not the key of the certificate");
    }

    @Test
    void certificate_thatHasRunOutOrIsNotValidYet_isAProblem() throws IOException {
        ClassCertificates old = made("old", NOW.minus(Duration.ofDays(20)), Duration.ofDays(10));
        ClassCertificates young = made("young", NOW.plus(Duration.ofDays(5)), Duration.ofDays(10));

        assertThat(problem(old.serverFile(), old.serverKeyFile()))
                .contains("\"broker.example\" ran out on 2026-11-11", "cert renew");
        assertThat(load(young.serverFile(), young.serverKeyFile()).problems())
                .allMatch(problem -> problem.message().contains("is not valid before 2026-11-25"))
                .isNotEmpty();
    }

    @Test
    void certificate_thatRunsOutSoon_isAWarning() throws IOException {
        ClassCertificates soon = made("soon", NOW, Duration.ofDays(29));
        TlsFiles.Result result = load(soon.serverFile(), soon.serverKeyFile());

        assertGood(result);
        assertThat(result.warnings()).singleElement().asString().contains("runs out on 2026-12-20", "in 29 days");
    }

    @Test
    void chain_inTheWrongOrder_isAProblem() throws IOException {
        ClassCertificates other = made("other", NOW, Duration.ofDays(100));
        Path mixed = Files.writeString(
                directory.resolve("mixed.crt"),
                Files.readString(certificates.serverFile()) + Files.readString(other.authorityFile()));

        assertThat(problem(mixed, certificates.serverKeyFile())).contains("has not signed certificate 2");
    }

    @Test
    void certificate_ofAClient_isNoServers() throws IOException {
        certificates.createClient("team1a", Duration.ofDays(100));

        assertThat(problem(certificates.clientFile("team1a"), certificates.clientKeyFile("team1a")))
                .contains("is not for servers");
    }

    @Test
    void key_readableByAll_isAWarning() throws IOException {
        Files.setPosixFilePermissions(certificates.serverKeyFile(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(load(certificates.serverFile(), certificates.serverKeyFile()).warnings())
                .singleElement()
                .asString()
                .contains("chmod 600");
    }

    private PrivateKey key() {
        return PemFile.read(certificates.serverKeyFile(), "", new ArrayList<>())
                .privateKey(Optional.empty(), "")
                .orElseThrow();
    }

    private Path written(String name, PemObjectGenerator content) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        }
        return Files.writeString(directory.resolve(name), text.toString());
    }

    @Test
    void key_ofTheOldForms_isRead() throws Exception {
        String number = "%064x".formatted(((ECPrivateKey) key()).getS());
        // Version 1, the number, and the curve P-256: RFC 5915.
        byte[] der = HexFormat.of().parseHex("30310201010420" + number + "a00a06082a8648ce3d030107");
        Path sec1 = written("ec.key", new PemObject("EC PRIVATE KEY", der));
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048, new SecureRandom());
        Path pkcs1 =
                written("rsa.key", new JcaMiscPEMGenerator(rsa.generateKeyPair().getPrivate()));

        assertThat(Files.readString(sec1)).startsWith("-----BEGIN EC PRIVATE KEY-----");
        assertGood(load(certificates.serverFile(), sec1));
        assertThat(Files.readString(pkcs1)).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(problem(certificates.serverFile(), pkcs1)).contains("is not the key of the certificate");
    }

    @Test
    void key_encrypted_needsItsPassword() throws Exception {
        char[] password = "correct horse".toCharArray();
        Path modern = written(
                "modern.key",
                new JcaPKCS8Generator(
                        key(),
                        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setPRF(PKCS8Generator.PRF_HMACSHA256)
                                .setPassword(password)
                                .setProvider(new BouncyCastleProvider())
                                .build()));
        assertThat(problem(certificates.serverFile(), modern))
                .contains("is encrypted", "LABCHAT_KEYFILE_PASSWORD", "keyfile_password_file");
        assertGood(load(certificates.serverFile(), modern, Map.of("LABCHAT_KEYFILE_PASSWORD", "correct horse")));
        assertThat(problemWith(modern, "wrong")).contains("wrong password?").doesNotContain("correct horse");
    }

    private String problemWith(Path key, String password) {
        TlsFiles.Result result = load(certificates.serverFile(), key, Map.of("LABCHAT_KEYFILE_PASSWORD", password));
        assertThat(result.problems()).hasSize(1);
        return result.problems().get(0).toString();
    }

    @Test
    void key_encryptedTheOldWay_needsItsPassword() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048, new SecureRandom());
        Path key = written(
                "traditional.key",
                new JcaMiscPEMGenerator(
                        rsa.generateKeyPair().getPrivate(),
                        new JcePEMEncryptorBuilder("AES-256-CBC")
                                .setProvider(new BouncyCastleProvider())
                                .build("correct horse".toCharArray())));

        assertThat(problem(certificates.serverFile(), key)).contains("is encrypted");
        assertThat(problemWith(key, "wrong")).contains("wrong password?");
        assertThat(problemWith(key, "correct horse")).contains("is not the key of the certificate");
    }

    @Test
    void password_inAFile_isItsFirstLine() throws Exception {
        Path encrypted = written(
                "encrypted.key",
                new JcaPKCS8Generator(
                        key(),
                        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_128_CBC)
                                .setPassword("secret".toCharArray())
                                .setProvider(new BouncyCastleProvider())
                                .build()));
        Path password = Files.writeString(directory.resolve("key.pw"), "secret\n");
        TlsConfig config = new TlsConfig(
                Optional.of(0),
                Optional.empty(),
                Optional.of(certificates.serverFile()),
                Optional.of(encrypted),
                Optional.of(password),
                Optional.empty(),
                false,
                false);

        assertGood(TlsFiles.load(config, Map.of(), CLOCK));
    }

    @Test
    void create_whereFilesAre_writesNothing() throws IOException {
        byte[] before = Files.readAllBytes(certificates.authorityKeyFile());

        assertThatThrownBy(() -> certificates.create("again", List.of("a"), Duration.ofDays(1)))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Files.readAllBytes(certificates.authorityKeyFile())).isEqualTo(before);
    }

    @Test
    void addresses_areWrittenInOneWay() throws IOException {
        assertThat(certificates.hosts())
                .containsExactly("broker.example", "192.0.2.7", "localhost", "127.0.0.1", "::1");
        assertThat(Hosts.canonical("0:0:0:0:0:0:0:1")).isEqualTo("::1");
        assertThat(Hosts.canonical("fd00:0:0:0:0:0:0:2")).isEqualTo("fd00::2");
        assertThat(Hosts.canonical("2001:db8:1:2:3:4:5:6")).isEqualTo("2001:db8:1:2:3:4:5:6");
        assertThat(Hosts.canonical("broker.example")).isEqualTo("broker.example");
    }
}
