package labchat.broker.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import labchat.broker.store.HistoryStore.Page;
import labchat.broker.store.HistoryStore.Query;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteHistoryTest {

    @TempDir
    private Path dir;

    private HistoryRows rows;
    private Readers readers;
    private SqliteHistory history;

    @BeforeEach
    void open() throws SQLException {
        Path file = dir.resolve("chat.db");
        rows = new HistoryRows(file);
        readers = new Readers(file, new Readers.Commits() {
            @Override
            public CompletionStage<Void> committed(long upTo) {
                return CompletableFuture.completedStage(null);
            }

            @Override
            public long lastSequence() {
                return Long.MAX_VALUE;
            }
        });
        history = new SqliteHistory(readers, readers);
    }

    @AfterEach
    void close() throws SQLException {
        readers.close();
        rows.close();
    }

    private static Query with(String reader, String other, int limit) {
        return query(reader, other, false, Set.of(), null, null, null, limit);
    }

    private static Query inRoom(String reader, String room, int limit) {
        return query(reader, room, true, Set.of(), null, null, null, limit);
    }

    private static Query query(
            String reader,
            String with,
            boolean isRoom,
            Set<String> rooms,
            String uuid,
            Instant time,
            String search,
            int limit) {
        return new Query(
                new ChatId(reader),
                Optional.ofNullable(with).map(ChatId::new),
                isRoom,
                rooms.stream().map(ChatId::new).collect(Collectors.toSet()),
                Optional.ofNullable(uuid).map(MessageUuid::new),
                Optional.ofNullable(time),
                Optional.ofNullable(search),
                limit);
    }

    private static Query search(String reader, String with, String words) {
        return query(reader, with, false, Set.of(), null, null, words, 50);
    }

    private Page page(Query query) {
        return history.page(query).toCompletableFuture().join();
    }

    private Page newestOfEach(Query query) {
        return history.newestOfEach(query).toCompletableFuture().join();
    }

    private static List<String> uuids(Page page) {
        return page.messages().stream()
                .map(entry -> entry.message().uuid().value())
                .toList();
    }

    private static Map<ChatId, Instant> at(Object... idsAndSequences) {
        Map<ChatId, Instant> times = new HashMap<>();
        for (int i = 0; i < idsAndSequences.length; i += 2) {
            times.put(new ChatId((String) idsAndSequences[i]), HistoryRows.time((long) idsAndSequences[i + 1]));
        }
        return times;
    }

    @Test
    void page_emptyStore_isEmpty() {
        assertThat(page(with("team1a", "team2a", 50))).isEqualTo(new Page(List.of(), false, false));
        assertThat(newestOfEach(with("team1a", "team2a", 50))).isEqualTo(new Page(List.of(), false, false));
        assertThat(page(search("team1a", null, "hei")).messages()).isEmpty();
    }

    @Test
    void page_conversation_isBothDirectionsOldestFirstAndNobodyElses() throws SQLException {
        rows.message("team1a", "team2a", "a", "Hei!");
        rows.message("team1a", "team3a", "b", "Hei du!");
        rows.message("team2a", "team1a", "c", "blå \"😀\"\n");
        rows.message("team3a", "team2a", "d", "?");
        rows.roomMessage("team2a", "team1a_2a", "e", "in a room");

        Page page = page(with("team1a", "team2a", 50));

        assertThat(uuids(page)).containsExactly("a", "c");
        assertThat(page.more()).isFalse();
        HistoryEntry second = page.messages().get(1);
        assertThat(second.message().sender()).isEqualTo(new ChatId("team2a"));
        assertThat(second.message().receiver()).isEqualTo(new ChatId("team1a"));
        assertThat(second.message().text()).isEqualTo("blå \"😀\"\n");
        assertThat(second.sent()).isEqualTo(HistoryRows.time(3));
        assertThat(second.room()).isFalse();
        assertThat(page(with("team2a", "team1a", 50))).isEqualTo(page);
    }

    @Test
    void page_ofOneself_isWhatOneWroteToOneself() throws SQLException {
        rows.message("team1a", "team1a", "a", "note");
        rows.message("team1a", "team2a", "b", "x");

        assertThat(uuids(page(with("team1a", "team1a", 50)))).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void page_before_leadsThroughEverythingOnce(boolean byTime) throws SQLException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            rows.message(i % 3 == 0 ? "team1a" : "team2a", i % 3 == 0 ? "team2a" : "team1a", "m" + i, "text");
            rows.message("team2a", "team3a", "x" + i, "text");
            all.add("m" + i);
        }

        List<String> read = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        Page page = page(with("team1a", "team2a", 50));
        while (true) {
            read.addAll(0, uuids(page));
            sizes.add(page.messages().size());
            if (!page.more()) {
                break;
            }
            HistoryEntry oldest = page.messages().get(0);
            String uuid = byTime ? null : oldest.message().uuid().value();
            Instant time = byTime ? oldest.sent() : null;
            page = page(query("team1a", "team2a", false, Set.of(), uuid, time, null, 50));
        }

        assertThat(sizes).containsExactly(50, 50, 30);
        assertThat(read).isEqualTo(all);
    }

    @Test
    void page_exactlyTheLimit_hasNoMore() throws SQLException {
        rows.message("team1a", "team2a", "a", "1");
        rows.message("team1a", "team2a", "b", "2");

        assertThat(page(with("team1a", "team2a", 2)).more()).isFalse();
        assertThat(page(with("team1a", "team2a", 1)).more()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // Another conversation's, another kind's, and one that never was.
        "x",
        "receipted",
        "never"
    })
    void page_beforeAMessageThatIsNotThere_saysSo(String uuid) throws SQLException {
        rows.message("team1a", "team2a", "a", "1");
        rows.message("team1a", "team3a", "x", "2");
        rows.receipt("delivered", "team2a", "team1a", "receipted", null);

        Page page = page(query("team1a", "team2a", false, Set.of(), uuid, null, null, 50));

        assertThat(page).isEqualTo(new Page(List.of(), false, true));
    }

    @Test
    void page_beforeAUuidThatTwoHaveUsed_goesOnBehindTheOlder() throws SQLException {
        rows.message("team1a", "team2a", "a", "1");
        rows.message("team1a", "team2a", "same", "2");
        rows.message("team2a", "team1a", "same", "3");

        assertThat(uuids(page(query("team1a", "team2a", false, Set.of(), "same", null, null, 50))))
                .containsExactly("a");
    }

    @Test
    void page_beforeATime_isOlderOnly() throws SQLException {
        for (int i = 1; i <= 9; i++) {
            rows.message("team1a", "team2a", "m" + i, "text");
        }
        assertThat(uuids(page(query("team1a", "team2a", false, Set.of(), null, HistoryRows.time(3), null, 50))))
                .containsExactly("m1", "m2");
        assertThat(page(query("team1a", "team2a", false, Set.of(), null, Instant.EPOCH, null, 50))
                        .messages())
                .isEmpty();
        assertThat(page(query(
                                "team1a",
                                "team2a",
                                false,
                                Set.of(),
                                null,
                                Instant.parse("9999-12-31T23:59:59Z"),
                                null,
                                50))
                        .messages())
                .hasSize(9);
    }

    @Test
    void receipts_ofADirectMessage_areTheReceiversFirstOfEachKind() throws SQLException {
        rows.message("team1a", "team2a", "a", "Hei!");
        long delivered = rows.receipt("delivered", "team2a", "team1a", "a", null);
        long read = rows.receipt("read", "team2a", "team1a", "a", null);
        // Of others, of another message, and of a room's message with the same uuid.
        rows.receipt("read", "team3a", "team1a", "a", null);
        rows.receipt("read", "team2a", "team1a", "b", null);
        rows.receipt("delivered", "team2a", "team1a", "a", "group_1");

        HistoryEntry entry = page(with("team2a", "team1a", 50)).messages().get(0);

        assertThat(entry.delivered()).isEqualTo(at("team2a", delivered));
        assertThat(entry.read()).isEqualTo(at("team2a", read));
    }

    @Test
    void receipts_inARoom_areEveryReadersOfThatRoom() throws SQLException {
        rows.roomMessage("team1a", "group_1", "a", "Hei!");
        long first = rows.receipt("delivered", "team2a", "team1a", "a", "group_1");
        long second = rows.receipt("delivered", "team3a", "team1a", "a", "group_1");
        long read = rows.receipt("read", "team3a", "team1a", "a", "group_1");
        rows.receipt("read", "team2a", "team1a", "a", "group_2");
        rows.receipt("read", "team2a", "team1a", "a", null);

        HistoryEntry entry = page(inRoom("team2a", "group_1", 50)).messages().get(0);

        assertThat(entry.room()).isTrue();
        assertThat(entry.delivered()).isEqualTo(at("team2a", first, "team3a", second));
        assertThat(entry.read()).isEqualTo(at("team3a", read));
    }

    @Test
    void page_ofARoom_isTheRoomsAlone() throws SQLException {
        rows.roomMessage("team1a", "group_1", "a", "1");
        rows.roomMessage("team2a", "group_1", "b", "2");
        rows.roomMessage("team2a", "group_2", "c", "3");
        rows.message("team2a", "team1a", "d", "4");

        assertThat(uuids(page(inRoom("team3a", "group_1", 50)))).containsExactly("a", "b");
        assertThat(uuids(page(query("team3a", "group_1", true, Set.of(), "b", null, null, 50))))
                .containsExactly("a");
        assertThat(page(query("team3a", "group_1", true, Set.of(), "c", null, null, 50))
                        .unknownBefore())
                .isTrue();
    }

    @Test
    void page_ofLongTexts_isCutAndSaysMore() throws SQLException {
        for (int i = 0; i < 100; i++) {
            rows.message("team1a", "team2a", "m" + i, "x".repeat(4_096));
        }
        rows.message("team1a", "team3a", "huge1", "x");
        rows.message("team1a", "team3a", "huge2", "x".repeat(2 * SqliteHistory.PAGE_BYTES));

        Page page = page(with("team1a", "team2a", 100));

        assertThat(page.more()).isTrue();
        assertThat(uuids(page)).endsWith("m98", "m99").hasSizeBetween(50, 70);
        assertThat(page(with("team1a", "team3a", 100)).more()).isTrue();
        assertThat(uuids(page(with("team1a", "team3a", 100)))).containsExactly("huge2");
    }

    @Test
    void newestOfEach_hasOneOfEveryConversationOldestFirst() throws SQLException {
        rows.message("team5a", "team3a", "a1", "1");
        rows.message("team3a", "team5a", "a2", "2");
        rows.message("team1a", "team3a", "b1", "3");
        rows.message("team3a", "team3a", "c1", "4");
        rows.roomMessage("team1a", "group_1", "d1", "5");
        rows.roomMessage("team1a", "group_2", "e1", "6");
        rows.message("team1a", "team2a", "f1", "7");
        rows.message("team1a", "team3a", "b2", "8");
        long delivered = rows.receipt("delivered", "team3a", "team1a", "b2", null);
        // Names that stand beside the reader's in the index.
        rows.message("team3", "team3a-x", "g1", "9");
        rows.message("team3a-x", "zz", "g2", "10");
        rows.message("team3", "team3a", "h1", "11");
        rows.message("Zoe", "team3a", "i1", "12");

        Page page = newestOfEach(query("team3a", null, false, Set.of("group_1", "group_3"), null, null, null, 50));

        assertThat(uuids(page)).containsExactly("a2", "c1", "d1", "b2", "h1", "i1");
        assertThat(page.more()).isFalse();
        assertThat(page.messages().get(3).delivered()).isEqualTo(at("team3a", delivered));
    }

    @Test
    void newestOfEach_moreThanTheLimit_isTheNewest() throws SQLException {
        for (int i = 0; i < 9; i++) {
            rows.message("team1a", "x" + i, "m" + i, "text");
        }
        Page page = newestOfEach(query("team1a", null, false, Set.of(), null, null, null, 3));

        assertThat(uuids(page)).containsExactly("m6", "m7", "m8");
        assertThat(page.more()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', nullValues = "-", textBlock = """
                    hei                   | a b
                    HEI                   | a b
                    du hei                | b
                    blåbær                | c
                    BLABÆR                | c
                    blåbær-syltetøy       | c
                    syltetøy blåbær       | c
                    syltetøy-blåbær       | -
                    cafe                  | d
                    café                  | d
                    sylte                 | -
                    sylte*                | c
                    sy*                   | -
                    don't                 | e
                    dont                  | -
                    hei OR cafe           | -
                    "hei                  | a b
                    hei"                  | a b
                    hei NOT du            | -
                    text:hei              | -
                    hei)                  | a b
                    hei 😀                | a b
                    😀                    | -
                    *                     | -
                    ''';DROP              | -
                    """)
    void search_words_findsMessagesThatHaveThemAll(String words, String found) throws SQLException {
        rows.message("team1a", "team2a", "a", "Hei!");
        rows.message("team2a", "team1a", "b", "hei, hva gjør du? 😀");
        rows.message("team1a", "team2a", "c", "blåbær-syltetøy");
        rows.message("team1a", "team2a", "d", "Cafe\u0301 \"AND\" te");
        rows.message("team1a", "team2a", "e", "I don't know");

        List<String> expected = found == null ? List.of() : List.of(found.split(" "));
        assertThat(uuids(page(search("team1a", "team2a", words)))).isEqualTo(expected);
        assertThat(uuids(page(search("team1a", null, words)))).isEqualTo(expected);
    }

    @Test
    void search_everywhere_findsOnlyTheReadersOwn() throws SQLException {
        rows.message("team1a", "team2a", "a", "secret");
        rows.message("team2a", "team3a", "b", "secret");
        rows.roomMessage("team3a", "group_1", "c", "secret");
        rows.roomMessage("team3a", "group_2", "d", "secret");
        rows.roomMessage("team1a", "group_2", "e", "secret");
        // The same to the index of words, but others' names.
        rows.message("TEAM1A", "team2a", "f", "secret");
        rows.roomMessage("team3a", "group-1", "g", "secret");

        assertThat(uuids(page(query("team1a", null, false, Set.of("group_1"), null, null, "secret", 50))))
                .containsExactly("a", "c");
        assertThat(uuids(page(search("team1a", "team2a", "secret")))).containsExactly("a");
        assertThat(uuids(page(query("team1a", "group_2", true, Set.of(), null, null, "secret", 50))))
                .containsExactly("d", "e");
        assertThat(page(search("team4a", null, "secret")).messages()).isEmpty();
    }

    @Test
    void search_before_leadsThroughEverythingOnce() throws SQLException {
        for (int i = 0; i < 25; i++) {
            rows.message("team1a", i % 2 == 0 ? "team2a" : "team3a", "m" + i, "common " + i);
            rows.roomMessage("team4a", "group_1", "r" + i, "common " + i);
        }
        List<String> read = new ArrayList<>();
        Page page = page(query("team1a", null, false, Set.of("group_1"), null, null, "common", 20));
        while (page.more()) {
            read.addAll(0, uuids(page));
            page = page(query("team1a", null, false, Set.of("group_1"), read.get(0), null, "common", 20));
        }
        read.addAll(0, uuids(page));

        assertThat(read)
                .hasSize(50)
                .doesNotHaveDuplicates()
                .startsWith("m0", "r0")
                .endsWith("m24", "r24");
    }

    @Test
    void search_idsOfPunctuationOnly_areFoundAllTheSame() throws SQLException {
        rows.message("---", "_", "a", "hei");
        rows.message("---", "team1a", "b", "hei");

        assertThat(uuids(page(search("_", "---", "hei")))).containsExactly("a");
        assertThat(uuids(page(search("---", null, "hei")))).containsExactly("a", "b");
    }

    static Stream<String> queries() {
        return Stream.of(
                SqliteHistory.PAGE,
                SqliteHistory.RECEIPTS,
                EventWriter.RECEIPT,
                ReplayReader.OF_ONE,
                ReplayReader.SEQUENCES,
                SqliteHistory.MESSAGE_BETWEEN,
                SqliteHistory.MESSAGE_TO,
                SqliteHistory.FIRST_FROM,
                SqliteHistory.NEWEST_SEQUENCE,
                SqliteHistory.NEWEST_OF,
                SqliteHistory.NEXT_CONVERSATION,
                SqliteHistory.BY_SEQUENCE,
                SqliteHistory.FOUND_WITH,
                SqliteHistory.foundAnywhere(0),
                SqliteHistory.foundAnywhere(3));
    }

    /** In SQLite's words a SEARCH follows an index, a SCAN goes through all; the index of words is always "scanned". */
    @ParameterizedTest
    @MethodSource("queries")
    void query_ofAnyKind_followsAnIndex(String sql) throws SQLException {
        List<String> plan = new ArrayList<>();
        try (PreparedStatement explain = rows.connection().prepareStatement("EXPLAIN QUERY PLAN " + sql)) {
            try (ResultSet steps = explain.executeQuery()) {
                while (steps.next()) {
                    plan.add(steps.getString("detail"));
                }
            }
        }
        assertThat(plan).as(sql).isNotEmpty().allSatisfy(step -> {
            assertThat(step).doesNotContain("ORDER BY");
            if (step.contains("SCAN")) {
                assertThat(step).matches("SCAN [fu] VIRTUAL TABLE INDEX \\d+:.*M.*");
            }
        });
    }
}
