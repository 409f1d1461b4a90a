package labchat.broker.store.sqlite;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Decides when publishes move from the journal into the tables, and how many at a time. In a rush that is left for later,
 * up to most of what may lie in the journal; so a rush is as quick as the redo log is. What has gathered for a second is
 * moved in slices. Nobody waits for a slice but those who change other tables, and for them a slice is cut short. Only
 * {@link TableWriter}'s thread uses it.
 */
final class Fill {

    /** So long publishes may gather: many at once cost less each than few. */
    static final long GATHER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The slice when somebody waits for its end. Its commit takes about as long again. */
    static final long SLICE_NANOS = TimeUnit.MICROSECONDS.toNanos(700);

    /** The slice when nobody does. */
    static final long LONG_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** So many publishes a second are a rush. */
    static final long RUSH_PER_SECOND = 8_000;

    /** How full the journal may become in a rush before it is emptied meanwhile. */
    static final double RUSH_FULLNESS = 0.8;

    /** The pace of publishing is measured over so long a time at least. */
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A pace counts for so long. */
    private static final long PACE_KEPT_NANOS = 3 * PACE_NANOS;

    /**
     * What a slice moves at most: little after a failure and on a disk with little room, where a transaction has little,
     * and it must not fail for ever.
     */
    private static final int LEAST_BYTES = 1 << 18;

    private static final int MOST_BYTES = 1 << 20;

    /**
     * While there is no haste, work of less than a millisecond alternates with a pause, so that who delivers messages need
     * not wait for a core: on two of them, a second's publishes moved in one go would hold up one message in fifty.
     */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** The pause when there is much to do: about as long as the work. */
    private static final long SHORT_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

    private static final int MUCH = 20_000;

    private final WriteQueue queue;
    private final Faults faults;
    private final LongSupplier nanos;
    private final LongConsumer pause;
    private final BooleanSupplier commitAwaited;
    private final BooleanSupplier roomShort;

    /** When publishes began to gather; only of use while there are some. */
    private long since;

    /** The last publish of what is being moved; 0 if nothing is. */
    private long roundUpTo;

    private int sliceBytes = LEAST_BYTES;

    private long paceSince;
    private long pacePublishes;
    private boolean isRush;

    /**
     * @param nanos a clock as {@link System#nanoTime}
     * @param pause does nothing for so many ns
     * @param commitAwaited asked often during a slice: whether somebody waits for its end
     * @param roomShort whether the disk has little room
     */
    Fill(
            WriteQueue queue,
            Faults faults,
            LongSupplier nanos,
            LongConsumer pause,
            BooleanSupplier commitAwaited,
            BooleanSupplier roomShort) {
        this.queue = queue;
        this.faults = faults;
        this.nanos = nanos;
        this.pause = pause;
        this.commitAwaited = commitAwaited;
        this.roomShort = roomShort;
        this.paceSince = nanos.getAsLong();
    }

    /** What is in the journal is to be moved at once, and carefully. */
    void begin() {
        roundUpTo = Long.MAX_VALUE;
        sliceBytes = LEAST_BYTES;
    }

    /** So many publishes were put into the journal. */
    void committed(int publishes) {
        if (publishes == 0) {
            return;
        }
        long now = nanos.getAsLong();
        if (queue.unfilled() == publishes && roundUpTo == 0) {
            since = now;
        }
        pacePublishes += publishes;
        measurePace(now, PACE_NANOS);
    }

    private void measurePace(long now, long least) {
        long took = now - paceSince;
        if (took >= least) {
            isRush = pacePublishes * TimeUnit.SECONDS.toNanos(1) > took * RUSH_PER_SECOND;
            paceSince = now;
            pacePublishes = 0;
        }
    }

    /** How long a slice may last now, in ns; 0 for none. */
    long sliceNanos() {
        if (queue.unfilled() == 0 || faults.isFillingStopped()) {
            return 0;
        }
        if (queue.fullness() > RUSH_FULLNESS) {
            return LONG_SLICE_NANOS;
        }
        long now = nanos.getAsLong();
        measurePace(now, PACE_KEPT_NANOS);
        return isRush || roundUpTo == 0 && now - since < GATHER_NANOS ? 0 : LONG_SLICE_NANOS;
    }

    /** Moves publishes, inside its caller's transaction: for so long, or until somebody waits. */
    EventWriter.Moved slice(EventWriter events, long sliceNanos) throws SQLException {
        if (roundUpTo == 0) {
            roundUpTo = queue.lastSequence();
        }
        long start = nanos.getAsLong();
        return events.move(
                sliceBytes,
                count -> {
                    long took = nanos.getAsLong() - start;
                    return took >= sliceNanos || took >= SLICE_NANOS && commitAwaited.getAsBoolean();
                },
                this::rest);
    }

    private void rest() {
        if (queue.fullness() <= RUSH_FULLNESS && !queue.isClosing() && !commitAwaited.getAsBoolean()) {
            pause.accept(queue.unfilled() > MUCH ? SHORT_PAUSE_NANOS : PAUSE_NANOS);
        }
    }

    /** What was moved is in the tables. */
    void moved(EventWriter.Moved moved) {
        sliceBytes = roomShort.getAsBoolean() ? LEAST_BYTES : Math.min(MOST_BYTES, 2 * sliceBytes);
        if (moved.isEmpty() || moved.lastSequence() >= roundUpTo) {
            // What came meanwhile may gather again.
            roundUpTo = 0;
            since = nanos.getAsLong();
        }
    }

    /** How long nothing is to be done here, in ns; {@link Long#MAX_VALUE} if there is nothing to be done at all. */
    long restNanos() {
        if (queue.unfilled() == 0 || faults.isFillingStopped()) {
            return Long.MAX_VALUE;
        }
        if (queue.fullness() > RUSH_FULLNESS) {
            return 0;
        }
        long now = nanos.getAsLong();
        if (isRush) {
            return Math.max(0, paceSince + PACE_KEPT_NANOS - now);
        }
        return roundUpTo > 0 ? 0 : Math.max(0, since + GATHER_NANOS - now);
    }
}
