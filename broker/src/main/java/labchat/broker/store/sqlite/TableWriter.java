package labchat.broker.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import labchat.broker.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes SQLite's file, {@code labchat-store-tables}. What is in the {@link RedoLogs} goes into the
 * {@link Journal} some milliseconds later, many publishes together; what needs more than that is handed to it by
 * {@link StoreWriter} and committed at once. Then comes what nobody waits for: the {@link Notes}, a slice of {@link Fill},
 * some {@link Retention}. After an error {@link StoreRepair} tries every second to write something.
 */
final class TableWriter {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /** How often it looks at the file and the notes at the least. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often it looks whether the log has been moved. */
    private static final long BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How long publishes that are on disk may wait for others before they are put into the journal together. */
    private static final long PLACE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long NOTES_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The broker has to be gone soon; what is in the journal by then is moved after the next start. */
    private static final long CLOSE_FILL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** About what a publish or a note writes in the tables and their indexes, in bytes. */
    private static final long TABLE_BYTES = 8_192;

    private static final WriteQueue.Batch NOTHING = new WriteQueue.Batch(List.of(), List.of(), 0, false);
    private static final CompletableFuture<Void> NOBODY = CompletableFuture.completedFuture(null);

    private final StoreFile file;
    private final KnownMessages known;
    private final Notes notes;
    private final Faults faults;
    private final Retention retention;
    private final Clock clock;
    private final Runnable filterFull;
    private final WriteQueue queue;
    private final RedoLogs redo;
    private final Journal journal = new Journal();
    private final Fill fill;
    private final Checkpoints checkpoints;
    private final StoreRepair repair;
    private final Thread thread = new Thread(this::run, "labchat-store-tables");

    /** What {@link StoreWriter} waits for; null for nothing. */
    private final AtomicReference<Handed> handed = new AtomicReference<>();

    private volatile boolean isClosing;
    private volatile boolean isResting;

    /** Whether notes that an acknowledgement relies on have been taken and are not on disk yet. */
    private volatile boolean writesUrgentNotes;

    // The thread's own.
    private WriteConnection connection;
    private long looked = System.nanoTime();
    private long notesWritten = System.nanoTime();
    private long aliveWritten = System.nanoTime() - ALIVE_NANOS;

    /** A batch, and who waits until it is written or refused. */
    private record Handed(WriteQueue.Batch batch, CompletableFuture<Void> done) {}

    /**
     * @param connection to the file; closed at the end
     * @param filterFull called on this thread when {@link KnownMessages} wants a larger filter
     */
    TableWriter(
            StoreFile file,
            SqliteSettings settings,
            Faults faults,
            KnownMessages known,
            Notes notes,
            Clock clock,
            WriteConnection connection,
            WriteQueue queue,
            RedoLogs redo,
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
        this.queue = queue;
        this.redo = redo;
        this.checkpoints = new Checkpoints(file, file.path().toFile()::getUsableSpace);
        this.fill = new Fill(
                queue, faults, System::nanoTime, LockSupport::parkNanos, this::isCommitAwaited, checkpoints::isTight);
        this.repair = new StoreRepair(file, settings, faults);
        fill.begin();
        thread.setDaemon(true);
    }

    void start() {
        checkpoints.start();
        thread.start();
    }

    /** Has a batch written in a transaction, with all that has no place yet, and waits until that is done, or refused. */
    void commit(WriteQueue.Batch batch) {
        Handed next = new Handed(batch, new CompletableFuture<>());
        handed.set(next);
        LockSupport.unpark(thread);
        next.done().join();
    }

    /** Whether what is published now may be acknowledged only when the notes are on disk too. */
    boolean areNotesAwaited() {
        return notes.isUrgent() || writesUrgentNotes;
    }

    /** There is something new for it to place, soon or at once. */
    void wake() {
        if (isResting) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        boolean open = true;
        while (open) {
            Handed taken = handed.getAndSet(null);
            Round round = taken == null ? new Round(NOTHING, NOBODY) : new Round(taken.batch(), taken.done());
            try {
                round.run();
            } catch (Throwable e) {
                round.fail(e);
            } finally {
                round.done.complete(null);
                writesUrgentNotes = false;
            }
            open = !isClosing || handed.get() != null;
            if (open) {
                park();
            }
        }
        finish();
    }

    private void park() {
        isResting = true;
        long nanos = IDLE_NANOS;
        if (queue.problem().isEmpty()) {
            nanos = retention.isDue() ? 0 : Math.min(nanos, fill.restNanos());
            nanos = checkpoints.isBehind() ? Math.max(nanos, BEHIND_NANOS) : nanos;
            if (queue.hasUnplaced() && !faults.isPlacingStopped()) {
                boolean isAwaited = queue.isPlacingAwaited();
                nanos = isAwaited ? 0 : Math.min(nanos, queue.unplacedSince() + PLACE_NANOS - System.nanoTime());
            }
        }
        if (nanos > 0 && handed.get() == null && !isClosing) {
            LockSupport.parkNanos(this, nanos);
        }
        isResting = false;
    }

    /** One batch, and what is done with of it: the rest fails if the round does. */
    private final class Round {
        private WriteQueue.Batch batch;
        private final CompletableFuture<Void> done;

        /** Null if it is not their turn. */
        private Notes taken;

        Round(WriteQueue.Batch batch, CompletableFuture<Void> done) {
            this.batch = batch;
            this.done = done;
        }

        void run() throws SQLException {
            if (queue.problem().isPresent()) {
                repair();
                return;
            }
            takeNotes();
            lookAtFile();
            if (!batch.isEmpty()) {
                commit();
            }
            // What follows may take longer than anybody should wait.
            done.complete(null);
            housekeeping();
        }

        private void takeNotes() {
            boolean isDue = batch.notesWanted()
                    || isClosing
                    || notes.isUrgent()
                    || System.nanoTime() - notesWritten >= NOTES_NANOS;
            if (isDue && !notes.isEmpty()) {
                // True before they are taken, so that nobody finds them neither here nor there.
                writesUrgentNotes = true;
                taken = notes.take();
                writesUrgentNotes = taken.isUrgent();
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
                writesUrgentNotes = false;
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
            boolean isTime = now - queue.unplacedSince() >= PLACE_NANOS || queue.isPlacingAwaited();
            if (queue.hasUnplaced() && isTime && !faults.isPlacingStopped()) {
                place();
            }
            boolean isAlive = now - aliveWritten >= ALIVE_NANOS;
            // The log must not grow without end: only a full journal is a better reason to go on.
            long slice = checkpoints.isBehind() && queue.fullness() < Fill.RUSH_FULLNESS ? 0 : fill.sliceNanos();
            if (taken != null || isAlive) {
                connection.begin(taken != null && taken.isUrgent());
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
            } else if (retention.isDue()) {
                prune();
            }
            checkpoints.help(connection.connection());
        }

        private void repair() {
            if (!batch.isEmpty()) {
                queue.fail(queue.problem().orElse("it failed"), batch);
                batch = new WriteQueue.Batch(List.of(), List.of(), batch.upTo(), false);
            }
            repair.run(connection, queue, this::placeAll).ifPresent(fresh -> {
                connection = fresh;
                fresh.events().setKnown(known);
                checkpoints.measure();
                fill.begin();
            });
        }

        /** So that the redo logs can give back their room, which may be what is missing. */
        private long placeAll(WriteConnection fresh) throws SQLException {
            if (faults.isPlacingStopped()) {
                return 0;
            }
            fresh.begin(true);
            List<WriteQueue.Pending> publishes = queue.unplaced();
            long bytes = journal.add(fresh, publishes);
            fresh.commit();
            placed(publishes.size(), bytes);
            redo.removeIf(() -> !queue.hasUnplaced());
            return bytes;
        }

        /** What is on disk already may find room where something larger did not: then it can be read meanwhile. */
        private void placeIfPossible() {
            if (!queue.hasUnplaced() || queue.problem().isPresent() || faults.isPlacingStopped()) {
                return;
            }
            try {
                place();
            } catch (SQLException | RuntimeException | Error e) {
                LOG.debug("what is in the redo log stays there", e);
                connection.rollback();
            }
        }

        void fail(Throwable cause) {
            connection.rollback();
            if (taken != null) {
                notes.putBack(taken);
            }
            placeIfPossible();
            repair.failed(cause, queue, batch);
        }
    }

    /** Whether somebody waits for the end of what is being done. */
    private boolean isCommitAwaited() {
        return handed.get() != null || queue.isPlacingAwaited();
    }

    /**
     * Puts what is on disk already into the journal, where readers find it. There is no need to wait for the disk again,
     * unless a redo log is long enough to be begun anew.
     */
    private void place() throws SQLException {
        Optional<RedoLog> full = redo.turn();
        // After that, so that all that the other log has is among them.
        List<WriteQueue.Pending> publishes = queue.unplaced();
        connection.begin(full.isPresent());
        long bytes = journal.add(connection, publishes);
        connection.commit();
        full.ifPresent(redo::reset);
        placed(publishes.size(), bytes);
    }

    private void placed(int publishes, long bytes) {
        queue.placed(publishes, bytes);
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
                Checkpoints.shrink(connection.connection());
                connection.begin(true);
                List<WriteQueue.Pending> publishes = queue.unplaced();
                long bytes = journal.add(connection, publishes);
                if (!notes.isEmpty()) {
                    notes.take().write(connection.connection());
                }
                writeAlive();
                connection.commit();
                placed(publishes.size(), bytes);
                redo.removeIf(() -> !queue.hasUnplaced());
                while (queue.unfilled() > 0 && !faults.isFillingStopped() && System.nanoTime() < until) {
                    move(Fill.LONG_SLICE_NANOS);
                    checkpoints.help(connection.connection());
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

    /** Writes what is left, and ends. Nobody hands anything over any more. Waits for it. */
    void close(long millis) throws InterruptedException {
        isClosing = true;
        LockSupport.unpark(thread);
        thread.join(millis);
    }
}
