package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chat on a terminal that the test holds both ends of. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TerminalUiTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final List<String> journal = new CopyOnWriteArrayList<>();
    private final AtomicReference<FakeSession> session = new AtomicReference<>();
    private LineDisciplineTerminal terminal;
    private CompletableFuture<ChatResult> result;

    @BeforeEach
    void start() throws IOException {
        terminal = new LineDisciplineTerminal("test", "xterm", screen, StandardCharsets.UTF_8);
        terminal.setSize(Size.of(80, 24));
        ChatModel model =
                new ChatModel(ME, ChatTopics.DEFAULT, Optional.of(List.of(TEAM2A)), () -> new MessageUuid("u1"));
        Clock clock = Clock.fixed(Instant.parse("2026-11-20T10:15:30Z"), ZoneOffset.UTC);
        TerminalUi ui = new TerminalUi(terminal, model, new ChatView(false, true, ZoneOffset.UTC), clock);
        result = CompletableFuture.supplyAsync(() -> ui.run(listener -> {
            session.set(new FakeSession(
                    listener,
                    journal,
                    new SessionEvent.Connected("localhost:1883", false),
                    new SessionEvent.CaughtUp(true)));
            return session.get();
        }));
        awaitScreen("team1a> ");
    }

    @AfterEach
    void stop() throws IOException {
        terminal.close();
    }

    private void type(String keys) {
        try {
            terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitScreen(String text) {
        await().until(() -> screen.toString(StandardCharsets.UTF_8).contains(text));
    }

    private List<ChatEvent> published(ChatKind kind) {
        return session.get().published.stream()
                .filter(event -> event.kind() == kind)
                .toList();
    }

    private static SessionEvent arrived(ChatEvent event) {
        return new SessionEvent.Arrived(event, Instant.EPOCH, "ttm4175/chat/team1a/" + event.kind(), 1, "{}");
    }

    @Test
    void typedLine_isSent_andItsFirstKeyIsHinted() {
        type("/to team2a\r");
        awaitScreen("team1a → team2a> ");
        assertThat(published(ChatKind.TYPING)).isEmpty();

        type("Hei");
        await().until(() -> !published(ChatKind.TYPING).isEmpty());
        type("!\r");
        await().until(() -> !published(ChatKind.MESSAGE).isEmpty());

        assertThat(published(ChatKind.TYPING)).containsExactly(new Typing(ME, TEAM2A));
        assertThat(published(ChatKind.MESSAGE))
                .containsExactly(new ChatMessage(ME, TEAM2A, "Hei!", new MessageUuid("u1")));
        awaitScreen("10:15 → team2a: Hei!");
    }

    @Test
    void incomingMessage_leavesTheTypedLineWhole() {
        type("team2a: half a li");
        awaitScreen("half a li");
        session.get().tell(arrived(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m1"))));
        awaitScreen("10:15 team2a: Hei!");
        await().until(() -> !published(ChatKind.READ).isEmpty());
        type("ne\r");
        await().until(() -> !published(ChatKind.MESSAGE).isEmpty());

        assertThat(((ChatMessage) published(ChatKind.MESSAGE).get(0)).text()).isEqualTo("half a line");
    }

    @Test
    void tab_completesIdsAndCommands() {
        type("/to\tte\t\r");

        awaitScreen("team1a → team2a> ");
    }

    @Test
    void tab_completesRooms_andTheAnswerChangesThePrompt() {
        RoomInfo room = new RoomInfo(new ChatId("group_1"), true, List.of(TEAM2A), false);
        session.get()
                .tell(new SessionEvent.Rooms(
                        new RoomsAnswer(ME, "list", Optional.empty(), List.of(room), Optional.empty())));
        type("/rooms\r");
        await().until(() -> session.get().asked.size() == 1);
        session.get()
                .rooms()
                .answer()
                .complete(new RoomsAnswer(ME, "list", Optional.empty(), List.of(room), Optional.empty()));
        awaitScreen("group_1  public, 1 member");
        type("/jo\tgr\t\r");
        await().until(() -> session.get().asked.size() == 2);
        session.get()
                .rooms()
                .answer()
                .complete(new RoomsAnswer(ME, "join", Optional.of(room.id()), List.of(room), Optional.empty()));

        // The screen may show the prompt in pieces.
        awaitScreen("group_1> ");
    }

    @Test
    void typingHint_isShownWhileALineIsEdited() {
        session.get().tell(arrived(new Typing(TEAM2A, ME)));

        // The name may be drawn in pieces around what the prompt has in common with it.
        awaitScreen("is typing…");
    }

    @Test
    void controlD_leaves() {
        type("\u0004");

        assertThat(result.join()).isEqualTo(new ChatResult.Left());
    }

    @Test
    void controlC_interrupts() {
        type("half a line\u0003");

        assertThat(result.join()).isEqualTo(new ChatResult.Interrupted());
    }

    @Test
    void endOfTheSession_endsTheReading() {
        SessionFailure failure = new SessionFailure(SessionFailure.Kind.LOGIN_REFUSED, "wrong");
        session.get().tell(new SessionEvent.Ended(failure));

        assertThat(result.join()).isEqualTo(new ChatResult.Failed(failure));
    }
}
