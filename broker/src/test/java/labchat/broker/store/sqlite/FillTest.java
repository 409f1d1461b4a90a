package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.keepInARow;
import static labchat.broker.store.sqlite.Publishes.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When publishes move into the tables and for how long at a time, by a clock that the test moves. */
class FillTest {

    private static final long MILLI = 1_000_000;
    private static final int MAX_UNFILLED = 1_000;
    private static final SqliteSettings SETTINGS =
            new SqliteSettings(SqliteSettings.Sync.FULL, Duration.ZERO, 0, MAX_UNFILLED, 1 << 20);

    @TempDir
    private Path dir;

    private final Faults faults = new Faults();
    private KnownMessages known;
    private WriteQueue queue;
    private Fill fill;
    private long nanos;
    private long nanosOfALook;
    private boolean somebodyWaits;

    @BeforeEach
    void make() {
        Path file = dir.resolve("chat.db");
        known = new KnownMessages(file);
        queue = new WriteQueue(file, SETTINGS, known, 10_000, isUrgent -> {});
        fill = new Fill(
                queue,
                faults,
                () -> {
                    nanos += nanosOfALook;
                    return nanos;
                },
                () -> somebodyWaits,
                () -> somebodyWaits);
    }

    @AfterEach
    void close() {
        known.close();
    }

    private void unfilled(int publishes) {
        queue.found(new Journal.Contents(publishes, publishes, new long[0]));
    }

    private void published(int publishes) {
        unfilled(publishes);
        fill.committed(publishes);
    }

    @Test
    void publishes_ofLessThanASecond_gather() {
        assertThat(fill.sliceNanos()).isZero();
        assertThat(fill.restNanos()).isEqualTo(Long.MAX_VALUE);
        published(10);
        assertThat(fill.sliceNanos()).isZero();
        assertThat(fill.restNanos()).isEqualTo(Fill.GATHER_NANOS);

        nanos += Fill.GATHER_NANOS - 1;
        assertThat(fill.sliceNanos()).isZero();
        nanos += 1;
        assertThat(fill.sliceNanos()).isEqualTo(Fill.QUIET_SLICE_NANOS);
        assertThat(fill.restNanos()).isZero();
    }

    @Test
    void slice_whileOthersPublish_isShort() {
        published(10);
        nanos += Fill.GATHER_NANOS;
        unfilled(20);
        fill.committed(10);

        assertThat(fill.sliceNanos()).isEqualTo(Fill.BUSY_SLICE_NANOS);
    }

    @Test
    void rush_isNotHeldUpUntilTheJournalIsHalfFull() {
        published(10);
        nanos += Fill.GATHER_NANOS;
        somebodyWaits = true;
        unfilled(MAX_UNFILLED / 2);
        assertThat(fill.sliceNanos()).isZero();

        unfilled(MAX_UNFILLED * 3 / 4);
        assertThat(fill.sliceNanos()).isBetween(Fill.SLICE_NANOS, Fill.LONGEST_SLICE_NANOS - 1);
        unfilled(2 * MAX_UNFILLED);
        assertThat(fill.sliceNanos()).isEqualTo(Fill.LONGEST_SLICE_NANOS);
    }

    @Test
    void filling_stopped_needsNoSlice() {
        published(10);
        nanos += Fill.GATHER_NANOS;
        faults.stopFilling(true);

        assertThat(fill.sliceNanos()).isZero();
        assertThat(fill.restNanos()).isEqualTo(Long.MAX_VALUE);
    }

    /** Every row of the journal has one publish here, and to look at the clock takes a tenth of a millisecond. */
    @Test
    void slice_endsWhenAPublishWaits() throws Exception {
        Path file = dir.resolve("chat.db");
        faults.stopFilling(true);
        try (SqliteStore store =
                SqliteStore.open(file, SqliteSettings.STANDARD, Clock.fixed(TIME, ZoneOffset.UTC), faults)) {
            for (int i = 0; i < 300; i++) {
                keepInARow(store, message("a", "b", "" + i));
            }
        }
        nanosOfALook = MILLI / 10;
        try (WriteConnection connection = new WriteConnection(file, false, SqliteSettings.Sync.FULL, faults)) {
            assertThat(moved(connection, Fill.QUIET_SLICE_NANOS)).isEqualTo(100);
            somebodyWaits = true;
            assertThat(moved(connection, Fill.QUIET_SLICE_NANOS)).isEqualTo(7);
            assertThat(moved(connection, Fill.SLICE_NANOS)).isEqualTo(7);
            // The journal is full: publishers have to wait.
            assertThat(moved(connection, Fill.LONGEST_SLICE_NANOS)).isEqualTo(186);
        }
    }

    private int moved(WriteConnection connection, long sliceNanos) throws Exception {
        connection.begin(false);
        EventWriter.Moved moved = fill.slice(connection.events(), sliceNanos);
        connection.commit();
        return moved.publishes();
    }

    @Test
    void round_ends_andWhatCameMeanwhileGathers() {
        published(10);
        nanos += Fill.GATHER_NANOS;
        fill.begin();
        assertThat(fill.restNanos()).isZero();

        unfilled(5);
        fill.moved(new EventWriter.Moved(10, 10, true, 10, new long[0]));

        assertThat(fill.restNanos()).isEqualTo(Fill.GATHER_NANOS);
        assertThat(fill.sliceNanos()).isZero();
    }
}
