package labchat.it.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import java.io.IOException;
import java.nio.file.Path;
import labchat.it.support.BrokerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The broker goes and comes back, and nobody loads the page again. */
class ReconnectIT {

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private Path directory;

    private static ChatPage page(int port) {
        return new ChatPage(CHROMIUM.page(CHROMIUM.context(Chromium.desktop())), port);
    }

    private static String[] ports(BrokerProcess broker) {
        return new String[] {
            "--port", String.valueOf(broker.mqttPort()),
            "--ws-port", String.valueOf(broker.webSocketPort()),
            "--http-port", String.valueOf(broker.httpPort())
        };
    }

    @Test
    void restart_inTheMiddle_losesNothing() throws IOException {
        BrokerProcess first = BrokerProcess.start(directory);
        String[] ports = ports(first);
        ChatPage one = page(first.httpPort()).signIn("team1a").open("team1b");
        ChatPage two = page(first.httpPort()).signIn("team1b").open("team1a");
        one.write("before");
        assertThat(one.state("before")).hasText("read");

        first.process().kill();
        first.close();
        assertThat(one.page().locator(".banner")).containsText("The broker does not answer");
        one.write("while it is away");
        two.write("me too");
        assertThat(one.state("while it is away")).hasText("waiting");
        one.picture("browser-away");
        try (BrokerProcess second = BrokerProcess.start(directory, ports)) {
            assertEquals(first.httpPort(), second.httpPort());
            one.page().evaluate("dispatchEvent(new Event('online'))");
            two.page().evaluate("dispatchEvent(new Event('online'))");

            assertThat(one.state("while it is away")).hasText("read");
            assertThat(two.state("me too")).hasText("read");
            assertThat(one.message("me too")).hasCount(1);
            assertThat(two.message("while it is away")).hasCount(1);
            assertThat(two.message("before")).hasCount(1);
            assertThat(one.page().locator(".banner")).isHidden();
            assertThat(one.row("team1b")).hasAttribute("data-presence", "online");
        }
    }

    /** To the page a machine that has slept is a network that was gone. */
    @Test
    void network_thatWasGone_bringsWhatWasMissed() throws IOException {
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            BrowserContext sleeping = CHROMIUM.context(Chromium.desktop());
            ChatPage one = new ChatPage(CHROMIUM.page(sleeping), broker.httpPort()).signIn("team2a");
            ChatPage device = page(broker.httpPort()).signIn("team2a");
            ChatPage other = page(broker.httpPort()).signIn("team2b").open("team2a");
            one.open("team2b");
            one.page()
                    .evaluate(
                            "() => { const send = WebSocket.prototype.send; window.cut = true;"
                                    + " WebSocket.prototype.send = function (data) { if (window.cut) this.close(); else send.call(this, data); }; }");
            one.write("starts the cut");
            assertThat(one.page().locator(".banner")).isVisible();

            other.write("while you slept");
            assertThat(device.row("team2b").locator(".badge")).hasText("1");
            one.page().evaluate("() => { window.cut = false; dispatchEvent(new Event('focus')); }");

            assertThat(one.message("while you slept")).hasCount(1);
            assertThat(other.state("while you slept")).hasText("read");
            assertThat(one.state("starts the cut")).hasText("read");
        }
    }
}
