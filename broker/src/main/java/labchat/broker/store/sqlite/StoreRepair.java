package labchat.broker.store.sqlite;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.broker.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when the file cannot be written: whoever waits is refused, staff are told, and every second it is tried to
 * write again, on a new connection. Only {@link TableWriter}'s thread uses it.
 */
final class StoreRepair {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How much must fit on the disk before publishes are taken again. */
    private static final int TEST_BYTES = 1 << 18;

    private final StoreFile file;
    private final SqliteSettings settings;
    private final Faults faults;
    private long since;
    private long tried;

    StoreRepair(StoreFile file, SqliteSettings settings, Faults faults) {
        this.file = file;
        this.settings = settings;
        this.faults = faults;
    }

    /** A round has failed: takes nothing more until {@link #run} succeeds. */
    void failed(Throwable cause, WriteQueue queue, WriteQueue.Batch batch) {
        String reason = StoreProblem.reason(cause);
        if (queue.problem().isEmpty()) {
            since = System.nanoTime();
            tried = since;
            LOG.error(
                    "{} cannot be written: {}; messages are refused until it can: {}",
                    file.path(),
                    reason,
                    StoreProblem.advice(reason));
        }
        LOG.debug("how the store failed", cause);
        queue.fail(reason, batch);
    }

    /**
     * Opens the file anew and tries whether it can be written, if it is time for that.
     *
     * @param failed closed when another one is tried
     * @param place puts what is only in the redo logs into the file, and waits for the disk
     * @return the connection to go on with; empty if there is no use in it yet
     */
    Optional<WriteConnection> run(WriteConnection failed, WriteQueue queue, SqlFunction<WriteConnection, Long> place) {
        long now = System.nanoTime();
        if (now - tried < RETRY_NANOS) {
            return Optional.empty();
        }
        tried = now;
        Optional<String> moved = file.problem();
        if (moved.isPresent()) {
            // An empty file in its place would look well, and what was acknowledged would be lost.
            queue.problem(moved.get());
            return Optional.empty();
        }
        // It may hold a lock that would be in the way.
        failed.close();
        WriteConnection fresh = null;
        try {
            fresh = new WriteConnection(file.path(), false, settings.sync(), faults);
            // On a disk that was full, what has gathered in it may be all the room there is.
            Checkpoints.shrink(fresh.connection());
            tryToWrite(fresh);
            queue.found(Journal.read(file.path(), fresh.connection()));
            queue.foundPlaced(RedoLog.lastSequence(fresh.connection()));
            place.apply(fresh);
        } catch (SQLException | StoreException e) {
            LOG.debug("the store cannot be written yet", e);
            Database.closeQuietly(fresh);
            queue.problem(StoreProblem.reason(e));
            return Optional.empty();
        } catch (RuntimeException | Error e) {
            Database.closeQuietly(fresh);
            throw e;
        }
        LOG.info(
                "{} can be written again, after {} s in which {} publishes were refused",
                file.path(),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since),
                queue.recovered());
        return Optional.of(fresh);
    }

    /** Needs about as much space as what will come. */
    private void tryToWrite(WriteConnection connection) throws SQLException {
        try (Statement statement = connection.connection().createStatement()) {
            connection.begin(true);
            statement.executeUpdate(
                    "INSERT OR REPLACE INTO journal (id, first_sequence, last_sequence, publishes) VALUES (0, 0, 0, zeroblob(%d))"
                            .formatted(TEST_BYTES));
            connection.commit();
            connection.begin(true);
            statement.executeUpdate("DELETE FROM journal WHERE id = 0");
            connection.commit();
            if (!faults.isFillingStopped()) {
                connection.begin(false);
                connection.events().move(0, count -> true);
                connection.commit();
            }
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }
}
