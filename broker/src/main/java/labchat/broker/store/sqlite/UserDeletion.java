package labchat.broker.store.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import labchat.broker.store.StoreException;
import labchat.protocol.identity.ChatId;

/**
 * Deletes what one user wrote, in conversations and in rooms, what was written to that user alone, and the receipts of both,
 * for good: also out of the index of words and out of the file's free pages. No broker may have the store open, since it
 * would hold what is deleted in its queues and could be writing more of it; as long as this is open, none starts. One
 * thread.
 */
public final class UserDeletion implements AutoCloseable {

    private static final int CHUNK = 20_000;
    private static final int FILL_STEP = 1_000;

    /** A room's id may be given by mistake: the room's messages are their authors'. */
    private static final String OF_USER = "(sender = ?1 OR receiver = ?1 AND room IS NOT ?1)";

    /** How many publishes are the user's. */
    public record Count(long messages, long receipts) {}

    private final Path file;
    private final ChatId user;
    private final DirectoryLock lock;
    private final WriteConnection writer;

    private UserDeletion(Path file, ChatId user, DirectoryLock lock, WriteConnection writer) {
        this.file = file;
        this.user = Objects.requireNonNull(user, "user");
        this.lock = lock;
        this.writer = writer;
    }

    /**
     * Opens the file; nothing is deleted yet.
     *
     * @throws StoreException if it is missing, damaged, or open in a broker; the message is one line that says what to do
     */
    public static UserDeletion open(Path file, ChatId user) {
        Path path = file.toAbsolutePath();
        if (!Files.exists(path)) {
            throw HistoryExport.missing(file);
        }
        DirectoryLock lock = DirectoryLock.take(path);
        WriteConnection writer = null;
        try {
            Faults noFaults = new Faults();
            writer = new WriteConnection(path, false, SqliteSettings.Sync.FULL, noFaults);
            RedoLog.recover(path, writer);
            boolean more = true;
            while (more) {
                writer.begin(false);
                more = !writer.events()
                        .move(EventWriter.MANY_BYTES, count -> count >= FILL_STEP)
                        .isEmpty();
                writer.commit();
            }
            return new UserDeletion(path, user, lock, writer);
        } catch (SQLException e) {
            Database.closeQuietly(writer);
            Database.closeQuietly(lock);
            throw SqliteStore.cannotOpen(path, e);
        } catch (RuntimeException | Error e) {
            Database.closeQuietly(writer);
            Database.closeQuietly(lock);
            throw e;
        }
    }

    /** What {@link #run} would delete. Looks at every publish there is. */
    public Count count() {
        String sql = "SELECT ifnull(sum(kind = 'message'), 0), count(*) FROM event WHERE " + OF_USER;
        try (PreparedStatement select = writer.connection().prepareStatement(sql)) {
            select.setString(1, user.value());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return new Count(rows.getLong(1), rows.getLong(2) - rows.getLong(1));
            }
        } catch (SQLException e) {
            throw new StoreException("%s cannot be read: %s".formatted(file, Database.reason(e)), e);
        }
    }

    /**
     * Deletes. If it is interrupted, what is deleted by then stays deleted, and it can be run again.
     *
     * @throws StoreException if the file cannot be written
     */
    public void run() {
        Connection connection = writer.connection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA secure_delete = ON");
            long last = number(statement, "SELECT ifnull(max(sequence), 0) FROM event");
            for (long from = number(statement, "SELECT ifnull(min(sequence), 1) FROM event");
                    from <= last;
                    from += CHUNK) {
                writer.begin(false);
                delete(connection, from, from + CHUNK - 1);
                writer.commit();
            }
            // These indexes only mark what is deleted, until they are put together anew.
            statement.execute("INSERT INTO message_text (message_text) VALUES ('optimize')");
            statement.execute("INSERT INTO event_uuid (event_uuid) VALUES ('optimize')");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            writer.rollback();
            throw new StoreException(
                    "%s cannot be written: %s; what is deleted by now stays deleted, run it again"
                            .formatted(file, Database.reason(e)),
                    e);
        }
    }

    private void delete(Connection connection, long from, long to) throws SQLException {
        String which = " FROM event WHERE sequence BETWEEN ?2 AND ?3 AND " + OF_USER;
        String[] deletions = {
            "INSERT INTO message_text (message_text, rowid, text, conversation)"
                    + " SELECT 'delete', sequence, text, conversation" + which
                    + " AND kind = 'message' AND text IS NOT NULL",
            UuidIndex.DELETE + "sequence BETWEEN ?2 AND ?3 AND " + OF_USER,
            "DELETE" + which
        };
        for (String sql : deletions) {
            try (PreparedStatement delete = connection.prepareStatement(sql)) {
                delete.setString(1, user.value());
                delete.setLong(2, from);
                delete.setLong(3, to);
                delete.executeUpdate();
            }
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        writer.close();
        lock.close();
    }
}
