package labchat.broker.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Deletes what is older than it may become, and the oldest of a file that is larger than it may become, a few hundred
 * publishes at a time. The newest publish always stays: its sequence number is where the next start goes on. Runs on
 * {@link TableWriter}'s thread.
 */
final class Retention {

    /** How long what needs no haste may wait for its turn. */
    static final Duration EVERY = Duration.ofHours(1);

    private static final int CHUNK = 200;
    private static final int VACUUM_PAGES = 256;

    /** So many free pages are left for what comes next. */
    private static final long SPARE_PAGES = 1_024;

    private final SqliteSettings settings;
    private final Clock clock;
    private Instant next = Instant.MIN;
    private boolean running;
    private long deleted;

    Retention(SqliteSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether a step is to be made now. */
    boolean isDue() {
        if (!running && settings.retention().isZero() && settings.retentionBytes() == 0) {
            return false;
        }
        if (!running && !clock.instant().isBefore(next)) {
            running = true;
            deleted = 0;
        }
        return running;
    }

    /** How many publishes the last round has deleted, or this one so far. */
    long deleted() {
        return deleted;
    }

    /** One step, inside its caller's transaction; returns whether the round is over. */
    boolean step(Connection connection) throws SQLException {
        int count = deleteOld(connection);
        if (count == 0) {
            count = deleteExcess(connection);
        }
        deleted += count;
        if (count > 0 || giveBack(connection)) {
            return false;
        }
        running = false;
        next = clock.instant().plus(EVERY);
        return true;
    }

    private int deleteOld(Connection connection) throws SQLException {
        if (settings.retention().isZero()) {
            return 0;
        }
        return delete(connection, clock.instant().minus(settings.retention()).toEpochMilli());
    }

    private int deleteExcess(Connection connection) throws SQLException {
        if (settings.retentionBytes() == 0 || usedBytes(connection) <= settings.retentionBytes()) {
            return 0;
        }
        return delete(connection, Long.MAX_VALUE);
    }

    /** Of the oldest publishes those from before a time; sequence numbers follow time but for steps of the clock. */
    private static int delete(Connection connection, long beforeMillis) throws SQLException {
        long upTo = bound(connection);
        try (PreparedStatement text = connection.prepareStatement("""
                        INSERT INTO message_text (message_text, rowid, text, conversation)
                        SELECT 'delete', sequence, text, conversation FROM event
                        WHERE sequence <= ? AND time < ? AND kind = 'message' AND text IS NOT NULL
                        """);
                PreparedStatement uuid = connection.prepareStatement(UuidIndex.DELETE + "sequence <= ? AND time < ?");
                PreparedStatement event =
                        connection.prepareStatement("DELETE FROM event WHERE sequence <= ? AND time < ?")) {
            text.setLong(1, upTo);
            text.setLong(2, beforeMillis);
            text.executeUpdate();
            uuid.setLong(1, upTo);
            uuid.setLong(2, beforeMillis);
            uuid.executeUpdate();
            event.setLong(1, upTo);
            event.setLong(2, beforeMillis);
            return event.executeUpdate();
        }
    }

    /** The last sequence number of the oldest few hundred, without the newest of all; 0 for none. */
    private static long bound(Connection connection) throws SQLException {
        return number(connection, """
                SELECT ifnull(max(sequence), 0) FROM (
                  SELECT sequence FROM event WHERE sequence < (SELECT max(sequence) FROM event)
                  ORDER BY sequence LIMIT %d)
                """.formatted(CHUNK));
    }

    private static long usedBytes(Connection connection) throws SQLException {
        long pages = number(connection, "PRAGMA page_count") - number(connection, "PRAGMA freelist_count");
        return pages * number(connection, "PRAGMA page_size");
    }

    /** Makes the file shorter by some free pages; false if there are few. */
    private static boolean giveBack(Connection connection) throws SQLException {
        if (number(connection, "PRAGMA freelist_count") <= SPARE_PAGES) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            // Gives a row for each page: only this runs it to its end.
            statement.executeUpdate("PRAGMA incremental_vacuum(%d)".formatted(VACUUM_PAGES));
        }
        return true;
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
