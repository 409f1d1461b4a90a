package labchat.broker.store.sqlite;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that acknowledges, {@code labchat-store}. It takes everything that has gathered in the {@link WriteQueue}, puts
 * the publishes into the {@link RedoLogs} and tells those who wait. SQLite's file is the business of {@link TableWriter},
 * for which it waits only with changes of other tables, and when the redo logs will not do.
 */
final class StoreWriter implements AutoCloseable, WriteQueue.Wake {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /** How long receipts wait for company. */
    private static final long RECEIPTS_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_MILLIS = 10_000;

    private final WriteQueue queue;
    private final RedoLogs redo;
    private final TableWriter tables;
    private final Thread thread = new Thread(this::run, "labchat-store");

    /** What the thread does while it has nothing to do. */
    private enum Rest {
        NONE,
        /** Waits for more receipts. */
        SHORT,
        /** Waits for anything. */
        LONG
    }

    private volatile Rest rest = Rest.NONE;

    /** Whether what was added last is all that has no place yet. */
    private boolean areFirst;

    /**
     * @param connection to the file; closed at the end
     * @param contents what is in the file's journal
     * @param filterFull called on a writer's thread when {@link KnownMessages} wants a larger filter
     */
    StoreWriter(
            StoreFile file,
            SqliteSettings settings,
            Faults faults,
            KnownMessages known,
            Notes notes,
            Clock clock,
            WriteConnection connection,
            Journal.Contents contents,
            long lastSequence,
            Runnable filterFull) {
        this.queue = new WriteQueue(file.path(), settings, known, lastSequence, this);
        this.redo = new RedoLogs(file.path(), settings.sync() == SqliteSettings.Sync.FULL, faults, System::nanoTime);
        queue.found(contents);
        this.tables = new TableWriter(file, settings, faults, known, notes, clock, connection, queue, redo, filterFull);
        thread.setDaemon(true);
    }

    void start() {
        tables.start();
        thread.start();
    }

    /** What waits to be written. */
    WriteQueue queue() {
        return queue;
    }

    @Override
    public void wake(boolean isUrgent) {
        Rest now = rest;
        if (now == Rest.LONG || isUrgent && now == Rest.SHORT) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void place() {
        tables.wake();
    }

    private void run() {
        boolean open = true;
        while (open) {
            WriteQueue.Batch batch = queue.take();
            if (!batch.isEmpty()) {
                write(batch);
            }
            open = !queue.isClosing() || !queue.isEmpty();
            if (open) {
                park();
            }
        }
    }

    private void write(WriteQueue.Batch batch) {
        if (isInRedoLog(batch)) {
            queue.tell(batch);
            if (areFirst || queue.isPlacingAwaited()) {
                tables.wake();
            }
        } else {
            tables.commit(batch);
        }
    }

    /** Whether the batch is on disk; if it is not, for whatever reason, SQLite's file is to have it. */
    private boolean isInRedoLog(WriteQueue.Batch batch) {
        boolean isForRedo = batch.changes().isEmpty() && queue.problem().isEmpty() && !tables.areNotesAwaited();
        try {
            return isForRedo && redo.add(batch.publishes(), () -> areFirst = queue.durable(batch));
        } catch (RuntimeException | Error e) {
            // This thread must not end: nobody would be acknowledged any more.
            LOG.error("the redo log failed ({}); please report it", String.valueOf(e));
            LOG.debug("how it failed", e);
            return false;
        }
    }

    private void park() {
        rest = Rest.LONG;
        if (queue.isEmpty() && !queue.isClosing()) {
            LockSupport.parkNanos(this, IDLE_NANOS);
        }
        if (!queue.isEmpty() && queue.problem().isEmpty()) {
            gather();
        }
        rest = Rest.NONE;
    }

    /** A write costs the same for one publish and for ten, so receipts wait a little for others and for a message. */
    private void gather() {
        rest = Rest.SHORT;
        long until = System.nanoTime() + RECEIPTS_NANOS;
        long left = RECEIPTS_NANOS;
        while (left > 0 && !queue.isUrgent() && !queue.isClosing()) {
            LockSupport.parkNanos(this, left);
            left = until - System.nanoTime();
        }
    }

    /** Writes what is queued, and ends; what comes later is refused. Waits for it, at most twenty seconds. */
    @Override
    public void close() {
        queue.close();
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
            tables.close(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
