package labchat.broker.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import labchat.broker.event.Membership;
import labchat.broker.event.Refusal;
import labchat.broker.event.ServerAccount.Answers;
import labchat.broker.store.HistoryStore;
import labchat.broker.store.StoreException;
import labchat.broker.users.UserDirectory;
import labchat.protocol.codec.HistoryCodec;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.RequestFault;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryRequestsTest {

    private static final ChatId TEAM1A = new ChatId("team1a");
    private static final HistoryStore.Page EMPTY = new HistoryStore.Page(List.of(), false, false);

    private final SlowStore store = new SlowStore();
    private final List<HistoryAnswer> answers = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final HistoryRequests requests = new HistoryRequests(store, new Accounts(), new OneRoom());
    private int maxBytes = Integer.MAX_VALUE;

    /** Answers when it is told to. */
    private static final class SlowStore implements HistoryStore {
        private final List<Query> pages = new ArrayList<>();
        private final List<Query> newest = new ArrayList<>();
        private final List<CompletableFuture<Page>> open = new ArrayList<>();
        private boolean broken;

        @Override
        public CompletionStage<Page> page(Query query) {
            pages.add(query);
            return answer();
        }

        @Override
        public CompletionStage<Page> newestOfEach(Query query) {
            newest.add(query);
            return answer();
        }

        private CompletionStage<Page> answer() {
            if (broken) {
                throw new StoreException("gone");
            }
            CompletableFuture<Page> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
        }
    }

    private static final class Accounts implements UserDirectory {
        @Override
        public boolean contains(String user) {
            return names().contains(user);
        }

        @Override
        public Set<String> names() {
            return Set.of("team1a", "team2a", "staff");
        }

        @Override
        public boolean verify(String user, byte[] password) {
            return false;
        }
    }

    /** group_1, with team1a in it, and group_2 without. */
    private static final class OneRoom implements Membership {
        @Override
        public boolean isRoom(ChatId id) {
            return id.value().startsWith("group_");
        }

        @Override
        public boolean isMember(ChatId room, ChatId user) {
            return members(room).contains(user);
        }

        @Override
        public Set<ChatId> members(ChatId room) {
            return room.value().equals("group_1") ? Set.of(TEAM1A) : Set.of();
        }

        @Override
        public Set<ChatId> roomsOf(ChatId user) {
            return user.equals(TEAM1A) ? Set.of(new ChatId("group_1")) : Set.of();
        }

        @Override
        public long epoch() {
            return 0;
        }

        @Override
        public void onChange(Listener listener) {
            // Nothing changes.
        }
    }

    private Optional<Refusal> ask(String user, String json) {
        return requests.handle(Optional.ofNullable(user), json.getBytes(UTF_8), new Answers() {
            @Override
            public void answer(ChatId asker, byte[] payload) {
                HistoryAnswer answer = HistoryCodec.decodeAnswer(payload).orElseThrow();
                assertThat(answer.receiver()).isEqualTo(asker);
                answers.add(answer);
                sizes.add(payload.length);
            }

            @Override
            public int maxBytes() {
                return maxBytes;
            }
        });
    }

    private RequestFault onlyFault() {
        assertThat(answers).hasSize(1);
        return answers.get(0).fault().orElseThrow();
    }

    private static HistoryEntry entry(int number, String text) {
        return new HistoryEntry(
                new ChatMessage(TEAM1A, new ChatId("team2a"), text, new MessageUuid("m" + number)),
                Instant.EPOCH,
                false,
                Map.of(),
                Map.of());
    }

    @Test
    void request_withAUser_isAPageOfTheConversation() {
        assertThat(ask("team1a", "{\"sender\":\"team1a\",\"with\":\"team2a\",\"before\":\"m7\",\"limit\":3}"))
                .isEmpty();

        assertThat(store.pages)
                .containsExactly(new HistoryStore.Query(
                        TEAM1A,
                        Optional.of(new ChatId("team2a")),
                        false,
                        Set.of(),
                        Optional.of(new MessageUuid("m7")),
                        Optional.empty(),
                        Optional.empty(),
                        3));
        assertThat(answers).isEmpty();
        store.open.get(0).complete(new HistoryStore.Page(List.of(entry(1, "hei"), entry(2, "hå")), true, false));
        assertThat(answers)
                .containsExactly(new HistoryAnswer(
                        TEAM1A,
                        Optional.of(new ChatId("team2a")),
                        List.of(entry(1, "hei"), entry(2, "hå")),
                        true,
                        Optional.empty()));
    }

    @Test
    void request_withARoomOfOnesOwn_isAPageOfTheRoom() {
        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"group_1\",\"before\":\"2026-11-20T10:15:30Z\"}");

        assertThat(store.pages)
                .containsExactly(new HistoryStore.Query(
                        TEAM1A,
                        Optional.of(new ChatId("group_1")),
                        true,
                        Set.of(),
                        Optional.empty(),
                        Optional.of(Instant.parse("2026-11-20T10:15:30Z")),
                        Optional.empty(),
                        50));
    }

    @Test
    void request_withTheServer_isTheConversationWithIt() {
        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"server\"}");

        assertThat(store.pages)
                .singleElement()
                .satisfies(query -> assertThat(query.isRoom()).isFalse());
    }

    @Test
    void request_withoutWith_isTheNewestOfOnesOwnConversations() {
        ask("team1a", "{\"sender\":\"team1a\"}");

        assertThat(store.newest).singleElement().satisfies(query -> {
            assertThat(query.reader()).isEqualTo(TEAM1A);
            assertThat(query.rooms()).containsExactly(new ChatId("group_1"));
        });
        assertThat(store.pages).isEmpty();
    }

    @Test
    void request_searchWithoutWith_isAPageOfEverythingOfOnesOwn() {
        ask("team1a", "{\"sender\":\"team1a\",\"search\":\"hei\",\"before\":\"m7\"}");

        assertThat(store.pages).singleElement().satisfies(query -> {
            assertThat(query.with()).isEmpty();
            assertThat(query.search()).contains("hei");
            assertThat(query.rooms()).containsExactly(new ChatId("group_1"));
        });
    }

    @Test
    void request_beforeWithoutWithOrSearch_isRefused() {
        ask("team1a", "{\"sender\":\"team1a\",\"before\":\"m7\"}");

        assertThat(onlyFault().code()).isEqualTo("invalid_request");
        assertThat(store.newest).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"group_2", "group_9", "nobody"})
    void request_withWhatIsNotOnesOwn_isRefusedInTheSameWords(String with) {
        assertThat(ask("staff", "{\"sender\":\"staff\",\"with\":\"%s\"}".formatted(with)))
                .isEmpty();

        assertThat(onlyFault())
                .isEqualTo(new RequestFault(
                        "not_a_member",
                        "\"%s\" is neither a user nor a room that you are a member of; join it first, or mend the name"
                                .formatted(with)));
        assertThat(store.pages).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', nullValues = "-", textBlock = """
                    team1a | {"sender":"team2a","with":"team1a"}   | sender_mismatch
                    -      | {"sender":"team1a","with":"team2a"}   | no_user_name
                    team1a | {"sender":"team1a","with":"team2a"    | invalid_json
                    team1a | {"sender":"team1a","limit":1000}      | invalid_request
                    """)
    void request_thatIsNone_isRefusedAndNotAnswered(String user, String json, String code) {
        assertThat(ask(user, json))
                .hasValueSatisfying(refusal -> assertThat(refusal.code()).isEqualTo(code));
        assertThat(answers).isEmpty();
        assertThat(store.pages).isEmpty();
    }

    @Test
    void request_beforeAnUnknownMessage_saysSo() {
        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"team2a\",\"before\":\"m7\"}");
        store.open.get(0).complete(new HistoryStore.Page(List.of(), false, true));

        assertThat(onlyFault().code()).isEqualTo("unknown_before");
        assertThat(onlyFault().reason()).contains("\"m7\"", "team2a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void store_failing_isAnsweredAndTheNextRequestIsServed(boolean atOnce) {
        store.broken = atOnce;
        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"team2a\"}");
        if (!atOnce) {
            store.open.remove(0).completeExceptionally(new StoreException("chat.db cannot be read"));
        }
        assertThat(onlyFault().code()).isEqualTo("store_failed");
        assertThat(onlyFault().reason()).doesNotContain("chat.db");

        store.broken = false;
        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"team2a\"}");
        store.open.get(0).complete(EMPTY);
        assertThat(answers).hasSize(2);
        assertThat(answers.get(1).fault()).isEmpty();
    }

    @Test
    void requests_ofOneUser_areWorkedOnOneByOneAndNotWithoutEnd() {
        int most = 1 + HistoryRequests.MAX_WAITING;
        for (int i = 0; i < most + 2; i++) {
            ask("team1a", "{\"sender\":\"team1a\",\"with\":\"team2a\",\"limit\":%d}".formatted(i + 1));
        }
        ask("team2a", "{\"sender\":\"team2a\",\"with\":\"team1a\"}");

        // Another user's is not held up.
        assertThat(store.pages).extracting(query -> query.reader().value()).containsExactly("team1a", "team2a");
        assertThat(answers)
                .hasSize(2)
                .allSatisfy(answer ->
                        assertThat(answer.fault().orElseThrow().code()).isEqualTo("too_many_requests"));

        for (int i = 0; i <= most; i++) {
            store.open.get(i).complete(EMPTY);
        }
        assertThat(answers).hasSize(2 + most + 1);
        assertThat(store.pages.stream()
                        .filter(query -> query.reader().equals(TEAM1A))
                        .map(HistoryStore.Query::limit))
                .isEqualTo(IntStream.rangeClosed(1, most).boxed().toList());

        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"team2a\"}");
        assertThat(store.open).hasSize(most + 2);
    }

    @Test
    void requests_refusedWhileOthersWait_doNotStopThoseBehindThem() {
        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"team2a\"}");
        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"group_2\"}");
        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"staff\"}");

        store.open.get(0).complete(EMPTY);
        store.open.get(1).complete(EMPTY);

        assertThat(answers.stream().map(answer -> answer.with().orElseThrow().value()))
                .containsExactly("team2a", "group_2", "staff");
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 20_000, Integer.MAX_VALUE})
    void answer_largerThanTheClientTakes_isCutAndSaysMore(int most) {
        maxBytes = most;
        List<HistoryEntry> entries = IntStream.range(0, 200)
                .mapToObj(i -> entry(i, "x".repeat(1_000)))
                .toList();
        ask("team1a", "{\"sender\":\"team1a\",\"with\":\"team2a\",\"limit\":200}");
        store.open.get(0).complete(new HistoryStore.Page(entries, false, false));

        assertThat(sizes.get(0)).isLessThanOrEqualTo(Math.min(most, HistoryRequests.MAX_ANSWER_BYTES));
        assertThat(answers.get(0).more()).isTrue();
        assertThat(answers.get(0).messages()).isNotEmpty().endsWith(entries.get(199));
    }
}
