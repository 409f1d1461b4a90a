package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
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
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlainUiTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final SessionEvent CONNECTED = new SessionEvent.Connected("localhost:1883", false);
    private static final SessionEvent CAUGHT_UP = new SessionEvent.CaughtUp(true);

    /** What was printed and published, in order. */
    private final List<String> journal = new CopyOnWriteArrayList<>();

    private final AtomicReference<FakeSession> session = new AtomicReference<>();

    private final OutputStream output = new OutputStream() {
        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("lines are written whole");
        }

        @Override
        public void write(byte[] bytes) {
            journal.add(new String(bytes, StandardCharsets.UTF_8).strip());
        }
    };

    private ChatResult run(InputStream input, OutputStream to, SessionEvent... first) {
        ChatModel model =
                new ChatModel(ME, ChatTopics.DEFAULT, Optional.of(List.of(TEAM2A)), () -> new MessageUuid("u1"));
        ChatView view = new ChatView(false, true, ZoneOffset.UTC);
        Clock clock = Clock.fixed(Instant.parse("2026-11-20T10:15:30Z"), ZoneOffset.UTC);
        return new PlainUi(model, view, input, new Output(to, StandardCharsets.UTF_8), clock).run(listener -> {
            session.set(new FakeSession(listener, journal, first));
            return session.get();
        });
    }

    private static InputStream lines(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void linesFromAPipe_areSentInOrder_andItsEndLeaves() {
        ChatResult result = run(lines("/to team2a\nHei!\n/who\n"), output, CONNECTED, CAUGHT_UP);

        assertThat(result).isEqualTo(new ChatResult.Left());
        assertThat(journal)
                .startsWith(
                        "-- connected to localhost:1883 as team1a; try /help",
                        "10:15 → team2a: Hei!",
                        "publish message");
        assertThat(journal.get(3)).startsWith("contacts: team2a");
    }

    @Test
    void quit_leavesBeforeTheLinesBehindIt() {
        run(lines("/quit\nteam2a: late\n"), output, CONNECTED, CAUGHT_UP);

        assertThat(session.get().published).isEmpty();
    }

    @Test
    void incomingMessage_isPrintedBeforeItsReadReceiptIsSent() throws IOException {
        PipedOutputStream keyboard = new PipedOutputStream();
        InputStream input = new PipedInputStream(keyboard);
        CompletableFuture<ChatResult> result =
                CompletableFuture.supplyAsync(() -> run(input, output, CONNECTED, CAUGHT_UP));
        await().until(() -> journal.size() == 1);

        session.get().tell(arrived(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m1"))));
        await().until(() -> journal.size() == 4);
        keyboard.close();

        assertThat(result.join()).isEqualTo(new ChatResult.Left());
        assertThat(journal.subList(1, 4)).containsExactly("publish delivered", "10:15 team2a: Hei!", "publish read");
    }

    @Test
    void question_isAnsweredBeforeTheNextLineIsRead() throws IOException {
        PipedOutputStream keyboard = new PipedOutputStream();
        InputStream input = new PipedInputStream(keyboard);
        CompletableFuture<ChatResult> result =
                CompletableFuture.supplyAsync(() -> run(input, output, CONNECTED, CAUGHT_UP));
        keyboard.write("/create group_1\nHei!\n".getBytes(StandardCharsets.UTF_8));
        keyboard.close();
        await().until(() -> session.get() != null && !session.get().asked.isEmpty());
        assertThat(session.get().published).isEmpty();
        RoomInfo room = new RoomInfo(new ChatId("group_1"), true, List.of(ME), true);
        session.get()
                .rooms()
                .answer()
                .complete(new RoomsAnswer(ME, "create", Optional.of(room.id()), List.of(room), Optional.empty()));

        assertThat(result.join()).isEqualTo(new ChatResult.Left());
        assertThat(journal).last().isEqualTo("publish message");
        assertThat(session.get().published.get(0).receiver()).isEqualTo(room.id());
    }

    @Test
    void endOfInput_waitsForTheAnswerAndShowsWhatWasHeldBack() throws IOException {
        CompletableFuture<ChatResult> result =
                CompletableFuture.supplyAsync(() -> run(lines("/rooms\n"), output, CONNECTED));
        await().until(() -> session.get() != null && !session.get().asked.isEmpty());
        session.get().tell(arrived(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m1"))));
        session.get().rooms().refuse(new SessionFailure(SessionFailure.Kind.TIMED_OUT, "no answer"));

        assertThat(result.join()).isEqualTo(new ChatResult.Left());
        assertThat(journal).contains("!! /rooms: no answer", "-- 1 new", "10:15 team2a: Hei!", "publish read");
    }

    @Test
    void typingHint_isALineOfItsOwn() throws IOException {
        PipedOutputStream keyboard = new PipedOutputStream();
        InputStream input = new PipedInputStream(keyboard);
        CompletableFuture<ChatResult> result =
                CompletableFuture.supplyAsync(() -> run(input, output, CONNECTED, CAUGHT_UP));
        await().until(() -> journal.size() == 1);

        session.get()
                .tell(new SessionEvent.Arrived(
                        new Typing(TEAM2A, ME), Instant.EPOCH, "ttm4175/chat/team1a/typing", 0, "{}"));
        await().until(() -> journal.size() == 2);
        keyboard.close();
        result.join();

        assertThat(journal).last().isEqualTo("team2a is typing…");
    }

    @Test
    void failureOfTheSession_endsTheChatThoughInputIsOpen() throws IOException {
        SessionFailure failure = new SessionFailure(SessionFailure.Kind.UNAVAILABLE, "nobody there");
        PipedOutputStream keyboard = new PipedOutputStream();
        InputStream input = new PipedInputStream(keyboard);
        assertThat(run(input, output, new SessionEvent.Ended(failure))).isEqualTo(new ChatResult.Failed(failure));
    }

    @Test
    void closedPipe_endsTheChatAndSendsNoReadReceipt() throws IOException {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        PipedOutputStream keyboard = new PipedOutputStream();
        InputStream input = new PipedInputStream(keyboard);
        ChatResult result = run(input, closed, arrived(new ChatMessage(TEAM2A, ME, "Hei!", new MessageUuid("m1"))));

        assertThat(result).isInstanceOf(ChatResult.OutputLost.class);
        assertThat(((ChatResult.OutputLost) result).cause().isClosedPipe()).isTrue();
        assertThat(journal).containsExactly("publish delivered");
    }

    private static SessionEvent arrived(ChatMessage message) {
        return new SessionEvent.Arrived(message, Instant.EPOCH, "ttm4175/chat/team1a/message", 1, "{}");
    }
}
