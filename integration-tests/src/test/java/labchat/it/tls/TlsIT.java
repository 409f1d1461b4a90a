package labchat.it.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import labchat.broker.config.TlsConfig;
import labchat.broker.event.BrokerEvent.ClientConnected;
import labchat.broker.event.BrokerEvent.LoginRefused;
import labchat.broker.tls.CertificateReload;
import labchat.broker.tls.ClassCertificates;
import labchat.it.support.Bytes;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestBroker;
import labchat.it.support.TestTls;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS and secure WebSocket: what is served, what is refused and in which words, and who logs in by a certificate. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsIT {

    private static final int BAD_LOGIN_3 = 4;
    private static final int BAD_LOGIN_5 = 0x86;

    @RegisterExtension
    static final TestBroker BROKER = TestBroker.ofTheClass().secure().connectTimeout(Duration.ofSeconds(60));

    @RegisterExtension
    static final TestBroker STRICT =
            TestBroker.ofTheClass().secureForCertificatesOnly().connectTimeout(Duration.ofSeconds(60));

    @RegisterExtension
    static final TestBroker HASTY = TestBroker.ofTheClass().secure().connectTimeout(Duration.ofSeconds(1));

    @TempDir
    private Path directory;

    private SSLContext trusting;

    @BeforeEach
    void trust() throws IOException {
        trusting = TestTls.trusting(BROKER.certificates());
    }

    private RawMqtt login(Wire wire, String user) throws IOException {
        RawMqtt client = BROKER.openSecure(wire, trusting);
        assertThat(client.connect(TestBroker.loginOf(client, user)).code()).isZero();
        return client;
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void client_overEachWay_logsInAndGetsWhatIsWrittenToIt(Wire wire) throws IOException {
        RawMqtt team2a = login(wire, "team2a");
        assertThat(team2a.subscribe(Chat.ROOT + "team2a/#", 2)).isEqualTo(2);
        RawMqtt team1a = BROKER.login(wire, "team1a");

        String text = "Hei! ".repeat(800);
        for (int qos = 0; qos <= 2; qos++) {
            team1a.publish(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", text + qos), qos);
            assertThat(team2a.message().text()).contains(text + qos);
        }

        String listener = wire.isWebSocket() ? "wss" : "tls";
        assertThat(BROKER.recorder().await(team2a, ClientConnected.class).listener())
                .isEqualTo(listener);
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"TCP_V3", "WS_V5"})
    void publish_thatMayNotBe_isRefusedByTheGuardHereToo(Wire wire) throws IOException {
        RawMqtt client = login(wire, "x6");

        assertThat(client.subscribe(Chat.ROOT + "x5/#", 0)).isEqualTo(wire.pick(0x80, 0x87));
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void version_thatIsSound_isSpoken(String version) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), BROKER.securePort(false))) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();

            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            assertThat(socket.getSession().getCipherSuite()).contains("GCM");
        }
    }

    /** Sends bytes on a plain connection, and waits for what the broker says of it and for its end. */
    private static LoginRefused sent(TestBroker broker, int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(bytes);
            socket.setSoTimeout((int) RawMqtt.PATIENCE.toMillis());
            readToTheEnd(socket);
            return refusalOf(broker, socket);
        }
    }

    private static String readToTheEnd(Socket socket) {
        StringBuilder answer = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                answer.append((char) b);
            }
        } catch (IOException e) {
            // A connection that was reset has ended too.
            answer.append("(reset)");
        }
        return answer.toString();
    }

    private static LoginRefused refusalOf(TestBroker broker, Socket socket) {
        String address = "127.0.0.1:" + socket.getLocalPort();
        return Awaitility.await("a refusal of " + address)
                .atMost(RawMqtt.PATIENCE)
                .until(
                        () -> broker.recorder().events().stream()
                                .filter(LoginRefused.class::isInstance)
                                .map(LoginRefused.class::cast)
                                .filter(event -> event.client().address().equals(address))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private static byte[] connect() {
        return Connect.as(Wire.TCP_V3)
                .clientId("lost")
                .login("team1a", "secret-of-team1a")
                .encode();
    }

    @Test
    void bytes_ofAnotherPort_areRefusedInWordsAndDisturbNobody() throws IOException {
        RawMqtt bystander = login(Wire.TCP_V5, "team3a");
        byte[] hello = Arrays.copyOf(new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0}, 10);

        assertThat(sent(BROKER, BROKER.securePort(false), connect()).refusal().reason())
                .isEqualTo("plain MQTT came to the tls port, which takes TLS");
        assertThat(sent(BROKER, BROKER.securePort(true), Bytes.utf8("GET /mqtt HTTP/1.1\r\n\r\n"))
                        .refusal()
                        .reason())
                .isEqualTo("plain HTTP came to the wss port, which takes TLS");
        assertThat(sent(BROKER, BROKER.securePort(false), Bytes.utf8("garbage"))
                        .refusal()
                        .code())
                .isEqualTo("tls_handshake");
        assertThat(sent(BROKER, BROKER.port(false), hello).refusal().reason())
                .isEqualTo("TLS came to the tcp port, which takes plain MQTT");
        assertThat(sent(BROKER, BROKER.port(true), hello).refusal().reason())
                .isEqualTo("TLS came to the ws port, which takes plain WebSocket");
        assertThat(sent(BROKER, BROKER.port(true), connect()).refusal().reason())
                .isEqualTo("MQTT over TCP came to the ws port, which takes WebSocket");
        assertThat(sent(BROKER, BROKER.port(false), Bytes.utf8("GET / HTTP/1.1\r\n\r\n"))
                        .refusal()
                        .code())
                .isEqualTo("wrong_port");

        bystander.ping();
    }

    @Test
    void browser_atThePortForTls_getsAnAnswerThatItCanShow() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), BROKER.securePort(false))) {
            socket.getOutputStream().write(Bytes.utf8("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));

            assertThat(readToTheEnd(socket)).startsWith("HTTP/1.1 400 ").contains("which takes TLS");
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void handshake_thatNeverEnds_isCutOffAndDisturbsNobody(boolean webSocket) throws IOException {
        RawMqtt bystander = login(Wire.TCP_V5, "team4a");
        // The beginning of a record that announces 512 bytes.
        LoginRefused refused = sent(HASTY, HASTY.securePort(webSocket), new byte[] {0x16, 3, 1, 2, 0});

        assertThat(refused.refusal().code()).isEqualTo("tls_handshake");
        assertThat(refused.refusal().reason()).isEqualTo("the TLS handshake was not complete within 1 s");
        bystander.ping();
    }

    @Test
    void client_thatDoesNotTrustTheCertificate_isToldOfInTheLog() throws IOException {
        ClassCertificates other = otherClass();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), BROKER.securePort(false))) {
            SSLSocket secure = (SSLSocket) TestTls.trusting(other)
                    .getSocketFactory()
                    .createSocket(socket, "localhost", BROKER.securePort(false), true);
            assertThatThrownBy(secure::startHandshake).isInstanceOf(SSLException.class);

            assertThat(refusalOf(BROKER, socket).refusal().reason())
                    .startsWith("the client does not accept the broker's");
        }
    }

    private ClassCertificates otherClass() throws IOException {
        ClassCertificates other = new ClassCertificates(directory.resolve("other"), Clock.systemUTC());
        other.create("CA of another class", List.of("localhost"), Duration.ofDays(10));
        return other;
    }

    private static SSLContext identity(String user) throws IOException {
        ClassCertificates own = BROKER.certificates();
        if (!Files.exists(own.clientFile(user))) {
            own.createClient(user, Duration.ofDays(10));
        }
        return TestTls.trusting(own, own, user);
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void certificate_ofAUser_logsInWithoutAPassword(Wire wire) throws IOException {
        RawMqtt client = BROKER.openSecure(wire, identity("team5a"));

        assertThat(client.connect(Connect.as(wire).clientId(client.name())).code())
                .isZero();
        assertThat(BROKER.recorder()
                        .await(client, ClientConnected.class)
                        .client()
                        .user())
                .contains("team5a");
        assertThat(client.subscribe(Chat.ROOT + "team5a/#", 0)).isZero();
    }

    @Test
    void certificate_ofAUser_countsAndNotTheNameInConnect() throws IOException {
        RawMqtt client = BROKER.openSecure(Wire.TCP_V5, identity("team5a"));

        assertThat(client.connect(
                                Connect.as(Wire.TCP_V5).clientId(client.name()).login("team6a", "anything"))
                        .code())
                .isZero();
        assertThat(client.subscribe(Chat.ROOT + "team6a/#", 0)).isEqualTo(0x87);
        assertThat(client.subscribe(Chat.ROOT + "team5a/#", 0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Wire.class,
            names = {"TCP_V3", "TCP_V5"})
    void certificate_ofNoUser_doesNotLogIn(Wire wire) throws IOException {
        RawMqtt client = BROKER.openSecure(wire, identity("team99z"));

        assertThat(client.connect(Connect.as(wire).clientId(client.name()).login("team1a", "secret-of-team1a"))
                        .code())
                .isEqualTo(wire.pick(BAD_LOGIN_3, BAD_LOGIN_5));
        assertThat(BROKER.recorder().await(client, LoginRefused.class).refusal().code())
                .isEqualTo("certificate_user");
    }

    @Test
    void client_withoutACertificate_needsItsPassword() throws IOException {
        RawMqtt client = BROKER.openSecure(Wire.TCP_V5, trusting);

        assertThat(client.connect(
                                Connect.as(Wire.TCP_V5).clientId(client.name()).login("team1a", "wrong"))
                        .code())
                .isEqualTo(BAD_LOGIN_5);
    }

    /** In TLS 1.3 a client may think that all is well until it hears the broker's answer to its certificate. */
    private static void assertRefused(TestBroker broker, SSLContext identity, String reason) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.securePort(false))) {
            SSLSocket secure = (SSLSocket)
                    identity.getSocketFactory().createSocket(socket, "localhost", broker.securePort(false), true);
            socket.setSoTimeout((int) RawMqtt.PATIENCE.toMillis());
            try {
                secure.startHandshake();
                secure.getOutputStream().write(connect());
            } catch (IOException e) {
                assertThat(e).isInstanceOfAny(SSLException.class, IOException.class);
            }
            assertThat(readToTheEnd(secure)).doesNotContain("\u0020\u0002");
            assertThat(refusalOf(broker, socket).refusal().reason()).isEqualTo(reason);
        }
    }

    @Test
    void certificate_ofAnotherClass_isRefused() throws IOException {
        ClassCertificates other = otherClass();
        other.createClient("team1a", Duration.ofDays(1));

        assertRefused(
                BROKER,
                TestTls.trusting(BROKER.certificates(), other, "team1a"),
                "the client's certificate is not signed by cafile");
    }

    @Test
    void certificate_thatHasRunOut_isRefused() throws IOException {
        Clock lastYear = Clock.fixed(Instant.now().minus(Duration.ofDays(300)), ZoneOffset.UTC);
        Path certs = BROKER.certificates().authorityFile().getParent();
        new ClassCertificates(certs, lastYear).createClient("x1", Duration.ofDays(30));

        assertRefused(
                BROKER,
                TestTls.trusting(BROKER.certificates(), BROKER.certificates(), "x1"),
                "the client's certificate has run out");
    }

    @Test
    void client_withoutACertificateWhereOneIsRequired_isRefused() throws IOException {
        assertRefused(
                STRICT,
                TestTls.trusting(STRICT.certificates()),
                "the client has sent no certificate, and require_certificate is true");
    }

    @Test
    void client_withACertificateWhereOneIsRequired_logsIn() throws IOException {
        ClassCertificates own = STRICT.certificates();
        own.createClient("team1b", Duration.ofDays(1));
        RawMqtt client = STRICT.openSecure(Wire.WS_V5, TestTls.trusting(own, own, "team1b"));

        assertThat(client.connect(Connect.as(Wire.WS_V5).clientId(client.name()))
                        .code())
                .isZero();
    }

    private X509Certificate shown() throws IOException {
        try (SSLSocket socket = (SSLSocket) TestTls.trusting(BROKER.certificates())
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), BROKER.securePort(false))) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void certificate_replacedWhileItRuns_isForNewConnectionsAndOldOnesStay() throws IOException {
        RawMqtt before = login(Wire.TCP_V5, "team7a");
        X509Certificate first = shown();
        ClassCertificates certificates = BROKER.certificates();
        certificates.renew(List.of("localhost", "other.example"), Duration.ofDays(20));
        CertificateReload reload = BROKER.app().certificates().orElseThrow();

        CertificateReload.Prepared prepared = reload.prepare(BROKER.tls());

        assertThat(prepared.problems()).isEmpty();
        assertThat(prepared.warnings()).singleElement().asString().contains("in 19 days");
        assertThat(shown()).isEqualTo(first);
        prepared.apply();
        assertThat(shown()).isNotEqualTo(first);
        assertThat(ClassCertificates.hosts(shown())).contains("other.example");
        before.ping();
        login(Wire.WS_V3, "team7b").ping();
    }

    @Test
    void certificate_replacedByABrokenOne_isNotTaken() throws IOException {
        X509Certificate first = shown();
        ClassCertificates other = otherClass();
        TlsConfig config = new TlsConfig(
                BROKER.tls().port(),
                BROKER.tls().websocketPort(),
                BROKER.tls().certFile(),
                Optional.of(other.serverKeyFile()),
                BROKER.tls().keyPasswordFile(),
                BROKER.tls().caFile(),
                false,
                true);

        CertificateReload.Prepared prepared =
                BROKER.app().certificates().orElseThrow().prepare(config);

        assertThat(prepared.problems()).singleElement().asString().contains("is not the key of the certificate");
        assertThatThrownBy(prepared::apply).isInstanceOf(IllegalStateException.class);
        assertThat(shown()).isEqualTo(first);
    }
}
