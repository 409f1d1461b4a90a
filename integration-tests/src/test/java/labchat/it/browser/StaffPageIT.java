package labchat.it.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.UsersConf;
import labchat.it.support.Wire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The staff's page in a browser: docs/staff.md. */
@Timeout(240)
class StaffPageIT {

    private static final String PASSWORD = "a-good-password";
    private static final String STAFF = "kashish";

    /** What a student could try on whoever looks. */
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws IOException {
        Path users = Files.writeString(
                directory.resolve("users.conf"),
                UsersConf.of(List.of("team1a", "team2a", "team3a", "team4a", STAFF), PASSWORD));
        Path conf = Files.writeString(directory.resolve("broker.conf"), "staff " + STAFF + "\n");
        broker = BrokerProcess.start(directory, "-c", conf.toString(), "--users", users.toString());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static RawMqtt login(String user, String clientId) throws IOException {
        RawMqtt client = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), clientId);
        assertThat(client.connect(Connect.as(Wire.TCP_V5).clientId(clientId).login(user, PASSWORD))
                        .code())
                .isZero();
        return client;
    }

    /** As on a projector. */
    private static Browser.NewContextOptions projector() {
        return Chromium.desktop().setViewportSize(1600, 900).setAcceptDownloads(true);
    }

    private static Page visit(BrowserContext context) {
        Page page = CHROMIUM.page(context);
        page.navigate("http://127.0.0.1:" + broker.httpPort() + "/staff");
        return page;
    }

    private static void signIn(Page page, String user, String password) {
        page.getByLabel("Name").fill(user);
        page.getByLabel("Password").fill(password);
        button(page, "Sign in").click();
    }

    private static Page signedIn(Browser.NewContextOptions options) {
        Page page = visit(CHROMIUM.context(options));
        signIn(page, STAFF, PASSWORD);
        assertThat(page.locator(".tile")).hasCount(5);
        return page;
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void open(Page page, String tab) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(tab)).click();
    }

    private static Locator rows(Page page) {
        return page.locator(".wire tbody tr");
    }

    private static void say(RawMqtt from, String sender, String uuid) throws IOException {
        from.publish(Chat.messageTopic("team2a"), Chat.message(sender, "team2a", "a secret text", uuid), 1);
    }

    @Test
    void signIn_wrongOrNoStaff_saysWhyAndShowsNothing() {
        Page page = visit(CHROMIUM.context(projector()));
        signIn(page, "team4a", "wrong");
        assertThat(page.getByRole(AriaRole.ALERT)).hasText("Wrong name or password.");
        signIn(page, "team4a", PASSWORD);
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("team4a is not one of the accounts");
        assertThat(page.locator(".tile")).hasCount(0);
    }

    /** The server has seen it; nobody has said it. */
    @Test
    void progress_showsWhatEachTeamsProgramHasDone_andBeginsAnew() throws IOException {
        Page page = signedIn(projector());
        RawMqtt one = login("team3a", "progress-one");
        one.subscribe(Chat.ROOT + "team3a/#", 1);
        say(one, "team3a", "progress-1");
        one.publish(Chat.messageTopic("team2a"), "{}", 1);
        open(page, "Progress");

        Locator row = page.locator("table.progress tbody tr").filter(new Locator.FilterOptions().setHasText("team3a"));
        assertThat(row).containsText("3 of 8");
        page.getByLabel("Step").selectOption("2");
        assertThat(row).containsText("3 of 4");
        assertThat(page.locator("body")).not().containsText("a secret text");
        Axe.check(page, "the progress");
        picture(page, "staff-progress");

        one.close();
        page.onDialog(Dialog::accept);
        button(page, "Begin anew").click();
        assertThat(row).hasCount(0);
    }

    @Test
    void wire_packetsPass_areShownFilteredAndHeldBack() throws IOException {
        Page page = signedIn(projector());
        open(page, "Live wire");
        RawMqtt one = login("team1a", "wire-one");
        say(one, "team1a", "wire-1");
        assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("uuid wire-1")))
                .hasCount(1);
        assertThat(page.locator("body")).not().containsText("a secret text");

        page.getByLabel("Team").selectOption("team1a");
        page.getByLabel("refused only").check();
        assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("uuid wire-1")))
                .hasCount(0);
        one.publish(Chat.messageTopic("team2a"), HOSTILE, 1);
        assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("REFUSED invalid_json")))
                .hasCount(1);
        page.getByLabel("refused only").uncheck();
        page.getByLabel("Kind").selectOption("message");
        // What has passed already is shown by the new filter, too.
        assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("uuid wire-1")))
                .hasCount(1);
        assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("CONNECT")))
                .hasCount(0);

        button(page, "Pause").click();
        say(one, "team1a", "wire-2");
        assertThat(page.getByText(Pattern.compile("Paused; [1-9]\\d* packets wait")))
                .isVisible();
        assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("uuid wire-2")))
                .hasCount(0);
        button(page, "Pause").click();
        assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("uuid wire-2")))
                .hasCount(1);
        one.close();
    }

    @Test
    void diagram_ofTwo_isDrawnWhileTheyTalkAndSaved() throws IOException {
        Page page = signedIn(projector());
        open(page, "Diagram");
        page.getByLabel("Between").selectOption("team1a");
        page.getByLabel("and", new Page.GetByLabelOptions().setExact(true)).selectOption("team2a");
        page.getByText("As text").click();
        RawMqtt two = login("team2a", "drawn-two");
        two.subscribe("ttm4175/chat/team2a/message", 1);
        RawMqtt one = login("team1a", "drawn-one");
        say(one, "team1a", "drawn-1");

        Locator text = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Diagram as text"));
        assertThat(text).containsText("send(ttm4175/chat/team2a/message, uuid drawn-1)");
        assertThat(text).containsText("subscribe(ttm4175/chat/team2a/message)");
        assertThat(page.getByAltText(Pattern.compile("Sequence diagram of team1a")))
                .isVisible();
        assertThat((Integer) page.evaluate("document.querySelector('.picture img').naturalWidth"))
                .isGreaterThan(300);
        picture(page, "staff-diagram");

        for (String[] format : new String[][] {
            {"SVG", ".svg", "<svg "},
            {"Mermaid", ".mmd", "sequenceDiagram"},
            {"PlantUML", ".puml", "@startuml"},
            {"text", ".txt", "team1a"}
        }) {
            Download saved = page.waitForDownload(() -> page.getByRole(
                            AriaRole.LINK,
                            new Page.GetByRoleOptions().setName(format[0]).setExact(true))
                    .click());
            assertThat(saved.suggestedFilename()).startsWith("diagram-").endsWith(format[1]);
            assertThat(Files.readString(saved.path())).contains(format[2], "uuid drawn-1");
        }
        one.close();
        two.close();
    }

    @Test
    void classView_teamWithMistakes_isStuckAndCanBeHelped() throws IOException {
        Page page = signedIn(projector());
        RawMqtt three = login("team3a", HOSTILE);
        for (int i = 0; i < 3; i++) {
            three.publish(Chat.messageTopic("team2a"), "{\"sender\":\"team3a\"", 1);
        }
        Locator tile = page.locator(".tile").filter(new Locator.FilterOptions().setHasText("team3a"));
        assertThat(tile).containsText("online");
        assertThat(tile).containsText("stuck: invalid_json");
        assertThat(page.getByLabel("Who is stuck")).containsText("team3a 3 times invalid_json");

        tile.click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText(HOSTILE);
        Axe.check(page, "a team");
        button(page, "Disconnect").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Ended 1 connection of team3a.");
        three.expectClosed();
        button(page, "Close").click();
        assertThat(tile).containsText("offline");

        page.getByLabel("Say to all:").fill("Break until 14:15");
        button(page, "Send").click();
        assertThat(page.getByText("Said to everybody in lobby.")).isVisible();
    }

    @Test
    void accounts_areAddedShownAndRemovedAfterAQuestion() throws IOException {
        Page page = signedIn(projector());
        open(page, "Accounts");
        Locator row = page.locator(".accounts tbody tr")
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile("^vega")));
        page.getByLabel("New account").fill("team1a");
        button(page, "Add").click();
        assertThat(page.getByText("There is an account team1a already.")).isVisible();

        page.getByLabel("New account").fill("vega");
        button(page, "Add").click();
        assertThat(page.getByText("vega can log in.")).isVisible();
        String password = page.locator(".secret").innerText();
        RawMqtt vega = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), "vega-one");
        assertThat(vega.connect(Connect.as(Wire.TCP_V5).clientId("vega-one").login("vega", password))
                        .code())
                .isZero();
        assertThat(row).containsText("first, used never");
        Axe.check(page, "the accounts");
        picture(page, "staff-accounts");

        button(page, "Remove vega").click();
        Axe.check(page, "a question");
        button(page, "Cancel").click();
        vega.ping();
        button(page, "Remove vega").click();
        button(page, "Remove").click();
        assertThat(page.getByText("vega is removed")).isVisible();
        vega.expectClosed();
        assertThat(row).hasCount(0);
        assertThat(page.locator(".secret")).hasCount(0);
    }

    @Test
    void session_endedElsewhere_asksToSignInAgain() {
        BrowserContext context = CHROMIUM.context(projector());
        Page page = visit(context);
        signIn(page, STAFF, PASSWORD);
        assertThat(page.locator(".tile")).hasCount(5);

        context.clearCookies();
        button(page, "Send").scrollIntoViewIfNeeded();
        page.getByLabel("Say to all:").fill("x");
        button(page, "Send").click();

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Sign in.");
        assertThat(page.locator(".tile")).hasCount(0);
    }

    @Test
    void signOut_closesTheSessionForAllTabs() {
        BrowserContext context = CHROMIUM.context(projector());
        Page page = visit(context);
        signIn(page, STAFF, PASSWORD);
        assertThat(page.locator(".tile")).hasCount(5);
        Page other = visit(context);
        assertThat(other.locator(".tile")).hasCount(5);

        button(page, "Sign out").click();

        assertThat(page.getByLabel("Name")).isVisible();
        assertThat(other.getByRole(AriaRole.ALERT)).containsText("Your session has ended");
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void everyView_isWithoutViolations(ColorScheme scheme) throws IOException {
        String name = scheme.name().toLowerCase(Locale.ROOT);
        RawMqtt two = login("team2a", "looks-" + name);
        two.publish(Chat.messageTopic("team1a"), "no json", 1);
        Page page = visit(CHROMIUM.context(projector().setColorScheme(scheme)));
        Axe.check(page, "signing in");
        signIn(page, STAFF, PASSWORD);
        assertThat(page.locator(".tile")).hasCount(5);
        assertThat(page.getByText("invalid_json").first()).isVisible();
        Axe.check(page, "the class");
        picture(page, "staff-class-" + name);
        // By the keyboard, from one tab to the next.
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("Class"))
                .focus();
        page.keyboard().press("ArrowRight");
        assertThat(rows(page).first()).isVisible();
        Axe.check(page, "the wire");
        picture(page, "staff-wire-" + name);
        page.keyboard().press("ArrowRight");
        page.getByLabel("Between").selectOption("team1a");
        page.getByLabel("and", new Page.GetByLabelOptions().setExact(true)).selectOption("team2a");
        assertThat(page.getByAltText(Pattern.compile("Sequence diagram"))).isVisible();
        Axe.check(page, "a diagram");
        two.close();
    }

    @Test
    void narrowScreen_hasNothingToScrollSideways() {
        Page page = signedIn(Chromium.phone());

        assertThat((List<?>) page.evaluate(
                        "[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right"
                                + " > document.documentElement.clientWidth + 1).map((e) => e.outerHTML.slice(0, 200))"))
                .isEmpty();
    }

    /** Writes a picture of what is seen, if pictures are asked for. */
    private static void picture(Page page, String name) {
        String folder = System.getProperty("labchat.pictures", "");
        if (!folder.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(folder, name + ".png")));
        }
    }
}
