package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** The connection that writes, with what is prepared on it. Only {@link TableWriter}'s thread uses it. */
final class WriteConnection implements AutoCloseable {

    private final Connection connection;
    private final EventWriter events;
    private final PreparedStatement journal;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final SqliteSettings.Sync sync;
    private final Faults faults;
    private Boolean awaited;
    private long maxPages;

    WriteConnection(Path file, boolean create, SqliteSettings.Sync sync, Faults faults) throws SQLException {
        this(file, Database.openWriter(file, create), sync, faults);
    }

    private WriteConnection(Path file, Connection connection, SqliteSettings.Sync sync, Faults faults)
            throws SQLException {
        this.connection = connection;
        this.sync = sync;
        this.faults = faults;
        try {
            checkAndMigrate(file);
            try (Statement statement = connection.createStatement()) {
                // That is the duty of Checkpoints: nobody who waits for an acknowledgement shall wait for it.
                statement.execute("PRAGMA wal_autocheckpoint = 0");
            }
            this.events = new EventWriter(file, connection);
            this.journal = connection.prepareStatement(
                    "INSERT INTO journal (id, first_sequence, last_sequence, publishes) VALUES (?1, ?1, ?2, ?3)");
            this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
            this.commit = connection.prepareStatement("COMMIT");
            this.rollback = connection.prepareStatement("ROLLBACK");
            this.maxPages = faults.maxPages();
        } catch (SQLException | RuntimeException e) {
            Database.closeQuietly(connection);
            throw e;
        }
    }

    private void checkAndMigrate(Path file) throws SQLException {
        Checks.refuseUnknown(file, connection);
        Schema.migrate(connection);
    }

    Connection connection() {
        return connection;
    }

    EventWriter events() {
        return events;
    }

    /**
     * Begins a transaction.
     *
     * @param isAwaited whether somebody waits for it to be on disk. If not, its commit does not wait for the disk: should
     *     the power fail, what it did is done again from the journal, or is what may be lost by contract
     */
    void begin(boolean isAwaited) throws SQLException {
        if (awaited == null || awaited != isAwaited) {
            try (Statement statement = connection.createStatement()) {
                boolean full = isAwaited && sync == SqliteSettings.Sync.FULL;
                statement.execute("PRAGMA synchronous = " + (full ? "FULL" : "NORMAL"));
            }
            awaited = isAwaited;
        }
        if (maxPages != faults.maxPages() || faults.maxPages() == 1) {
            maxPages = faults.maxPages();
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA max_page_count = " + maxPages);
            }
        }
        begin.executeUpdate();
    }

    void addToJournal(long first, long last, byte[] publishes) throws SQLException {
        journal.setLong(1, first);
        journal.setLong(2, last);
        journal.setBytes(3, publishes);
        journal.executeUpdate();
    }

    void commit() throws SQLException {
        commit.executeUpdate();
    }

    /** Undoes the transaction, if one is open; throws nothing. */
    void rollback() {
        try {
            rollback.executeUpdate();
        } catch (SQLException e) {
            // SQLite has rolled back by itself, or the connection is of no use any more and will be replaced.
        }
    }

    @Override
    public void close() {
        events.close();
        Database.closeQuietly(journal);
        Database.closeQuietly(begin);
        Database.closeQuietly(commit);
        Database.closeQuietly(rollback);
        Database.closeQuietly(connection);
    }
}
