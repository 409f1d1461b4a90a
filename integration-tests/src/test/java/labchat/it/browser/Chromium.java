package labchat.it.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The installed Chromium, one process for all tests of a run. Pages are closed after each test; a page whose script
 * failed, or that broke its own security policy, fails the test.
 */
final class Chromium implements BeforeAllCallback, AfterEachCallback {

    /** For anything that should happen on a machine that does a lot else. */
    static final double PATIENCE = 30_000;

    private static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private static final List<String> SWITCHES = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private Browser browser;

    /** The driver and the browser. */
    private record Shared(Playwright playwright, Browser browser) implements AutoCloseable {
        static Shared start() {
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            Browser browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(PROGRAM)
                            .setArgs(SWITCHES));
            return new Shared(playwright, browser);
        }

        @Override
        public void close() {
            browser.close();
            playwright.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        browser = context.getRoot()
                .getStore(Namespace.create(Chromium.class))
                .computeIfAbsent(Shared.class, key -> Shared.start(), Shared.class)
                .browser();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        contexts.forEach(BrowserContext::close);
        contexts.clear();
        List<String> heard = List.copyOf(complaints);
        complaints.clear();
        if (!heard.isEmpty() && context.getExecutionException().isEmpty()) {
            throw new AssertionError("the page's console: " + heard);
        }
    }

    /** What the console has said so far was meant to be said. */
    void forget() {
        complaints.clear();
    }

    /** How most pages are opened. */
    static Browser.NewContextOptions desktop() {
        return new Browser.NewContextOptions()
                .setViewportSize(1180, 760)
                .setLocale("en-GB")
                .setTimezoneId("Europe/Oslo");
    }

    /** A phone's width. */
    static Browser.NewContextOptions phone() {
        return desktop().setViewportSize(390, 780).setIsMobile(true).setHasTouch(true);
    }

    /** A browser of its own, without what others have kept. */
    BrowserContext context(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE);
        contexts.add(context);
        return context;
    }

    /** A page whose mistakes are noted. */
    Page page(BrowserContext context) {
        Page page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // That there is no network for a while, and that an answer is a refusal, is the browser's to say.
            boolean isNetwork = message.text().contains("net::ERR_")
                    || message.text().contains("WebSocket connection")
                    || message.text().startsWith("Failed to load resource");
            if (message.type().equals("error") && !isNetwork) {
                complaints.add(message.text());
            }
        });
        return page;
    }
}
