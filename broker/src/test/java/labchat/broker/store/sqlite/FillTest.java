package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.keepInARow;
import static labchat.broker.store.sqlite.Publishes.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
    private boolean isRoomShort;
    private boolean somebodyWaits;
    private final List<Long> pauses = new ArrayList<>();

    @BeforeEach
    void make() {
        Path file = dir.resolve("chat.db");
        known = new KnownMessages(file);
        queue = new WriteQueue(file, SETTINGS, known, 10_000, new WriteQueue.Wake() {
            @Override
            public void wake(boolean isUrgent) {
                // Nobody rests.
            }

            @Override
            public void place() {
                // Nor here.
            }
        });
        fill = new Fill(
                queue,
                faults,
                () -> {
                    nanos += nanosOfALook;
                    return nanos;
                },
                pauses::add,
                () -> somebodyWaits,
                () -> isRoomShort);
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
        assertThat(fill.sliceNanos()).isEqualTo(Fill.LONG_SLICE_NANOS);
        assertThat(fill.restNanos()).isZero();
    }

    @Test
    void publishers_whoDoNotRush_doNotHoldItUp() {
        published(10);
        nanos += Fill.GATHER_NANOS;
        unfilled(20);
        fill.committed(10);

        assertThat(fill.sliceNanos()).isEqualTo(Fill.LONG_SLICE_NANOS);
    }

    /** Half a second of it. */
    private void rush() {
        for (int i = 0; i < 50; i++) {
            nanos += 10 * MILLI;
            fill.committed((int) Fill.RUSH_PER_SECOND / 50);
        }
    }

    @Test
    void rush_isNotHeldUpUntilTheJournalIsNearlyFull() {
        published(10);
        nanos += Fill.GATHER_NANOS;
        rush();
        unfilled((int) (MAX_UNFILLED * Fill.RUSH_FULLNESS));
        assertThat(fill.sliceNanos()).isZero();
        assertThat(fill.restNanos()).isPositive();

        unfilled(MAX_UNFILLED * 9 / 10);
        assertThat(fill.sliceNanos()).isEqualTo(Fill.LONG_SLICE_NANOS);
    }

    @Test
    void rush_isOver_whenNobodyPublishesAnyMore() {
        published(10);
        nanos += Fill.GATHER_NANOS;
        rush();
        unfilled(10);
        nanos += fill.restNanos();

        assertThat(fill.sliceNanos()).isEqualTo(Fill.LONG_SLICE_NANOS);
        assertThat(fill.restNanos()).isZero();
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
    void slice_endsWhenSomebodyWaits() throws Exception {
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
            assertThat(moved(connection, 10 * MILLI)).isEqualTo(100);
            assertThat(pauses).hasSizeGreaterThan(100).allMatch(pause -> pause > 0);
            pauses.clear();
            somebodyWaits = true;
            assertThat(moved(connection, 10 * MILLI)).isEqualTo(7);
            assertThat(pauses).isEmpty();
        }
    }

    @Test
    void slices_afterAFailure_orWithLittleRoom_areSmall() throws Exception {
        Path file = dir.resolve("chat.db");
        faults.stopFilling(true);
        String text = "x".repeat(50_000);
        try (SqliteStore store =
                SqliteStore.open(file, SqliteSettings.STANDARD, Clock.fixed(TIME, ZoneOffset.UTC), faults)) {
            for (int i = 0; i < 30; i++) {
                keepInARow(store, message("a", "b", "" + i, text, TIME));
            }
        }
        try (WriteConnection connection = new WriteConnection(file, false, SqliteSettings.Sync.FULL, faults)) {
            fill.begin();
            isRoomShort = true;
            assertThat(moved(connection, Long.MAX_VALUE)).isEqualTo(6);
            fill.moved(new EventWriter.Moved(6, 6, false, 10, new long[0]));
            isRoomShort = false;
            assertThat(moved(connection, Long.MAX_VALUE)).isEqualTo(6);
            fill.moved(new EventWriter.Moved(6, 12, false, 10, new long[0]));
            assertThat(moved(connection, Long.MAX_VALUE)).isEqualTo(11);
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
