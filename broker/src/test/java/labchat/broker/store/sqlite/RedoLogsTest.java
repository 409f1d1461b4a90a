package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.all;
import static labchat.broker.store.sqlite.Publishes.message;
import static labchat.broker.store.sqlite.Publishes.uuids;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import labchat.broker.store.sqlite.Publishes.Told;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the two files take turns; RedoLogTest has what a whole store does with them. */
class RedoLogsTest {

    private static final Clock CLOCK = Clock.fixed(TIME, ZoneOffset.UTC);
    private static final int LONG_TEXT = 50_000;
    private static final int LONG_TEXTS_OF_A_TURN = 45;

    @TempDir
    private Path dir;

    private Path file;
    private KnownMessages known;
    private WriteQueue queue;
    private RedoLogs redo;
    private long nanos;

    @BeforeEach
    void make() throws Exception {
        file = dir.resolve("chat.db");
        SqliteStore.open(file, SqliteSettings.STANDARD, CLOCK).close();
        known = new KnownMessages(file);
        known.beginFilter(0);
        try (Connection connection = Database.openReader(file)) {
            known.fill(connection);
        }
        queue = new WriteQueue(file, SqliteSettings.STANDARD, known, 0, new WriteQueue.Wake() {
            @Override
            public void wake(boolean isUrgent) {
                // Nobody rests.
            }

            @Override
            public void place() {
                // Nor here.
            }
        });
        redo = new RedoLogs(file, true, new Faults(), () -> nanos);
    }

    @AfterEach
    void close() {
        redo.close();
        known.close();
    }

    private void add(int textLength) {
        String uuid = "" + (queue.lastSequence() + 1);
        queue.append(message("a", "b", uuid, "x".repeat(textLength), TIME), new Told());
        WriteQueue.Batch batch = queue.take();
        assertThat(redo.add(batch.publishes(), () -> queue.durable(batch))).isTrue();
    }

    /** So much that it is the other's turn. */
    private void addMuch() {
        for (int i = 0; i < LONG_TEXTS_OF_A_TURN; i++) {
            add(LONG_TEXT);
        }
    }

    private List<Long> sequences() {
        return RedoLog.read(file).stream()
                .flatMapToLong(row -> LongStream.rangeClosed(row.firstSequence(), row.lastSequence()))
                .boxed()
                .toList();
    }

    private static List<Long> numbers(long from, long upTo) {
        return LongStream.rangeClosed(from, upTo).boxed().toList();
    }

    @Test
    void log_thatIsShort_isGoneOnWith() {
        add(10);

        assertThat(redo.turn()).isEmpty();
        assertThat(file.resolveSibling("chat.db-redo2")).doesNotExist();
    }

    /** A log that is short takes little of a small disk, and less than a turn each 200 ms costs nothing. */
    @Test
    void log_thatIsRatherShort_isFollowedByTheOther_ifTheLastTurnWasAWhileAgo() {
        for (int i = 0; i < 6; i++) {
            add(LONG_TEXT);
        }
        assertThat(redo.turn()).isEmpty();
        nanos += Duration.ofMillis(201).toNanos();

        assertThat(redo.turn()).isPresent();
    }

    @Test
    void files_areRemoved_whenNothingIsInThemAlone_andMadeAgain() throws Exception {
        addMuch();
        assertThat(redo.turn()).isPresent();
        add(10);
        redo.removeIf(() -> false);
        assertThat(sequences()).hasSize(LONG_TEXTS_OF_A_TURN + 1);

        redo.removeIf(() -> true);
        assertThat(file.resolveSibling("chat.db-redo")).doesNotExist();
        assertThat(file.resolveSibling("chat.db-redo2")).doesNotExist();
        assertThat(redo.turn()).isEmpty();
        add(10);
        assertThat(sequences()).containsExactly(LONG_TEXTS_OF_A_TURN + 2L);
    }

    @Test
    void log_thatIsLong_isFollowedByTheOther_andBothAreRead() {
        addMuch();
        assertThat(redo.turn()).isPresent();
        add(10);

        assertThat(file.resolveSibling("chat.db-redo2")).exists();
        assertThat(sequences()).isEqualTo(numbers(1, LONG_TEXTS_OF_A_TURN + 1));
    }

    @Test
    void log_thatWasReset_isWrittenFromItsBeginning() throws Exception {
        addMuch();
        RedoLog first = redo.turn().orElseThrow();
        addMuch();
        long size = Files.size(file.resolveSibling("chat.db-redo"));
        redo.reset(first);
        RedoLog second = redo.turn().orElseThrow();
        redo.reset(second);
        add(10);

        assertThat(second).isNotSameAs(first);
        assertThat(first.length()).isLessThan(LONG_TEXT);
        assertThat(Files.size(file.resolveSibling("chat.db-redo"))).isEqualTo(size);
        // The second is free too; what it had is in its file until it is written again.
        assertThat(sequences()).isEqualTo(numbers(LONG_TEXTS_OF_A_TURN + 1, 2 * LONG_TEXTS_OF_A_TURN + 1));
    }

    /** The commit that should have let the other one go has failed: the next one is for it as well. */
    @Test
    void log_thatIsNotFreeYet_isAskedForAgain_andTheOtherBecomesLonger() {
        addMuch();
        Optional<RedoLog> first = redo.turn();
        addMuch();

        assertThat(redo.turn()).isEqualTo(first);
        add(10);
        assertThat(sequences()).isEqualTo(numbers(1, 2 * LONG_TEXTS_OF_A_TURN + 1));
    }

    @Test
    void publishes_ofBothLogs_areThereAtTheNextStart() throws Exception {
        addMuch();
        assertThat(redo.turn()).isPresent();
        add(10);
        redo.close();

        try (SqliteStore store = SqliteStore.open(file, SqliteSettings.STANDARD, CLOCK)) {
            assertThat(uuids(store, all())).hasSize(LONG_TEXTS_OF_A_TURN + 1).startsWith("1", "2");
        }
        assertThat(file.resolveSibling("chat.db-redo")).doesNotExist();
        assertThat(file.resolveSibling("chat.db-redo2")).doesNotExist();
    }

    @Test
    void batch_ofMuch_isWrittenInSeveralRecords() {
        for (int i = 0; i < 100; i++) {
            queue.append(message("a", "b", "" + i, "x".repeat(10_000), TIME), new Told());
        }
        WriteQueue.Batch batch = queue.take();

        assertThat(redo.add(batch.publishes(), () -> queue.durable(batch))).isTrue();
        assertThat(RedoLog.read(file)).hasSizeGreaterThan(10);
        assertThat(sequences()).isEqualTo(numbers(1, 100));
    }
}
