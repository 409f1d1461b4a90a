package labchat.broker.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import labchat.broker.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes, {@code labchat-store}. A round takes everything that has gathered in the {@link WriteQueue},
 * puts the publishes into the {@link RedoLog} and tells those who wait; some milliseconds later many of them go into the
 * {@link Journal} together. With other changes both go into the tables at once, in one transaction. Then comes what nobody
 * waits for: the {@link Notes}, a slice of {@link Fill}, some {@link Retention}. After an error nothing is taken until
 * {@link StoreRepair} has written something, which is tried every second.
 */
final class StoreWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /** How often the writer looks at the file and the notes at the least. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long receipts wait for company. */
    private static final long RECEIPTS_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How often the writer looks whether the log has been moved. */
    private static final long BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How long publishes that are on disk may wait for others before they are put into the journal together. */
    private static final long PLACE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** So many are put there at once, in about a millisecond. */
    private static final int PLACED_AT_ONCE = 512;

    private static final long NOTES_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The broker has to be gone soon; what is in the journal by then is moved after the next start. */
    private static final long CLOSE_FILL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long CLOSE_MILLIS = 10_000;

    /** About what a publish or a note writes in the tables and their indexes, in bytes. */
    private static final long TABLE_BYTES = 8_192;

    private static final WriteQueue.Batch NOTHING = new WriteQueue.Batch(List.of(), List.of(), 0, false);

    private final StoreFile file;
    private final KnownMessages known;
    private final Notes notes;
    private final Faults faults;
    private final Retention retention;
    private final Clock clock;
    private final Runnable filterFull;
    private final WriteQueue queue;
    private final Journal journal = new Journal();
    private final RedoLog redo;
    private final Fill fill;
    private final Checkpoints checkpoints;
    private final StoreRepair repair;
    private final Thread thread = new Thread(this::run, "labchat-store");

    /** What the writer does while it has nothing to do. */
    private enum Rest {
        NONE,
        /** Waits for more receipts. */
        SHORT,
        /** Waits for anything. */
        LONG
    }

    private volatile Rest rest = Rest.NONE;

    // The writer's own.

    /** Was taken during a slice and needs more than the redo log. */
    private WriteQueue.Batch left = NOTHING;

    private WriteConnection connection;
    private long looked = System.nanoTime();
    private long unplacedSince;
    private long notesWritten = System.nanoTime();
    private long aliveWritten = System.nanoTime() - ALIVE_NANOS;

    /**
     * @param connection to the file; closed at the end
     * @param contents what is in the file's journal
     * @param filterFull called on the writer's thread when {@link KnownMessages} wants a larger filter
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
        this.file = file;
        this.known = known;
        this.notes = notes;
        this.faults = faults;
        this.clock = clock;
        this.retention = new Retention(settings, clock);
        this.connection = connection;
        connection.events().setKnown(known);
        this.filterFull = filterFull;
        this.queue = new WriteQueue(file.path(), settings, known, lastSequence, this::wake);
        this.redo = new RedoLog(file.path(), settings.sync() == SqliteSettings.Sync.FULL, faults);
        this.fill = new Fill(queue, faults, System::nanoTime, queue::isUrgent, this::isCommitAwaited);
        this.checkpoints = new Checkpoints(file);
        this.repair = new StoreRepair(file, settings, faults);
        queue.found(contents);
        fill.begin();
        thread.setDaemon(true);
    }

    void start() {
        checkpoints.start();
        thread.start();
    }

    /** What waits to be written. */
    WriteQueue queue() {
        return queue;
    }

    private void wake(boolean isUrgent) {
        Rest now = rest;
        if (now == Rest.LONG || isUrgent && now == Rest.SHORT) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        boolean open = true;
        while (open) {
            Round round = new Round(left.isEmpty() ? queue.take() : left);
            left = NOTHING;
            try {
                round.run();
            } catch (Throwable e) {
                round.fail(e);
            }
            open = !queue.isClosing() || !queue.isEmpty() || !left.isEmpty();
            if (open) {
                park();
            }
        }
        finish();
    }

    private void park() {
        rest = Rest.LONG;
        boolean isBroken = queue.problem().isPresent();
        long nanos = IDLE_NANOS;
        if (!isBroken) {
            nanos = retention.isDue() ? 0 : Math.min(nanos, fill.restNanos());
            nanos = checkpoints.isBehind() ? Math.max(nanos, BEHIND_NANOS) : nanos;
            if (!queue.unplaced().isEmpty() && !faults.isPlacingStopped()) {
                boolean isAwaited = queue.isPlacingAwaited();
                nanos = isAwaited ? 0 : Math.min(nanos, unplacedSince + PLACE_NANOS - System.nanoTime());
            }
        }
        if (nanos > 0 && left.isEmpty() && queue.isEmpty() && !queue.isClosing()) {
            LockSupport.parkNanos(this, nanos);
        }
        if (!isBroken && left.isEmpty() && !queue.isEmpty()) {
            gather();
        }
        rest = Rest.NONE;
    }

    /** A commit costs the same for one publish and for ten, so receipts wait a little for others and for a message. */
    private void gather() {
        rest = Rest.SHORT;
        long until = System.nanoTime() + RECEIPTS_NANOS;
        long left = RECEIPTS_NANOS;
        while (left > 0 && !queue.isUrgent() && !queue.isClosing()) {
            LockSupport.parkNanos(this, left);
            left = until - System.nanoTime();
        }
    }

    /** One batch, and what is done with of it: the rest fails if the round does. */
    private final class Round {
        private WriteQueue.Batch batch;

        /** Null if it is not their turn. */
        private Notes taken;

        Round(WriteQueue.Batch batch) {
            this.batch = batch;
        }

        void run() throws SQLException {
            if (queue.problem().isPresent()) {
                repair();
                return;
            }
            takeNotes();
            lookAtFile();
            if (!batch.isEmpty()) {
                boolean isForRedo = batch.changes().isEmpty() && (taken == null || !taken.isUrgent());
                if (isForRedo && redo.add(batch.publishes())) {
                    WriteQueue.Batch kept = batch;
                    batch = NOTHING;
                    acknowledge(kept);
                } else {
                    commit();
                }
            }
            housekeeping();
        }

        private void takeNotes() {
            boolean isDue = batch.notesWanted()
                    || queue.isClosing()
                    || notes.isUrgent()
                    || System.nanoTime() - notesWritten >= NOTES_NANOS;
            if (isDue && !notes.isEmpty()) {
                taken = notes.take();
            }
        }

        private void lookAtFile() {
            long now = System.nanoTime();
            if (now - looked >= IDLE_NANOS) {
                looked = now;
                redo.look();
                Optional<String> moved = file.problem();
                if (moved.isPresent()) {
                    throw new StoreException(moved.get());
                }
            }
        }

        /** Puts what was taken, and what has no place yet, into the file, and tells those who wait for it. */
        private void commit() throws SQLException {
            List<Runnable> changed = new ArrayList<>(batch.changes().size());
            List<WriteQueue.Pending> publishes = new ArrayList<>(queue.unplaced());
            publishes.addAll(batch.publishes());
            connection.begin(true);
            long bytes = journal.add(connection, publishes);
            for (WriteQueue.Change change : batch.changes()) {
                changed.add(apply(change));
            }
            // Somebody may want to read them, or the publishes are nothing without them.
            boolean withNotes = taken != null && (!batch.changes().isEmpty() || taken.isUrgent());
            if (withNotes) {
                taken.write(connection.connection());
            }
            connection.commit();
            if (withNotes) {
                taken = null;
                notesWritten = System.nanoTime();
            }
            WriteQueue.Batch kept = batch;
            batch = new WriteQueue.Batch(List.of(), List.of(), kept.upTo(), false);
            if (!publishes.isEmpty()) {
                redo.reset();
            }
            queue.acknowledge(kept);
            placed(publishes.size(), bytes);
            changed.forEach(WriteQueue::runSafely);
            checkpoints.written(kept.changes().size() * TABLE_BYTES);
        }

        /** A mistake in one change shall not undo the others; returns how to tell who asked for it. */
        private Runnable apply(WriteQueue.Change change) throws SQLException {
            try (Statement statement = connection.connection().createStatement()) {
                statement.execute("SAVEPOINT change");
                StoreException mistake;
                try {
                    change.sql().apply(connection.connection());
                    statement.execute("RELEASE change");
                    return () -> change.done().complete(null);
                } catch (StoreException e) {
                    mistake = e;
                } catch (SQLException e) {
                    if (Database.isEnvironment(e)) {
                        throw e;
                    }
                    mistake = queue.unusable(Database.reason(e));
                    mistake.initCause(e);
                }
                statement.execute("ROLLBACK TO change");
                statement.execute("RELEASE change");
                return () -> change.done().completeExceptionally(mistake);
            }
        }

        /** What nobody waits for. */
        private void housekeeping() throws SQLException {
            long now = System.nanoTime();
            int unplaced = queue.unplaced().size();
            boolean isTime =
                    unplaced >= PLACED_AT_ONCE || now - unplacedSince >= PLACE_NANOS || queue.isPlacingAwaited();
            if (unplaced > 0 && isTime && !faults.isPlacingStopped()) {
                place();
            }
            boolean isAlive = now - aliveWritten >= ALIVE_NANOS;
            // The log must not grow without end: only a full journal is a better reason to go on.
            long slice = checkpoints.isBehind() && queue.fullness() < Fill.RUSH_FULLNESS ? 0 : fill.sliceNanos();
            if (taken != null || isAlive) {
                connection.begin(false);
                if (taken != null) {
                    taken.write(connection.connection());
                }
                if (isAlive) {
                    writeAlive();
                }
                connection.commit();
                checkpoints.written(TABLE_BYTES);
                if (taken != null) {
                    taken = null;
                    notesWritten = now;
                }
                if (isAlive) {
                    aliveWritten = now;
                }
            } else if (slice > 0) {
                move(slice);
            } else if (queue.isEmpty() && retention.isDue()) {
                prune();
            }
            checkpoints.help(connection.connection());
        }

        private void repair() {
            if (!batch.isEmpty()) {
                queue.fail(queue.problem().orElse("it failed"), batch);
                batch = new WriteQueue.Batch(List.of(), List.of(), batch.upTo(), false);
            }
            repair.run(connection, queue).ifPresent(fresh -> {
                connection = fresh;
                fresh.events().setKnown(known);
                fill.begin();
                unplacedSince = System.nanoTime() - PLACE_NANOS;
            });
        }

        /** What is on disk already may find room where something larger did not: then it can be read meanwhile. */
        private void placeIfPossible() {
            if (queue.unplaced().isEmpty() || queue.problem().isPresent() || faults.isPlacingStopped()) {
                return;
            }
            try {
                place();
            } catch (SQLException | RuntimeException e) {
                LOG.debug("what is in the redo log stays there", e);
                connection.rollback();
            }
        }

        void fail(Throwable cause) {
            connection.rollback();
            if (taken != null) {
                notes.putBack(taken);
            }
            if (!left.isEmpty()) {
                // Only a slice leaves something, and then the round has nothing else.
                batch = left;
                left = NOTHING;
            }
            placeIfPossible();
            repair.failed(cause, queue, batch);
        }
    }

    /** It is on disk: tells those who wait for it, and leaves the journal for later. */
    private void acknowledge(WriteQueue.Batch kept) {
        if (queue.unplaced().isEmpty()) {
            unplacedSince = System.nanoTime();
        }
        queue.acknowledge(kept);
    }

    /**
     * Puts what waits into the redo log, if that will do, which needs nothing of SQLite and so can be done in the middle of
     * a transaction. Otherwise, says that somebody waits for the transaction's end.
     */
    private boolean isCommitAwaited() {
        if (left.isEmpty() && queue.isUrgent() && !queue.isChanging()) {
            WriteQueue.Batch batch = queue.take();
            if (!batch.changes().isEmpty() || notes.isUrgent() || !batch.isEmpty() && !redo.add(batch.publishes())) {
                left = batch;
            } else {
                acknowledge(batch);
            }
        }
        return !left.isEmpty() || queue.isUrgent() || queue.isPlacingAwaited();
    }

    /** Puts what is on disk already into the journal, where readers find it; no need to wait for the disk again. */
    private void place() throws SQLException {
        List<WriteQueue.Pending> publishes = queue.unplaced();
        connection.begin(false);
        long bytes = journal.add(connection, publishes);
        connection.commit();
        placed(publishes.size(), bytes);
    }

    private void placed(int publishes, long bytes) {
        queue.placed(bytes);
        fill.committed(publishes);
        checkpoints.written(bytes);
        if (known.isFull()) {
            filterFull.run();
        }
    }

    private void move(long slice) throws SQLException {
        connection.begin(false);
        EventWriter.Moved moved = fill.slice(connection.events(), slice);
        connection.commit();
        queue.filled(moved);
        fill.moved(moved);
        checkpoints.written(moved.publishes() * TABLE_BYTES);
    }

    private void writeAlive() throws SQLException {
        try (PreparedStatement alive = connection.connection().prepareStatement("UPDATE broker SET last_alive = ?")) {
            alive.setLong(1, clock.millis());
            alive.executeUpdate();
        }
    }

    private void prune() throws SQLException {
        connection.begin(false);
        boolean over = retention.step(connection.connection());
        connection.commit();
        checkpoints.written(TABLE_BYTES);
        if (over && retention.deleted() > 0) {
            LOG.info("{}: deleted {} publishes that were kept long enough", file.path(), retention.deleted());
        }
    }

    /** Moves what is in the journal, within a second: the rest is for the next start. */
    private void finish() {
        long until = System.nanoTime() + CLOSE_FILL_NANOS;
        try {
            if (queue.problem().isEmpty()) {
                connection.begin(true);
                List<WriteQueue.Pending> publishes = queue.unplaced();
                long bytes = journal.add(connection, publishes);
                if (!notes.isEmpty()) {
                    notes.take().write(connection.connection());
                }
                writeAlive();
                connection.commit();
                placed(publishes.size(), bytes);
                redo.remove();
                while (queue.unfilled() > 0 && !faults.isFillingStopped() && System.nanoTime() < until) {
                    move(Fill.QUIET_SLICE_NANOS);
                }
            }
        } catch (SQLException | RuntimeException e) {
            LOG.error("{} could not be written to the end: {}", file.path(), StoreProblem.reason(e));
            LOG.debug("how the store failed at its end", e);
            connection.rollback();
        }
        redo.close();
        checkpoints.close();
        Database.closeQuietly(connection);
    }

    /** Writes what is queued, and ends; what comes later is refused. Waits for it, at most ten seconds. */
    @Override
    public void close() {
        queue.close();
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
