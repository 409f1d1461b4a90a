package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.keep;
import static labchat.broker.store.sqlite.Publishes.keepInARow;
import static labchat.broker.store.sqlite.Publishes.message;
import static labchat.broker.store.sqlite.Publishes.query;
import static labchat.broker.store.sqlite.Publishes.receipt;
import static labchat.broker.store.sqlite.Publishes.roomMessage;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.HistoryStore;
import labchat.broker.store.HistoryStore.Page;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.ReplayQuery;
import labchat.broker.store.sqlite.Publishes.Told;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads gets the same answer, whether publishes are in the tables, in the journal, or some here and some there. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JournalTailTest {

    private static final Clock CLOCK = Clock.fixed(TIME, ZoneOffset.UTC);
    private static final int ROUNDS = 40;

    @TempDir
    private Path dir;

    private final Faults faults = new Faults();

    private SqliteStore open(Path file) {
        return SqliteStore.open(file, SqliteSettings.STANDARD, CLOCK, faults);
    }

    private static Instant time(int round) {
        return TIME.plusSeconds(round);
    }

    /** Two users and a room, with receipts, some of them sent twice. */
    private static List<AcceptedPublish> conversation() {
        List<AcceptedPublish> all = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            List<AcceptedPublish> publishes = new ArrayList<>();
            publishes.add(message("a", "b", "ab" + i, "Hei number" + i, TIME));
            publishes.add(message("b", "a", "ba" + i, "Hallo number" + i, TIME));
            publishes.add(message("c", "a", "ca" + i, "secret", TIME));
            publishes.add(roomMessage("b", "room", "room" + i));
            publishes.add(receipt(ChatKind.DELIVERED, "b", "a", "ab" + i, null));
            publishes.add(receipt(ChatKind.READ, "a", "b", "room" + i, "room"));
            publishes.add(receipt(ChatKind.READ, "c", "b", "room" + i, "room"));
            // Of the round before, and in vain: that one was sent already.
            publishes.add(receipt(ChatKind.DELIVERED, "b", "a", "ab" + Math.max(0, i - 1), null));
            for (AcceptedPublish publish : publishes) {
                all.add(new AcceptedPublish(
                        time(i),
                        publish.event(),
                        publish.room(),
                        publish.payload(),
                        publish.qos(),
                        publish.properties()));
            }
        }
        return all;
    }

    private static List<ReplayQuery> replays() {
        long all = Long.MAX_VALUE;
        return List.of(
                query(Set.of(), 0, all, 10_000, null),
                query(Set.of(), 7, 200, 50, "b"),
                query(Set.of("a"), 0, all, 10_000, "a"),
                query(Set.of("a"), 100, all, 7, "a"),
                query(Set.of("b"), 0, 150, 1_000, "b"),
                query(Set.of("b", "room"), 0, all, 10_000, "b"),
                query(Set.of("b", "room"), 60, 280, 30, "a"),
                query(Set.of("room"), 0, all, 25, "c"),
                query(Set.of("nobody"), 0, all, 25, null),
                query(Set.of("a", "b", "room"), 0, all, 0, null));
    }

    private static HistoryStore.Query history(
            String with, boolean room, String beforeUuid, Instant beforeTime, String search, int limit) {
        return new HistoryStore.Query(
                new ChatId("a"),
                Optional.ofNullable(with).map(ChatId::new),
                room,
                Set.of(new ChatId("room")),
                Optional.ofNullable(beforeUuid).map(MessageUuid::new),
                Optional.ofNullable(beforeTime),
                Optional.ofNullable(search),
                limit);
    }

    private static List<HistoryStore.Query> pages() {
        return List.of(
                history("b", false, null, null, null, 10),
                history("b", false, null, null, null, 1_000),
                history("b", false, "ab20", null, null, 10),
                history("b", false, "ba20", null, null, 100),
                history("b", false, null, time(20), null, 10),
                history("b", false, "unknown", null, null, 10),
                history("room", true, null, null, null, 15),
                history("room", true, "room20", null, null, 100),
                history("nobody", false, null, null, null, 10),
                history("b", false, null, null, "hei", 10),
                history("b", false, null, null, "number2*", 100),
                history("b", false, "ab20", null, "HALLO", 100),
                history(null, false, null, null, "hei", 100),
                history(null, false, "room20", null, "hei", 100),
                history(null, false, null, time(30), "secret", 15),
                history(null, false, null, null, "nothing", 15));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static List<Object> answers(SqliteStore store) throws Exception {
        List<Object> answers = new ArrayList<>();
        for (ReplayQuery query : replays()) {
            for (KeptPublish kept : get(store.messages().read(query))) {
                answers.add(List.of(
                        kept.sequence(),
                        kept.time(),
                        kept.kind(),
                        kept.sender(),
                        kept.receiver(),
                        kept.uuid(),
                        new String(kept.payload(), java.nio.charset.StandardCharsets.UTF_8),
                        kept.receipted()));
            }
            answers.add("end of " + query);
        }
        for (HistoryStore.Query query : pages()) {
            Page page = get(store.history().page(query));
            answers.add(page);
        }
        answers.add(get(store.history().newestOfEach(history(null, false, null, null, null, 2))));
        answers.add(get(store.history().newestOfEach(history(null, false, null, null, null, 50))));
        return answers;
    }

    private long unfilled(Path file) throws Exception {
        return number(file, "SELECT count(*) FROM journal");
    }

    private static long number(Path file, String sql) throws Exception {
        try (Connection connection = Database.openReader(file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void answers_areTheSame_whereverPublishesAre() throws Exception {
        Path file = dir.resolve("chat.db");
        faults.stopFilling(true);
        List<Object> inJournal;
        try (SqliteStore store = open(file)) {
            for (AcceptedPublish publish : conversation()) {
                keepInARow(store, publish);
            }
            inJournal = answers(store);
            assertThat(number(file, "SELECT count(*) FROM event")).isZero();
            // Not only once: what is known of the journal is kept for the next query.
            assertThat(answers(store)).isEqualTo(inJournal);
        }
        try (WriteConnection connection = new WriteConnection(file, false, SqliteSettings.Sync.FULL, faults)) {
            connection.begin(false);
            connection.events().move(EventWriter.MANY_BYTES, count -> count >= 150);
            connection.commit();
        }
        List<Object> inBoth;
        try (SqliteStore store = open(file)) {
            inBoth = answers(store);
            assertThat(unfilled(file)).isEqualTo(8L * ROUNDS - 150);
        }
        faults.stopFilling(false);
        try (SqliteStore store = open(file)) {
            List<Object> inTables = answers(store);

            assertThat(unfilled(file)).isZero();
            assertThat(inBoth).isEqualTo(inTables);
            assertThat(inJournal).isEqualTo(inTables);
        }
    }

    /** A reader remembers where publishes of the journal are: what has moved since is found in the tables. */
    /** More than the first arrays have room for, so that these grow, and than the rows that are remembered. */
    @Test
    void publishes_withAUuid_areFoundInTheirOrder_amongMany() throws Exception {
        Path file = dir.resolve("chat.db");
        faults.stopFilling(true);
        int messages = 3_000;
        try (SqliteStore store = open(file)) {
            String text = "x".repeat(1_000);
            for (int i = 0; i < messages; i++) {
                store.messages().append(message("a", "b", "u" + i, text, TIME), new Told());
            }
            for (int i = 0; i < messages; i += 3) {
                store.messages().append(receipt(ChatKind.DELIVERED, "b", "a", "u" + i, null), new Told());
            }
            keep(store, receipt(ChatKind.READ, "b", "a", "u0", null));
        }
        JournalTail tail = new JournalTail(file);
        try (Connection reader = Database.openReader(file);
                Statement transaction = reader.createStatement()) {
            transaction.execute("BEGIN");
            tail.refresh(reader);
            for (int i = 0; i < messages; i++) {
                List<Long> expected = new ArrayList<>();
                if (i % 3 == 0) {
                    expected.add(messages + i / 3 + 1L);
                }
                if (i == 0) {
                    expected.add(4_001L);
                }
                assertThat(tail.receipts("u" + i))
                        .extracting(JournalCodec.Entry::sequence)
                        .isEqualTo(expected);
                assertThat(tail.messages("u" + i))
                        .extracting(JournalCodec.Entry::sequence)
                        .containsExactly(i + 1L);
            }
            assertThat(tail.receipts("other")).isEmpty();
            assertThat(tail.messages("other")).isEmpty();
        }
    }

    @Test
    void reader_thatKnowsTheJournal_followsItWhileItMoves() throws Exception {
        Path file = dir.resolve("chat.db");
        try (SqliteStore store = open(file)) {
            int kept = 0;
            for (int round = 0; round < 3; round++) {
                faults.stopFilling(true);
                for (int i = 0; i < 100; i++) {
                    keep(store, message("a", "b", "u" + kept++));
                }
                assertThat(get(store.messages().read(query(Set.of("b"), 0, Long.MAX_VALUE, 10_000, "b"))))
                        .hasSize(kept);
                faults.stopFilling(false);
                store.messages().append(message("a", "c", "wake" + round), new Told());
                Awaitility.await().until(() -> unfilled(file) == 0);
                assertThat(get(store.messages().read(query(Set.of("b"), 0, Long.MAX_VALUE, 10_000, "b"))))
                        .hasSize(kept);
            }
        }
    }

    /** As after kill -9 in a rush: the file as another process left it, with more than is moved at the start. */
    @Test
    void journal_ofABrokerKilledInARush_isReadAtOnceAndMovedInTheEnd() throws Exception {
        int count = 20_000;
        Path file = dir.resolve("chat.db");
        Path copy = dir.resolve("copy/chat.db");
        Files.createDirectories(copy.getParent());
        faults.stopFilling(true);
        try (SqliteStore store = open(file)) {
            for (int i = 1; i < count; i++) {
                store.messages().append(message("a", "b", "" + i), new Told());
            }
            keep(store, message("a", "b", "" + count));
            for (String suffix : List.of(RedoLog.SUFFIX, RedoLog.SECOND_SUFFIX, "", "-wal")) {
                // There is no redo log when all of it was committed by SQLite.
                if (Files.exists(file.resolveSibling("chat.db" + suffix))) {
                    Files.copy(file.resolveSibling("chat.db" + suffix), copy.resolveSibling("chat.db" + suffix));
                }
            }
        }
        try (SqliteStore store = open(copy)) {
            assertThat(store.messages().lastSequence()).isEqualTo(count);
            assertThat(get(store.messages().read(query(Set.of("b"), 0, Long.MAX_VALUE, 100_000, null))))
                    .hasSize(count);
            for (String uuid : List.of("1", "10000", "" + count)) {
                assertThat(store.messages()
                                .knows(new MessageId(new ChatId("a"), new ChatId("b"), new MessageUuid(uuid))))
                        .isTrue();
                assertThat(store.messages().append(message("a", "b", uuid), new Told()))
                        .isEqualTo(MessageStore.REPEATED);
            }
            assertThat(keep(store, message("a", "b", "new"))).isEqualTo(count + 1);
            assertThat(number(copy, "SELECT count(*) FROM event")).isZero();

            faults.stopFilling(false);
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> unfilled(copy) == 0);
            assertThat(number(copy, "SELECT count(DISTINCT uuid) FROM event")).isEqualTo(count + 1);
            assertThat(get(store.messages().read(query(Set.of("b"), 0, Long.MAX_VALUE, 100_000, null))))
                    .hasSize(count + 1);
        }
    }
}
