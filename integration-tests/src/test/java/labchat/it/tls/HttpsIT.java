package labchat.it.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import labchat.broker.tls.ClassCertificates;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.TestTls;
import labchat.it.support.Wire;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pages with a certificate, in the packaged broker; and a reload of it by SIGHUP. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpsIT {

    @TempDir
    private Path directory;

    private ClassCertificates certificates;

    private HttpClient client() throws IOException {
        return HttpClient.newBuilder()
                .sslContext(TestTls.trusting(certificates))
                .build();
    }

    private HttpResponse<String> get(String uri) throws IOException, InterruptedException {
        return client().send(
                        HttpRequest.newBuilder(URI.create(uri))
                                .timeout(RawMqtt.PATIENCE)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private X509Certificate shown(int port) throws IOException, InterruptedException {
        return (X509Certificate) get("https://localhost:%d/config.json".formatted(port))
                .sslSession()
                .orElseThrow()
                .getPeerCertificates()[0];
    }

    @Test
    void pages_withACertificate_areHttpsAndTakeANewOneWithoutARestart() throws Exception {
        certificates = new ClassCertificates(directory.resolve("certs"), Clock.systemUTC());
        certificates.create("CA of a test", List.of("localhost"), Duration.ofDays(365));
        try (BrokerProcess broker = BrokerProcess.start(
                directory,
                "--tls-port",
                "0",
                "--wss-port",
                "0",
                "--certfile",
                certificates.serverFile().toString(),
                "--keyfile",
                certificates.serverKeyFile().toString())) {
            int port = broker.httpPort();

            HttpResponse<String> config = get("https://localhost:%d/config.json".formatted(port));
            assertThat(config.statusCode()).isEqualTo(200);
            assertThat(config.body()).contains("\"wss\":" + broker.port("wss"));
            assertThat(config.headers().firstValue("Strict-Transport-Security")).isEmpty();
            HttpResponse<String> plain = get("http://localhost:%d/index.html".formatted(port));
            assertThat(plain.statusCode()).isEqualTo(307);
            assertThat(plain.headers().firstValue("Location"))
                    .contains("https://localhost:%d/index.html".formatted(port));

            RawMqtt before =
                    RawMqtt.openSecure(Wire.TCP_V5, broker.port("tls"), "before", TestTls.trusting(certificates));
            assertThat(before.connect(Connect.as(Wire.TCP_V5).login("team1a", "team1a"))
                            .code())
                    .isZero();
            X509Certificate first = shown(port);
            certificates.renew(List.of("other.example"), Duration.ofDays(365));
            hangUp(broker.process());

            Awaitility.await().atMost(RawMqtt.PATIENCE).until(() -> !shown(port).equals(first));
            before.ping();
            before.close();
        }
    }

    private void hangUp(TestProcess broker) throws IOException {
        try (TestProcess kill =
                TestProcess.start(directory, Map.of(), List.of("kill", "-HUP", Long.toString(broker.pid())))) {
            assertThat(kill.exitCode(RawMqtt.PATIENCE)).isZero();
        }
    }
}
