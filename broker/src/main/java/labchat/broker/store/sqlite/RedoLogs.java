package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The two {@link RedoLog}s of a store, which take turns: while the one is written, SQLite's file gets what the other has,
 * and is waited for; then the other is begun anew. {@link StoreWriter} adds, {@link TableWriter} sees to the turns.
 */
final class RedoLogs {

    /** With so much in a log it is the other's turn. It may become longer, as SQLite takes its time. */
    private static final int TURN_BYTES = 1 << 21;

    /** With so much it is if the last turn was a while ago: a small disk has no room for long logs. */
    private static final int LEAST_BYTES = 1 << 18;

    private static final long OFTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final RedoLog first;
    private final RedoLog second;
    private final LongSupplier nanos;

    // Guarded by this.
    private RedoLog current;

    /** Everything that was in the one that is not written is in SQLite's file. */
    private boolean isOtherFree = true;

    private long lastTurn;

    /**
     * @param isForced whether to wait for the disk
     * @param nanos a clock as {@link System#nanoTime}
     */
    RedoLogs(Path store, boolean isForced, Faults faults, LongSupplier nanos) {
        this.nanos = nanos;
        lastTurn = nanos.getAsLong();
        first = new RedoLog(store, RedoLog.SUFFIX, isForced, faults);
        second = new RedoLog(store, RedoLog.SECOND_SUFFIX, isForced, faults);
        current = first;
    }

    /**
     * Puts publishes on disk.
     *
     * @param added run when they are, before it can be another log's turn
     * @return false if that is not possible here: then a commit of SQLite is needed, and {@link #reset()}
     */
    synchronized boolean add(List<WriteQueue.Pending> publishes, Runnable added) {
        if (!current.add(publishes)) {
            return false;
        }
        added.run();
        return true;
    }

    /**
     * Has the other log written from now on, if this one is long enough.
     *
     * @return empty if it is not; the one that was written so far, for {@link #reset(RedoLog)} when SQLite's file has all of it, and the disk
     *     has that
     */
    synchronized Optional<RedoLog> turn() {
        if (isOtherFree) {
            long now = nanos.getAsLong();
            int enough = now - lastTurn > OFTEN_NANOS ? LEAST_BYTES : TURN_BYTES;
            if (current.length() < enough) {
                return Optional.empty();
            }
            current = other();
            isOtherFree = false;
            lastTurn = now;
        }
        return Optional.of(other());
    }

    private RedoLog other() {
        return current == first ? second : first;
    }

    /** All that was in a log is in SQLite's file and on disk there. */
    synchronized void reset(RedoLog log) {
        log.reset();
        isOtherFree = true;
    }

    /** All that was added to either is in SQLite's file and on disk there. */
    synchronized void reset() {
        first.reset();
        second.reset();
        isOtherFree = true;
    }

    /**
     * Removes the files, whose room may be needed, if all that was added is in SQLite's file and on disk there.
     *
     * @param isPlaced whether that is so; nothing is added meanwhile
     */
    synchronized void removeIf(BooleanSupplier isPlaced) {
        if (isPlaced.getAsBoolean()) {
            reset();
            first.remove();
            second.remove();
        }
    }

    /** Looks whether the files are where they were: in another place nobody would find what is in them. */
    synchronized void look() {
        first.look();
        second.look();
    }

    /** What was added stays in the files. */
    synchronized void close() {
        first.close();
        second.close();
    }
}
