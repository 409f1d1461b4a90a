package labchat.it.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import labchat.it.support.BrokerProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who knows the class's code makes an account on the page, and is in. */
class SignUpPageIT {

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(directory.resolve("code.txt"), "blue cable\n");
        Files.writeString(
                directory.resolve("broker.conf"),
                "signup code\nsignup_code_file %s\npassword_iterations 1000\n"
                        .formatted(directory.resolve("code.txt")));
        Path users = directory.resolve("users.conf");
        Files.copy(BrokerProcess.root().resolve("users.conf"), users);
        broker = BrokerProcess.start(
                directory, "-c", directory.resolve("broker.conf").toString(), "--users", users.toString());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private final ChatPage page = new ChatPage(CHROMIUM.page(CHROMIUM.context(Chromium.desktop())), broker.httpPort());

    private void fill(String user, String password, String again, String code) {
        page.page().getByLabel("User name").fill(user);
        page.page().locator("input[type=password]").nth(0).fill(password);
        page.page().locator("input[type=password]").nth(1).fill(again);
        page.page().getByLabel("The class's code").fill(code);
        page.button("Make the account").click();
    }

    private Locator problem() {
        return page.page().getByRole(AriaRole.ALERT);
    }

    @Test
    void account_isMadeAfterEveryMistakeIsMended() throws IOException {
        page.visit();
        page.button("No account yet? Make one").click();
        Axe.check(page.page(), "signing up");
        page.picture("browser-signup");

        fill("å", "blue whale song", "blue whale song", "blue cable");
        assertThat(problem()).containsText("1 to 32 letters");
        fill("kari", "blue whale song", "blue whale sing", "blue cable");
        assertThat(problem()).hasText("The two passwords are not the same.");
        fill("kari", "blue whale song", "blue whale song", "red cable");
        assertThat(problem()).containsText("code");
        fill("team1a", "blue whale song", "blue whale song", "blue cable");
        assertThat(problem()).containsText("team1a");
        fill("kari", "short", "short", "blue cable");
        assertThat(problem()).containsText("8");
        fill("kari", "blue whale song", "blue whale song", "blue cable");

        page.signedIn();
        assertThat(page.page().locator(".me")).hasText("kari");
        assertThat(Files.readString(directory.resolve("users.conf")))
                .contains("kari:$")
                .doesNotContain("whale");
    }
}
