package labchat.client.ui.full;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import labchat.client.options.Preferences;
import labchat.client.options.Preferences.Background;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.client.ui.ChatResult;
import labchat.client.ui.FakeSession;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The full screen on a terminal that the test holds both ends of. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullScreenUiTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final AtomicReference<FakeSession> session = new AtomicReference<>();
    private LineDisciplineTerminal terminal;
    private Attributes before;

    @BeforeEach
    void open() throws IOException {
        terminal = new LineDisciplineTerminal("test", "xterm", screen, StandardCharsets.UTF_8);
        terminal.setSize(Size.of(80, 24));
        before = terminal.getAttributes();
    }

    @AfterEach
    void stop() throws IOException {
        terminal.close();
    }

    private CompletableFuture<ChatResult> start(boolean color) {
        FullScreenUi ui = new FullScreenUi(
                terminal,
                new FullScreenUi.Party(
                        ME,
                        ChatTopics.DEFAULT,
                        Optional.of(List.of(TEAM2A)),
                        Preferences.DEFAULT,
                        Preferences.Keeper.NONE),
                () -> new MessageUuid("u1"),
                new FullScreenUi.Looks(color, new Theme(true, Background.AUTO, 256), true),
                ZoneOffset.UTC,
                Clock.fixed(Instant.parse("2026-11-20T10:15:30Z"), ZoneOffset.UTC));
        return CompletableFuture.supplyAsync(() -> ui.run(listener -> {
            session.set(
                    new FakeSession(listener, new ArrayList<>(), new SessionEvent.Connected("localhost:1883", false)));
            return session.get();
        }));
    }

    private String written() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    private void awaitScreen(String text) {
        await().until(() -> written().contains(text));
    }

    private void type(String keys) throws IOException {
        terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void line_isSent_andTheTerminalIsGivenBack() throws IOException {
        CompletableFuture<ChatResult> result = start(true);
        awaitScreen("connected to localhost:1883 as team1a");
        type("/to team2a\rHei!\r");
        await().until(() -> session.get().published.stream().anyMatch(event -> event.kind() == ChatKind.MESSAGE));

        assertThat(session.get().published).contains(new ChatMessage(ME, TEAM2A, "Hei!", new MessageUuid("u1")));
        awaitScreen("sent");
        type("\u0004");
        assertThat(result.join()).isEqualTo(new ChatResult.Left());
        assertThat(written()).endsWith("\u001b[?1049l\u001b[?25h");
        assertThat(terminal.getAttributes().getLocalFlags()).isEqualTo(before.getLocalFlags());
    }

    @Test
    void message_isOnTheScreen_beforeItsReadReceiptIsSent() throws IOException {
        CompletableFuture<ChatResult> result = start(true);
        awaitScreen("connected");
        type("/to team2a\r");
        awaitScreen(" team2a ");
        AtomicReference<Boolean> shown = new AtomicReference<>();
        session.get()
                .tell(new SessionEvent.Arrived(
                        new ChatMessage(TEAM2A, ME, "Hallo there", new MessageUuid("m1")),
                        Instant.EPOCH,
                        "ttm4175/chat/team1a/message",
                        1,
                        "{}"));
        await().until(() -> {
            boolean read = session.get().published.stream().anyMatch(event -> event.kind() == ChatKind.READ);
            if (read) {
                shown.set(written().contains("Hallo there"));
            }
            return read;
        });

        assertThat(shown.get()).isTrue();
        type("\u0003");
        assertThat(result.join()).isEqualTo(new ChatResult.Interrupted());
    }

    @Test
    void withoutColour_noColourIsWritten() throws IOException {
        CompletableFuture<ChatResult> result = start(false);
        awaitScreen("connected");
        type("/to team2a\rHei!\r");
        awaitScreen("sent");
        type("\u0004");
        result.join();

        assertThat(written()).doesNotContainPattern("\u001b\\[[0-9;]*[34][0-9][0-9;]*m");
    }

    @Test
    void resize_drawsAnew() {
        CompletableFuture<ChatResult> result = start(true);
        awaitScreen("connected");
        terminal.setSize(Size.of(60, 15));
        terminal.raise(Signal.WINCH);

        // The status line is the last.
        Pattern status = Pattern.compile("\u001b\\[15;1H[^H]* team1a ");
        await().until(() -> status.matcher(written()).find());
        session.get().tell(new SessionEvent.Ended(new SessionFailure(SessionFailure.Kind.LOGIN_REFUSED, "wrong")));
        assertThat(result.join())
                .isEqualTo(new ChatResult.Failed(new SessionFailure(SessionFailure.Kind.LOGIN_REFUSED, "wrong")));
    }

    @Test
    void crash_givesTheTerminalBack_andSaysWhereTheReportIs() throws IOException {
        CompletableFuture<ChatResult> result = start(true);
        awaitScreen("connected");
        // Something that cannot be: an event that nobody sends.
        session.get().tell(null);

        assertThatThrownBy(result::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(CrashReport.ScreenFailure.class)
                .hasMessageContaining("the report is in ");
        assertThat(written()).endsWith("\u001b[?1049l\u001b[?25h");
        String message =
                result.handle((done, thrown) -> thrown.getCause().getMessage()).join();
        Path report = Path.of(message.substring(message.indexOf(" in ") + 4));
        assertThat(Files.readString(report))
                .contains("java.lang.NullPointerException")
                .contains("    at labchat.client.");
        Files.delete(report);
    }
}
