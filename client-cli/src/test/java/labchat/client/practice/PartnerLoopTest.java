package labchat.client.practice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import labchat.client.session.ChatSession;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.client.ui.FakeSession;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PartnerLoopTest {

    private static final ChatId ME = new ChatId("x1");
    private static final ChatId TEAM1A = new ChatId("team1a");

    private final List<Partner.Line> lines = new CopyOnWriteArrayList<>();
    private final List<String> words = new CopyOnWriteArrayList<>();
    /** Holds the loop's thread where it tells a line, until it is completed. */
    private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

    private final List<String> checklists = new CopyOnWriteArrayList<>();
    private volatile boolean taken = true;

    private final CompletableFuture<FakeSession> session = new CompletableFuture<>();

    @TempDir
    private Path directory;

    private CompletableFuture<SessionFailure> run() {
        PartnerLoop loop = new PartnerLoop(
                new PartnerLoop.Surroundings() {
                    @Override
                    public ChatSession session(Consumer<SessionEvent> listener) {
                        session.complete(new FakeSession(listener, new ArrayList<>()));
                        return session.join();
                    }

                    @Override
                    public CompletableFuture<List<OddPayload>> sendOdd(ChatId team, List<OddPayload> payloads) {
                        return CompletableFuture.completedFuture(
                                payloads.stream().filter(OddPayload::broken).toList());
                    }

                    @Override
                    public CompletableFuture<Boolean> sendChecklists(List<String> payloads) {
                        checklists.addAll(payloads);
                        return CompletableFuture.completedFuture(taken);
                    }

                    @Override
                    public void line(Partner.Line line) {
                        lines.add(line);
                        gate.join();
                    }

                    @Override
                    public void word(String text) {
                        words.add(text);
                    }
                },
                new ListFile(directory.resolve("partner.txt")),
                Clock.systemUTC(),
                outside -> new Partner(ME, ChatTopics.DEFAULT, Set.of(), ZoneOffset.UTC, MessageUuid::random, outside));
        return CompletableFuture.supplyAsync(() -> {
            try {
                return loop.run();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static SessionEvent arrived(ChatEvent event) {
        return new SessionEvent.Arrived(event, Instant.now(), "ttm4175/chat/x1/" + event.kind(), 1, "{}");
    }

    private static ChatMessage message(String text, String uuid) {
        return new ChatMessage(TEAM1A, ME, text, new MessageUuid(uuid));
    }

    private static SessionEvent end() {
        return new SessionEvent.Ended(new SessionFailure(SessionFailure.Kind.OTHER, "it is over"));
    }

    @Test
    void lists_areWritten_andToldAgainAfterARestart() throws IOException {
        CompletableFuture<SessionFailure> result = run();
        session.join().tell(new SessionEvent.Presence(TEAM1A, true, Optional.empty()));
        session.join().tell(arrived(message("send broken", "m1")));
        await().until(() -> session.join().published.stream().anyMatch(event -> event.kind() == ChatKind.MESSAGE));
        session.join().tell(end());

        assertThat(result.join().message()).isEqualTo("it is over");
        assertThat(lines).extracting(Partner.Line::check).contains(Check.CONNECTED, Check.MESSAGE_SENT);
        assertThat(Files.readString(directory.resolve("partner.txt"))).contains("team1a\tmessage_sent\tdone");
    }

    @Test
    void whatPoursIn_isBounded_andWhatIsLeftOutIsTold() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        gate = held;
        CompletableFuture<SessionFailure> result = run();
        session.join().tell(new SessionEvent.Presence(TEAM1A, true, Optional.empty()));
        await().until(() -> !lines.isEmpty());

        for (int i = 0; i < PartnerLoop.MOST_WAITING + 10; i++) {
            session.join().tell(arrived(new Typing(TEAM1A, ME)));
        }
        held.complete(null);

        await().until(() -> words.stream().anyMatch(word -> word.startsWith("10 publishes came faster")));
        session.join().tell(end());
        result.join();
    }

    private static SessionEvent connected() {
        return new SessionEvent.Connected("lab", false);
    }

    @Test
    void checklist_thatChanges_isToldToTheServer() {
        CompletableFuture<SessionFailure> result = run();
        session.join().tell(connected());
        session.join().tell(arrived(message("Hei!", "m1")));

        await().until(() -> checklists.stream().anyMatch(list -> list.contains("message_sent\"],\"open\"")));
        assertThat(checklists.get(checklists.size() - 1))
                .isEqualTo("{\"sender\":\"x1\",\"team\":\"team1a\",\"done\":[\"connected\",\"message_sent\"],"
                        + "\"open\":[\"subscribed\",\"delivered_sent\",\"read_sent\",\"typing_paced\","
                        + "\"survives_bad_json\"]}");
        session.join().tell(end());
        result.join();
    }

    @Test
    void checklists_thatTheServerDoesNotTake_areToldNoMore_andThatIsSaidOnce() {
        taken = false;
        CompletableFuture<SessionFailure> result = run();
        session.join().tell(connected());
        session.join().tell(new SessionEvent.Presence(TEAM1A, true, Optional.empty()));
        await().until(() -> !words.isEmpty() && words.stream().anyMatch(word -> word.contains("no checklists")));
        session.join().tell(arrived(message("Hei!", "m1")));
        session.join().tell(end());
        result.join();

        assertThat(checklists).hasSize(1);
        assertThat(words).filteredOn(word -> word.contains("no checklists")).hasSize(1);
    }
}
