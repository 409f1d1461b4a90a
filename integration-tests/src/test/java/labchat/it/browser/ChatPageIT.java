package labchat.it.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import labchat.it.client.ClientProcess;
import labchat.it.support.BrokerProcess;
import labchat.it.support.Chat;
import labchat.it.support.Connect;
import labchat.it.support.RawMqtt;
import labchat.it.support.TestProcess;
import labchat.it.support.Wire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** People chat in browsers, and with somebody in a terminal. Each test has users of its own. */
class ChatPageIT {

    private static final Duration END = Duration.ofSeconds(40);

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private static Path directory;

    private static BrokerProcess broker;

    @TempDir
    private Path home;

    @BeforeAll
    static void start() throws IOException {
        broker = BrokerProcess.start(directory);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private ChatPage page() {
        return page(CHROMIUM.context(Chromium.desktop()));
    }

    private ChatPage page(BrowserContext context) {
        return new ChatPage(CHROMIUM.page(context), broker.httpPort());
    }

    @Test
    void message_betweenTwoBrowsers_isTypedDeliveredAndRead() {
        ChatPage one = page().signIn("team1a");
        ChatPage two = page().signIn("team1b");
        assertThat(one.row("team1b")).hasAttribute("data-presence", "online");
        one.open("team1b");

        one.composer().pressSequentially("Hei! Are you in the lab?");
        assertThat(two.row("team1a").locator(".preview")).hasText("team1a is typing…");
        one.composer().press("Enter");

        assertThat(two.row("team1a").locator(".badge")).hasText("1");
        // What other tests wrote to the lobby counts too.
        assertThat(two.page()).hasTitle(Pattern.compile("\\([1-9]\\d*\\) Labchat"));
        assertThat(one.state("Hei! Are you in the lab?")).hasText("delivered");
        two.open("team1a");
        assertThat(one.state("Hei! Are you in the lab?")).hasText("read");
        assertThat(two.row("team1a").locator(".badge")).isHidden();
        two.write("Yes, at table 4.\nBring the long cable, please.".replace("\n", " "));
        assertThat(one.message("Yes, at table 4. Bring the long cable, please."))
                .isVisible();
        assertThat(one.page().locator(".divider").first()).hasText("Today");
        two.composer().pressSequentially("And");
        assertThat(one.page().locator(".typing-line")).hasText("team1b is typing…");
        one.picture("browser");
    }

    @Test
    void messages_betweenBrowserAndTerminal_goBothWays() throws IOException {
        ChatPage page = page().signIn("team2a").open("team2b");
        ClientProcess client = new ClientProcess(home, broker.mqttPort());

        try (TestProcess sender =
                client.as("team2b", "send", "--to", "team2a", "--wait", "read", "--timeout", "40", "from a terminal")) {
            assertThat(page.message("from a terminal")).isVisible();
            assertThat(sender.exitCode(END)).as(sender.describe("")).isZero();
            assertThat(sender.stdout()).last().isEqualTo("(read) team2a");
        }
        page.write("from a browser");
        assertThat(page.state("from a browser")).hasText("sent");
        // What others wrote to the lobby meanwhile comes as well.
        try (TestProcess listener = client.as("team2b", "listen")) {
            await().atMost(END)
                    .untilAsserted(() -> assertThat(listener.stdout())
                            .as(listener.describe(""))
                            .anyMatch(line -> line.contains("team2a") && line.contains("from a browser")));
        }
        assertThat(page.state("from a browser")).hasText(Pattern.compile("delivered|read"));
    }

    @Test
    void presence_ofWhoComesAndGoes_isShown() {
        ChatPage stays = page().signIn("team3a");
        assertThat(stays.row("team3b").locator(".preview")).hasText("has not been here yet");
        BrowserContext other = CHROMIUM.context(Chromium.desktop());
        page(other).signIn("team3b");
        assertThat(stays.row("team3b").locator(".preview")).hasText("online");
        assertThat(stays.page().locator(".count")).hasText(Pattern.compile("[2-9] of 31 online"));

        other.close();

        assertThat(stays.row("team3b")).hasAttribute("data-presence", "offline");
        assertThat(stays.row("team3b").locator(".preview")).hasText(Pattern.compile("last seen \\d\\d:\\d\\d"));
    }

    @Test
    void room_isMadeJoinedReadAndLeft() {
        ChatPage maker = page().signIn("team4a");
        ChatPage other = page().signIn("team4b");
        maker.button("New room").click();
        maker.dialog().getByLabel("The room's name").fill("group_1");
        maker.dialogButton("Make the room").click();
        assertThat(maker.composer()).isFocused();

        other.row("group_1").click();
        other.button("Join group_1").click();
        assertThat(maker.page().locator(".notice")).hasText(Pattern.compile("team4b joined \\d\\d:\\d\\d"));
        assertThat(other.composer()).isVisible();
        maker.write("Who has the cable?");
        assertThat(other.message("Who has the cable?").locator(".sender")).containsText("team4a");
        assertThat(maker.state("Who has the cable?")).hasText("read by 1 of 1");
        maker.picture("browser-room");

        other.button("About the room").click();
        other.dialogButton("Leave the room").click();
        other.dialogButton("Leave the room").click();
        assertThat(maker.page().locator(".notice").last()).containsText("team4b left");
        assertThat(other.page().locator(".pick")).isVisible();
        maker.write("Gone?");
        assertThat(maker.state("Gone?")).hasText("sent");
        assertThat(other.row("group_1").locator(".badge")).isHidden();
    }

    @Test
    void room_thatIsPrivate_isSeenByWhoIsInvited() {
        ChatPage maker = page().signIn("team5a");
        ChatPage other = page().signIn("team5b");
        maker.button("New room").click();
        maker.dialog().getByLabel("The room's name").fill("team5a");
        maker.dialogButton("Make the room").click();
        assertThat(maker.dialog().getByRole(AriaRole.ALERT)).containsText("team5a");
        maker.dialog().getByLabel("The room's name").fill("quiet");
        maker.dialog().getByLabel("Private: only those who are invited").check();
        maker.dialogButton("Make the room").click();
        maker.button("About the room").click();
        maker.dialog().getByLabel("Who to invite").selectOption("team5b");
        maker.dialogButton("Invite").click();

        other.row("quiet").click();
        other.button("Join quiet").click();

        assertThat(maker.page().locator(".notice").last()).containsText("team5b joined");
    }

    @Test
    void history_isThereAfterANewStartAndIsSearched() throws IOException {
        try (TestProcess sender = new ClientProcess(home, broker.mqttPort())
                .as("team6b", "send", "--to", "team6a", "The cable is blue", "-V", "5")) {
            assertThat(sender.exitCode(END)).as(sender.describe("")).isZero();
        }
        ChatPage first = page().signIn("team6a");
        assertThat(first.row("team6b").locator(".badge")).hasText("1");
        first.open("team6b");
        for (int i = 1; i <= 70; i++) {
            first.write("line " + i);
        }
        assertThat(first.state("line 70")).hasText("sent");

        ChatPage again = page().signIn("team6a").open("team6b");
        assertThat(again.state("line 70")).hasText("sent");
        assertThat(again.message("The cable is blue")).not().isAttached();
        again.page().locator(".pane").getByLabel("Search").click();
        again.dialog().getByLabel("Words to find").fill("CABLE blue");
        again.dialog().getByLabel("Words to find").press("Enter");
        again.dialog().locator(".hit").click();

        assertThat(again.message("The cable is blue")).isInViewport();
        assertThat(again.message("The cable is blue")).isFocused();
        assertThat(again.message("line 1")).hasCount(1);
    }

    @Test
    void wrongPassword_isSaidInWordsAndCanBeMended() {
        ChatPage page = page().visit();
        page.trySignIn("team7a", "wrong");
        Locator problem = page.page().getByRole(AriaRole.ALERT);
        assertThat(problem).containsText("User name or password is wrong.");

        page.trySignIn("team7a", "");
        assertThat(problem).hasText("Fill in user name and password.");
        page.trySignIn("team7a", "team7a");

        page.signedIn();
        page.page().reload();
        page.signedIn();
        page.button("Settings").click();
        page.dialogButton("Sign out").click();
        assertThat(page.page().locator(".signin")).isVisible();
        assertThat((Integer) page.page().evaluate("localStorage.length + sessionStorage.length"))
                .isZero();
        page.page().reload();
        assertThat(page.page().locator(".signin")).isVisible();
    }

    @Test
    void password_isKeptForTheTabUnlessOneStaysSignedIn() {
        BrowserContext browser = CHROMIUM.context(Chromium.desktop());
        ChatPage first = page(browser).signIn("team7b");
        page(browser).visit();
        first.button("Settings").click();
        first.dialogButton("Sign out").click();
        first.page().getByLabel("Stay signed in on this device").check();
        first.trySignIn("team7b", "team7b").signedIn();

        ChatPage second = page(browser);
        second.page().navigate("http://127.0.0.1:" + broker.httpPort() + "/");
        second.signedIn();
    }

    @Test
    void tabs_ofOneUser_showTheSame() {
        BrowserContext browser = CHROMIUM.context(Chromium.desktop());
        ChatPage first = page(browser).signIn("team8a").open("team8b");
        ChatPage second = page(browser).signIn("team8a").open("team8b");
        ChatPage elsewhere = page().signIn("team8a").open("team8b");
        ChatPage other = page().signIn("team8b");

        first.write("from the first tab");
        assertThat(second.state("from the first tab")).hasText("delivered");
        assertThat(elsewhere.message("from the first tab")).isVisible();
        other.open("team8a").write("to all of you");

        for (ChatPage page : List.of(first, second, elsewhere)) {
            assertThat(page.message("to all of you")).hasCount(1);
            assertThat(page.state("from the first tab")).hasText("read");
        }
    }

    @Test
    void textToAll_isAskedForWithTheirNumber() {
        ChatPage sender = page().signIn("team9a");
        ChatPage receiver = page().signIn("team9b");
        sender.button("Write to all").click();
        assertThat(sender.dialog()).containsText("The same text to each of 30 people");
        sender.dialog().getByLabel("Message").fill("The lab starts now");
        sender.dialogButton("Send to 30 people").click();

        assertThat(sender.page().locator(".toast")).hasText("Sent to 30 people.");
        receiver.open("team9a");
        assertThat(receiver.message("The lab starts now")).isVisible();
        assertThat(sender.open("team9b").state("The lab starts now")).hasText("read");
    }

    @Test
    void mistake_isExplainedWhereItHappened() throws IOException {
        ChatPage page = page().signIn("team10a");
        try (RawMqtt program = RawMqtt.open(Wire.TCP_V3, broker.mqttPort(), "own-program")) {
            program.connect(Connect.as(program.wire()).clientId("own-program").login("team10a", "team10a"));
            program.publish(Chat.ROOT + "team10b/message", "{'sender': 'team10a'}", 1);
        }

        page.open("team10b");

        Locator explained = page.page().locator(".diagnostic");
        assertThat(explained).containsText("invalid_json");
        assertThat(explained).containsText("expected a field name in double quotes");
        assertThat(explained).containsText("publish json.dumps(data)");
        page.picture("browser-diagnostic");
    }

    @Test
    void nothingThatOthersWrite_becomesHtml() throws IOException {
        ChatPage page = page().signIn("team11a");
        page.page()
                .evaluate("() => { window.fell = []; window.addEventListener('securitypolicyviolation', (e) =>"
                        + " window.fell.push(e.violatedDirective)); }");
        String attack = "<img src=x onerror=\"document.title='fell'\"><script>document.title='fell'</script>{{1+1}}";
        String json = attack.replace("\"", "\\\"");
        try (RawMqtt attacker = RawMqtt.open(Wire.TCP_V3, broker.mqttPort(), "attacker")) {
            attacker.connect(Connect.as(attacker.wire()).clientId("attacker").login("team11b", "team11b"));
            attacker.publish(
                    Chat.messageTopic("team11a"),
                    "{\"sender\":\"team11b\",\"receiver\":\"team11a\",\"message\":\"%s\",\"uuid\":\"%s\"}"
                            .formatted(json, "<b>x</b>"),
                    1);
            attacker.publish(
                    Chat.messageTopic("lobby"),
                    "{\"sender\":\"team11b\",\"receiver\":\"lobby\",\"message\":\"%s\",\"uuid\":\"%s\"}"
                            .formatted(json, "\\\"><b>y"),
                    1);
        }

        page.open("lobby");
        assertThat(page.message(attack)).isVisible();
        page.open("team11b");
        assertThat(page.message(attack)).isVisible();
        page.write(attack);
        assertThat(page.message(attack)).hasCount(2);
        page.page().locator(".find input").fill(attack);
        assertThat(page.page().locator(".nothing")).isVisible();
        page.page().locator(".find input").fill("");
        page.button("New room").click();
        page.dialog().getByLabel("The room's name").fill("<b>room");
        page.dialogButton("Make the room").click();
        assertThat(page.dialog().getByRole(AriaRole.ALERT)).containsText("1 to 32 letters");
        page.page().keyboard().press("Escape");
        page.page().locator(".sidebar").getByLabel("Search").click();
        page.dialog().getByLabel("Words to find").fill("onerror");
        page.dialog().getByLabel("Words to find").press("Enter");
        assertThat(page.dialog().locator(".hit").first()).containsText("<img src=x");
        page.page().keyboard().press("Escape");
        page.button("Write to all").click();
        page.dialog().getByLabel("Message").fill(attack);
        page.page().keyboard().press("Escape");
        page.page().evaluate("location.hash = '#<img src=x onerror=alert(1)>'");
        assertThat(page.page().locator(".pick")).isVisible();

        assertThat(page.page().locator("#app img[src=x], #app script, dialog img"))
                .hasCount(0);
        assertThat(page.page().title()).doesNotContain("fell");
        assertThat((List<?>) page.page().evaluate("window.fell")).isEmpty();
    }

    @Test
    void signIn_takesNoHtml() {
        ChatPage page = page().visit();
        page.trySignIn("<img src=x onerror=alert(1)>", "<b>");

        Locator problem = page.page().getByRole(AriaRole.ALERT);
        assertThat(problem)
                .hasText(
                        Pattern.compile("User name or password is wrong.*|The broker does not let you in.*"),
                        new LocatorAssertions.HasTextOptions().setTimeout(Chromium.PATIENCE));
        assertThat(page.page().locator("img[src=x]")).hasCount(0);
    }

    @Test
    void page_loadsNothingFromElsewhereAndLittle() {
        Page page = page().page();
        Set<String> hosts = new TreeSet<>();
        AtomicInteger count = new AtomicInteger();
        page.onRequest(request -> {
            hosts.add(URI.create(request.url()).getHost());
            count.incrementAndGet();
        });
        ChatPage chat = new ChatPage(page, broker.httpPort()).signIn("team12a");
        Number bytes = (Number) page.evaluate("() => performance.getEntriesByType('resource')"
                + ".concat(performance.getEntriesByType('navigation')).reduce((sum, e) => sum + e.transferSize, 0)");

        assertThat(hosts).containsExactly("127.0.0.1");
        assertThat(bytes.longValue()).isBetween(10_000L, 300_000L);
        assertThat(count.get()).isLessThan(40);
        assertThat(chat.page().locator("script:not([src])")).hasCount(0);
    }
}
