package labchat.it.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

/** Recordings and the comparison of diagrams on the staff's page: docs/staff.md. */
@Timeout(240)
class LessonsPageIT {

    private static final String PASSWORD = "a-good-password";
    private static final String STAFF = "kashish";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TempDir
    private static Path directory;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws IOException {
        Path users = Files.writeString(
                directory.resolve("users.conf"), UsersConf.of(List.of("team1a", "team2a", STAFF), PASSWORD));
        Path conf = Files.writeString(directory.resolve("broker.conf"), "staff " + STAFF + "\n");
        broker = BrokerProcess.start(directory, "-c", conf.toString(), "--users", users.toString());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static RawMqtt login(String user) throws IOException {
        RawMqtt client = RawMqtt.open(Wire.TCP_V5, broker.mqttPort(), user);
        assertThat(client.connect(Connect.as(Wire.TCP_V5).clientId(user).login(user, PASSWORD))
                        .code())
                .isZero();
        client.subscribe("ttm4175/chat/" + user + "/#", 1);
        return client;
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void open(Page page, String tab) {
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(tab)).click();
    }

    @Test
    void lesson_isRecordedPlayedBackAndComparedWith() throws IOException {
        Page page = CHROMIUM.page(CHROMIUM.context(Chromium.desktop().setViewportSize(1600, 900)));
        page.navigate("http://127.0.0.1:" + broker.httpPort() + "/staff");
        page.getByLabel("Name").fill(STAFF);
        page.getByLabel("Password").fill(PASSWORD);
        button(page, "Sign in").click();
        open(page, "Lessons");
        page.getByLabel("File").fill("monday");
        button(page, "Record").click();
        assertThat(page.getByText("Recording monday.jsonl")).isVisible();
        RawMqtt one = login("team1a");
        RawMqtt two = login("team2a");
        one.publish(Chat.messageTopic("team2a"), Chat.message("team1a", "team2a", "a secret text", "u1"), 1);
        button(page, "End the recording").click();
        assertThat(page.getByText("Recorded monday.jsonl")).isVisible();

        page.getByLabel("Speed").selectOption("max");
        button(page, "Play monday.jsonl").click();
        assertThat(page.getByText(Pattern.compile("below demo/monday/"))).isVisible();
        Locator picture = page.getByAltText(Pattern.compile("as far as the replay has come"));
        assertThat(picture).hasAttribute("src", Pattern.compile("/api/recordings/monday.jsonl/diagram\\?"));
        Axe.check(page, "lessons");
        picture(page, "staff-lessons");

        open(page, "Compare");
        page.getByLabel("What passed").selectOption("monday.jsonl");
        page.getByLabel("One user").selectOption("ada");
        page.getByLabel("Other user").selectOption("alan");
        page.getByLabel("Mermaid or PlantUML")
                .fill("sequenceDiagram\nA->>Broker: connect\nA->>Broker: subscribe\nB->>Broker: connect\n"
                        + "B->>Broker: subscribe\nA->>Broker: message\n");
        button(page, "Compare").click();
        assertThat(page.locator(".findings li")).hasCount(1);
        assertThat(page.locator(".findings li"))
                .containsText("missing, after line 6: broker -> alan: message is missing");
        Axe.check(page, "the comparison");
        picture(page, "staff-compare");
        page.getByLabel("Mermaid or PlantUML").fill("sequenceDiagram\n<b>what</b>\n");
        button(page, "Compare").click();
        assertThat(page.getByText("line 2: \"<b>what</b>\" is not understood")).isVisible();
        one.close();
        two.close();
    }

    /** Writes a picture of what is seen, if pictures are asked for. */
    private static void picture(Page page, String name) {
        String folder = System.getProperty("labchat.pictures", "");
        if (!folder.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(folder, name + ".png")));
        }
    }
}
