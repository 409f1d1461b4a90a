package labchat.broker.store.sqlite;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Decides when publishes move from the journal into the tables, and for how long at a time. As long as publishers do not
 * pause that is left for later, up to half of what may lie in the journal; so a rush is as quick as the journal is. What
 * has gathered for a second is moved in slices. During a slice publishes still go into the redo log, so that nobody waits
 * long for an acknowledgement; who needs more than the redo log waits for a short slice. Only the writer's thread uses it.
 */
final class Fill {

    /** So long publishes may gather: many at once cost less each than few. */
    static final long GATHER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The slice when somebody waits for the tables. Its commit takes about as long again. */
    static final long SLICE_NANOS = TimeUnit.MICROSECONDS.toNanos(700);

    /** The slice while others publish: for its commit, half as long, they have to wait. */
    static final long BUSY_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** The slice when nobody has published for a while. */
    static final long QUIET_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** The slice when the journal has nearly all it may have: publishers have to wait then. */
    static final long LONGEST_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private static final long QUIET_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How full the journal may be before publishers have to wait for slices. */
    static final double RUSH_FULLNESS = 0.5;

    private final WriteQueue queue;
    private final Faults faults;
    private final LongSupplier nanos;
    private final BooleanSupplier somebodyWaits;
    private final BooleanSupplier commitAwaited;

    /** When publishes began to gather; only of use while there are some. */
    private long since;

    /** The last publish of what is being moved; 0 if nothing is. */
    private long roundUpTo;

    private long published;

    /**
     * @param nanos a clock as {@link System#nanoTime}
     * @param somebodyWaits whether there is something to be written
     * @param commitAwaited asked often during a slice, and may use the time for the redo log: whether somebody waits for
     *     the slice's end
     */
    Fill(
            WriteQueue queue,
            Faults faults,
            LongSupplier nanos,
            BooleanSupplier somebodyWaits,
            BooleanSupplier commitAwaited) {
        this.queue = queue;
        this.faults = faults;
        this.nanos = nanos;
        this.somebodyWaits = somebodyWaits;
        this.commitAwaited = commitAwaited;
        this.published = nanos.getAsLong() - QUIET_AFTER_NANOS;
    }

    /** What is in the journal is to be moved at once. */
    void begin() {
        roundUpTo = Long.MAX_VALUE;
    }

    /** So many publishes were put into the journal. */
    void committed(int publishes) {
        if (publishes == 0) {
            return;
        }
        published = nanos.getAsLong();
        if (queue.unfilled() == publishes && roundUpTo == 0) {
            since = published;
        }
    }

    /** How long a slice may last now, in ns; 0 for none. */
    long sliceNanos() {
        if (queue.unfilled() == 0 || faults.isFillingStopped()) {
            return 0;
        }
        double over = (queue.fullness() - RUSH_FULLNESS) / (1 - RUSH_FULLNESS);
        if (over > 0) {
            return SLICE_NANOS + (long) (Math.min(1, over) * (LONGEST_SLICE_NANOS - SLICE_NANOS));
        }
        long now = nanos.getAsLong();
        if (somebodyWaits.getAsBoolean() || roundUpTo == 0 && now - since < GATHER_NANOS) {
            return 0;
        }
        return now - published < QUIET_AFTER_NANOS ? BUSY_SLICE_NANOS : QUIET_SLICE_NANOS;
    }

    /**
     * Moves publishes, inside its caller's transaction: for so long, and of a long slice no more than a short one when
     * somebody waits.
     */
    EventWriter.Moved slice(EventWriter events, long sliceNanos) throws SQLException {
        if (roundUpTo == 0) {
            roundUpTo = queue.lastSequence();
        }
        long start = nanos.getAsLong();
        boolean mayBeCutShort = sliceNanos <= QUIET_SLICE_NANOS;
        return events.move(
                count -> {
                    long took = nanos.getAsLong() - start;
                    boolean isAwaited = commitAwaited.getAsBoolean();
                    return took >= sliceNanos || mayBeCutShort && took >= SLICE_NANOS && isAwaited;
                },
                commitAwaited::getAsBoolean);
    }

    /** What was moved is in the tables. */
    void moved(EventWriter.Moved moved) {
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
        return roundUpTo > 0 ? 0 : Math.max(0, since + GATHER_NANOS - nanos.getAsLong());
    }
}
