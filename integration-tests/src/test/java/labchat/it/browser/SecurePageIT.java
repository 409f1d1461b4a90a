package labchat.it.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import labchat.broker.tls.ClassCertificates;
import labchat.it.support.BrokerProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page over HTTPS with a class's own certificate, and MQTT over secure WebSocket behind it. */
class SecurePageIT {

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private Path directory;

    private BrokerProcess broker;

    @BeforeEach
    void start() throws IOException {
        ClassCertificates certificates = new ClassCertificates(directory.resolve("certs"), Clock.systemUTC());
        certificates.create("CA of a test", List.of("127.0.0.1"), Duration.ofDays(365));
        broker = BrokerProcess.start(
                directory,
                "--tls-port",
                "0",
                "--wss-port",
                "0",
                "--certfile",
                certificates.serverFile().toString(),
                "--keyfile",
                certificates.serverKeyFile().toString());
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private ChatPage page(boolean accepted) {
        return new ChatPage(
                CHROMIUM.page(CHROMIUM.context(Chromium.desktop().setIgnoreHTTPSErrors(accepted))),
                "https",
                broker.httpPort());
    }

    @Test
    void certificate_thatWasAccepted_chatsOverSecureWebSocket() {
        ChatPage one = page(true).signIn("team1a").open("team1b");
        ChatPage two = page(true).signIn("team1b").open("team1a");

        one.write("over TLS");

        assertThat(two.message("over TLS")).isVisible();
        assertThat(one.state("over TLS")).hasText("read");
    }

    @Test
    void certificate_ofAnUnknownCa_isRefusedByTheBrowser() {
        PlaywrightException refused =
                assertThrows(PlaywrightException.class, () -> page(false).visit());

        assertTrue(refused.getMessage().contains("ERR_CERT_AUTHORITY_INVALID"), refused.getMessage());
    }
}
