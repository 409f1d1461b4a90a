package labchat.broker.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the write-ahead log into the file, on a thread and a connection of its own, {@code labchat-store-log}: SQLite would
 * have one of the commits do it, and whoever waits for that one would wait for tens of milliseconds. SQLite begins the log
 * anew when all of it has been moved at the moment of a commit; in a rush it never has, and then the writer moves the little
 * that is left.
 */
final class Checkpoints implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /** After how many bytes, about, the log is moved. */
    private static final long OFTEN_BYTES = 4L << 20;

    /** With less free space than this the log is kept as short as can be. */
    private static final long TIGHT_BYTES = 32L << 20;

    /** After how many bytes it is moved then. */
    private static final long TIGHT_OFTEN_BYTES = 1L << 18;

    /** How often in a row it tries to reach the log's end. */
    private static final int PASSES = 5;

    /** A log of so many pages, 64 MB, has the writer help. */
    private static final int LONG_LOG_PAGES = 16_384;

    /** So much is soon moved by the writer; more only if the log is very long. */
    private static final int FEW_PAGES = 2_048;

    private static final int VERY_LONG_LOG_PAGES = 4 * LONG_LOG_PAGES;

    /** What may be written while the log is being moved, before whoever can wait has to. */
    private static final long MUCH_BYTES = 32L << 20;

    private static final int PAGE_BYTES = 4_096;
    private static final long CLOSE_MILLIS = 5_000;
    private static final int SHRINK_MILLIS = 500;

    /** What a transaction writes beside what it is about: the upper pages of its tables. */
    private static final long TRANSACTION_BYTES = 3L * PAGE_BYTES;

    private final StoreFile file;
    private final LongSupplier freeBytes;
    private final Thread thread = new Thread(this::run, "labchat-store-log");
    private final Object gate = new Object();

    // Guarded by the gate.
    private long written;
    private boolean isMoving;
    private boolean closed;

    private volatile boolean wantsHelp;
    private volatile boolean isTight;

    // The thread's own.
    private Connection connection;

    /** @param freeBytes how much room the file's disk has */
    Checkpoints(StoreFile file, LongSupplier freeBytes) {
        this.file = file;
        this.freeBytes = freeBytes;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** A transaction has written so much, about. */
    void written(long bytes) {
        synchronized (gate) {
            boolean wasFew = written < OFTEN_BYTES;
            written += bytes + TRANSACTION_BYTES;
            if (wasFew && written >= OFTEN_BYTES) {
                gate.notifyAll();
            }
        }
    }

    /** Whether so much has been written since the last move began that what can wait had better wait for its end. */
    boolean isBehind() {
        synchronized (gate) {
            return isMoving && written > MUCH_BYTES;
        }
    }

    /** Whether the disk has so little room that the log, and the transactions in it, had better be short. */
    boolean isTight() {
        return isTight;
    }

    /** Looks how much room the disk has. */
    void measure() {
        boolean isTightNow = freeBytes.getAsLong() < TIGHT_BYTES;
        synchronized (gate) {
            isTight = isTightNow;
            gate.notifyAll();
        }
    }

    /**
     * Has the writer's connection move what is left of a log that is too long, or all of it while the disk has little room:
     * only who writes can begin the log anew at any time. Outside of a transaction.
     */
    void help(Connection writer) throws SQLException {
        if (isTight) {
            shrinkIfLong(writer);
        } else if (wantsHelp) {
            wantsHelp = false;
            pass(writer);
        }
    }

    /**
     * Moves the whole log and gives its room back to the disk, as far as the disk has room for what is moved and nobody
     * reads; waits half a second for who does. Outside of a transaction.
     */
    static void shrink(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + SHRINK_MILLIS);
            try {
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            } finally {
                statement.execute("PRAGMA busy_timeout = " + Database.BUSY_MILLIS);
            }
        } catch (SQLException e) {
            LOG.debug("the write-ahead log stays as long as it is", e);
        }
    }

    private void shrinkIfLong(Connection writer) {
        synchronized (gate) {
            if (written < TIGHT_OFTEN_BYTES) {
                return;
            }
            written = 0;
        }
        shrink(writer);
        measure();
    }

    private void run() {
        while (waitForWork()) {
            try {
                if (!open()) {
                    continue;
                }
                int left = 1;
                int pages = 0;
                for (int i = 0; i < PASSES && left > 0; i++) {
                    int[] state = pass(connection);
                    pages = state[0];
                    left = state[0] - state[1];
                }
                wantsHelp = left > 0 && (pages > LONG_LOG_PAGES && left < FEW_PAGES || pages > VERY_LONG_LOG_PAGES);
            } catch (SQLException e) {
                // The writer finds out by itself what is wrong with the file, and says so.
                LOG.debug("the write-ahead log cannot be moved", e);
                Database.closeQuietly(connection);
                connection = null;
            }
        }
        Database.closeQuietly(connection);
    }

    /** What lies in the place of the file when that was moved away is left alone. */
    private boolean open() throws SQLException {
        if (connection == null && file.problem().isEmpty()) {
            connection = Database.openWriter(file.path(), false);
        }
        return connection != null;
    }

    private boolean waitForWork() {
        measure();
        synchronized (gate) {
            isMoving = false;
            while ((written < OFTEN_BYTES || isTight) && !closed) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    return false;
                }
            }
            written = 0;
            isMoving = true;
            return !closed;
        }
    }

    /** Moves what nobody writes or reads just now; how many pages the log has, and how many of them are in the file. */
    private static int[] pass(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            rows.next();
            return new int[] {rows.getInt(2), rows.getInt(3)};
        }
    }

    /** Ends the thread; what is in the log stays there. Waits for it, at most five seconds. */
    @Override
    public void close() {
        synchronized (gate) {
            closed = true;
            gate.notifyAll();
        }
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
