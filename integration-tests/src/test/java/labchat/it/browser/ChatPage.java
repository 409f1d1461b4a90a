package labchat.it.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The student's page as its user sees it. */
final class ChatPage {

    private static final String PICTURES = System.getProperty("labchat.pictures", "");

    private final Page page;
    private final String address;

    ChatPage(Page page, int port) {
        this(page, "http", port);
    }

    /** @param scheme http or https */
    ChatPage(Page page, String scheme, int port) {
        this.page = page;
        this.address = "%s://127.0.0.1:%d/".formatted(scheme, port);
    }

    Page page() {
        return page;
    }

    /** Opens the page and waits for its first form. */
    ChatPage visit() {
        page.navigate(address);
        assertThat(page.locator("button[type=submit]")).isVisible();
        return this;
    }

    /** Fills in the form and sends it. */
    ChatPage trySignIn(String user, String password) {
        page.locator("input[autocomplete=username]").fill(user);
        page.locator("input[autocomplete=current-password]").fill(password);
        page.locator("button[type=submit]").click();
        return this;
    }

    /** Signs in with a demo password, which is the name. */
    ChatPage signIn(String user) {
        visit().trySignIn(user, user);
        return signedIn();
    }

    /** Waits for the list of people. */
    ChatPage signedIn() {
        assertThat(row("lobby")).isVisible();
        return this;
    }

    /** The list's line of a user or a room. */
    Locator row(String id) {
        return page.locator(".row[data-id='%s']".formatted(id));
    }

    ChatPage open(String id) {
        row(id).click();
        assertThat(page.locator(".conversation h1").first()).isAttached();
        assertThat(composer()).isVisible();
        return this;
    }

    Locator composer() {
        return page.locator(".composer textarea");
    }

    ChatPage write(String text) {
        composer().fill(text);
        composer().press("Enter");
        return this;
    }

    /** The message with exactly this text. */
    Locator message(String text) {
        return page.locator(".message")
                .filter(new Locator.FilterOptions()
                        .setHas(page.locator(".text")
                                .filter(new Locator.FilterOptions()
                                        .setHasText(Pattern.compile("^" + literally(text) + "$")))));
    }

    /** As the browser's own patterns quote it. */
    private static String literally(String text) {
        return text.replaceAll("[\\\\^$.*+?()\\[\\]{}|/]", "\\\\$0");
    }

    /** What became of a message of one's own. */
    Locator state(String text) {
        return message(text).locator(".state");
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator dialog() {
        return page.locator("dialog[open]").last();
    }

    /** A button of the dialog that is open. */
    Locator dialogButton(String name) {
        return dialog().getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Writes a picture of what is seen, if pictures are asked for. */
    void picture(String name) {
        if (!PICTURES.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(PICTURES, name + ".png")));
        }
    }
}
