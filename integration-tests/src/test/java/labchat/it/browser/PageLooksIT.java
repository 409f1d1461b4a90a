package labchat.it.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import labchat.it.support.BrokerProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page for every eye and hand: phone, dark, zoom, keyboard, screen reader, languages. */
class PageLooksIT {

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws IOException {
        broker = BrokerProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private ChatPage page(Browser.NewContextOptions options) {
        return new ChatPage(CHROMIUM.page(CHROMIUM.context(options)), broker.httpPort());
    }

    private static void fitsTheWidth(Page page) {
        assertThat((Boolean)
                        page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as("nothing to scroll sideways")
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void everyView_isWithoutViolations(ColorScheme scheme) {
        ChatPage page = page(Chromium.desktop().setColorScheme(scheme)).visit();
        Axe.check(page.page(), "signing in");
        page.trySignIn("team1a", "wrong");
        assertThat(page.page().locator(".problem")).containsText("wrong");
        Axe.check(page.page(), "a wrong password");
        page.picture("browser-signin-" + scheme.name().toLowerCase(Locale.ROOT));
        page.signIn("team1a");
        Axe.check(page.page(), "the list");
        page.open("team1b").write("Hei " + scheme);
        assertThat(page.state("Hei " + scheme)).hasText("sent");
        page.open("lobby").write("Hei, lobby " + scheme);
        assertThat(page.state("Hei, lobby " + scheme)).hasText("sent");
        Axe.check(page.page(), "a conversation");
        for (String button : new String[] {"Settings", "Write to all", "New room", "About the room"}) {
            page.button(button).click();
            assertThat(page.dialog()).isVisible();
            Axe.check(page.page(), button);
            page.page().keyboard().press("Escape");
            assertThat(page.page().locator("dialog")).hasCount(0);
        }
        page.page().locator(".sidebar").getByLabel("Search").click();
        page.dialog().getByLabel("Words to find").fill("Hei");
        page.dialog().getByLabel("Words to find").press("Enter");
        assertThat(page.dialog().locator(".hit")).not().hasCount(0);
        Axe.check(page.page(), "search");
    }

    @Test
    void phone_showsOneOfTheTwoAtATime() {
        ChatPage phone = page(Chromium.phone().setColorScheme(ColorScheme.DARK)).signIn("team2a");
        fitsTheWidth(phone.page());
        assertThat(phone.page().locator(".pane")).isHidden();
        phone.picture("browser-phone-list");

        phone.open("team2b").write("A message that is a good deal longer than a phone is wide, so that it wraps.");
        assertThat(phone.page().locator(".sidebar")).isHidden();
        fitsTheWidth(phone.page());
        Axe.check(phone.page(), "a phone");
        phone.picture("browser-phone");
        phone.page().goBack();
        assertThat(phone.page().locator(".sidebar")).isVisible();
        phone.open("team2b");
        phone.button("Back to the list").click();

        assertThat(phone.row("team2b")).isFocused();
    }

    @Test
    void dark_isDarkAndLightIsLight() {
        ChatPage dark =
                page(Chromium.desktop().setColorScheme(ColorScheme.DARK)).signIn("team3a");
        ChatPage light =
                page(Chromium.desktop().setColorScheme(ColorScheme.LIGHT)).signIn("team3b");
        dark.open("team3b").write("Is it night at your table, too?");
        light.open("team3a");
        light.write("No, somebody has found the switch.");
        assertThat(dark.message("No, somebody has found the switch.")).isVisible();
        dark.picture("browser-dark");

        String ground = "getComputedStyle(document.body).backgroundColor";
        assertThat(dark.page().evaluate(ground)).isEqualTo("rgb(18, 23, 29)");
        assertThat(light.page().evaluate(ground)).isEqualTo("rgb(244, 246, 248)");
    }

    /** A window of 1180 px at 200 % has 590 px of its own, and half the height. */
    @Test
    void zoom_of200Percent_losesNothing() {
        ChatPage page = page(Chromium.desktop().setViewportSize(590, 380).setDeviceScaleFactor(2))
                .signIn("team4a");
        fitsTheWidth(page.page());
        page.open("team4b").write("Still here");

        assertThat(page.message("Still here")).isInViewport();
        assertThat(page.composer()).isInViewport();
        fitsTheWidth(page.page());
    }

    @Test
    void keyboard_isEnough() {
        Page page = page(Chromium.desktop()).visit().page();
        ChatPage chat = new ChatPage(page, broker.httpPort());
        page.keyboard().type("team5a");
        page.keyboard().press("Tab");
        page.keyboard().type("team5a");
        page.keyboard().press("Enter");
        chat.signedIn();

        page.keyboard().press("Control+k");
        page.keyboard().type("team5b");
        page.keyboard().press("Enter");
        assertThat(chat.composer()).isFocused();
        page.keyboard().type("one");
        page.keyboard().press("Shift+Enter");
        page.keyboard().type("two");
        page.keyboard().press("Enter");
        assertThat(page.locator(".message.mine .text")).hasText("one\ntwo");

        page.keyboard().press("Escape");
        assertThat(chat.row("team5b")).isFocused();
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Enter");
        assertThat(page.locator(".conversation h1")).hasText("lobby");
        page.keyboard().press("Alt+ArrowDown");
        assertThat(page.locator(".conversation h1")).hasText("team5b");
        page.keyboard().press("Control+Shift+F");
        assertThat(chat.dialog().getByLabel("Words to find")).isFocused();
        page.keyboard().press("Escape");
        assertThat(chat.composer()).isFocused();
    }

    @Test
    void tab_reachesEverything() {
        Page page = page(Chromium.desktop()).signIn("team6a").open("lobby").page();
        page.locator(".find input").focus();
        Set<Object> reached = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            page.keyboard().press("Tab");
            reached.add(page.evaluate(
                    "document.activeElement.getAttribute('aria-label') ?? document.activeElement.className"));
        }

        assertThat(reached).contains("New room", "row", "Search", "About the room", "lobby", "Write to lobby", "Send");
    }

    @Test
    void newMessage_isToldToAScreenReader() {
        ChatPage reader = page(Chromium.desktop()).signIn("team7a").open("team7b");
        ChatPage other = page(Chromium.desktop()).signIn("team7b").open("team7a");

        other.write("Do you hear me?");

        assertThat(reader.page().locator("[aria-live=polite].unseen")).hasText("team7b: Do you hear me?");
        assertThat(reader.message("Do you hear me?").locator("time")).hasAttribute("title", Pattern.compile(".+"));
    }

    @Test
    void textFromRightToLeft_standsOnItsSide() {
        ChatPage page = page(Chromium.desktop()).signIn("team8a").open("team8b");
        page.write("مرحبا بكم");
        page.write("Hei!");

        String direction = "element => getComputedStyle(element).direction";
        assertThat(page.message("مرحبا بكم").locator(".text").evaluate(direction))
                .isEqualTo("rtl");
        assertThat(page.message("Hei!").locator(".text").evaluate(direction)).isEqualTo("ltr");
    }

    @Test
    void language_isTheBrowsers() {
        ChatPage norwegian = page(Chromium.desktop().setLocale("nb-NO")).signIn("team9a");
        assertThat(norwegian.page().locator("html")).hasAttribute("lang", "nb");
        assertThat(norwegian.page().locator(".pick h2")).hasText("Velg noen å skrive til");
        ChatPage french = page(Chromium.desktop().setLocale("fr-FR")).visit();
        assertThat(french.page().locator("h1")).hasText("Sign in to the chat");

        Object same = norwegian.page().evaluate("""
                async () => {
                  const { all } = await import("/assets/js/texts.js");
                  const places = (text) => (text.match(/\\{\\d\\}/g) ?? []).sort().join();
                  const keys = new Set([...Object.keys(all.en), ...Object.keys(all.nb)]);
                  return [...keys].filter((key) => !all.en[key] || !all.nb[key] || places(all.en[key]) !== places(all.nb[key]));
                }
                """);
        assertThat(same).isEqualTo(List.of());
    }

    @Test
    void page_withoutJavaScript_saysSo() {
        Page page = page(Chromium.desktop().setJavaScriptEnabled(false)).page();
        page.navigate("http://127.0.0.1:" + broker.httpPort() + "/");

        assertThat(page.locator("main.noscript")).containsText("This page needs JavaScript");
        assertThat(page.locator("main.noscript")).containsText("Denne siden trenger JavaScript");
    }

    @Test
    void notifications_areAskedForAndShown() {
        BrowserContext context = CHROMIUM.context(Chromium.desktop());
        context.grantPermissions(List.of("notifications"));
        ChatPage page = new ChatPage(CHROMIUM.page(context), broker.httpPort());
        page.page().addInitScript("""
                window.shown = [];
                window.Notification = class { constructor(title, options) { window.shown.push(`${title}: ${options.body}`); }
                  static permission = "granted"; static requestPermission() { return Promise.resolve("granted"); } };
                document.hasFocus = () => false;
                """);
        page.signIn("team10a");
        page.button("Settings").click();
        page.dialog().getByLabel("Notify me of new messages").check();
        page.page().keyboard().press("Escape");

        page(Chromium.desktop()).signIn("team10b").open("team10a").write("Look here");

        page.page()
                .waitForCondition(
                        () -> page.page().evaluate("window.shown.join()").equals("team10b: Look here"));
        assertThat(page.row("team10b").locator(".badge")).hasText("1");
    }

    @Test
    void headers_forbidWhatIsNotOurs() {
        Page page = page(Chromium.desktop()).visit().page();
        Object refused = page.evaluate("""
                async () => {
                  const tried = {};
                  try { document.body.innerHTML = "<b>x</b>"; tried.html = true; } catch { tried.html = false; }
                  try { await fetch("http://192.0.2.1/"); tried.elsewhere = true; } catch { tried.elsewhere = false; }
                  const script = document.createElement("script");
                  try { script.textContent = "window.ran = true"; document.head.append(script); } catch { /* Trusted Types */ }
                  tried.inline = window.ran === true;
                  return tried;
                }
                """);

        CHROMIUM.forget();
        assertThat(refused).isEqualTo(Map.of("html", false, "elsewhere", false, "inline", false));
    }
}
