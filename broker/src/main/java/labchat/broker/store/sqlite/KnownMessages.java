package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import labchat.protocol.identity.MessageId;

/**
 * Which messages and receipts are in the tables: a filter in memory answers for nearly all that are new, SQLite for the
 * others. Until the filter is full of what the file has, SQLite answers for all. Any thread.
 */
final class KnownMessages implements AutoCloseable {

    private static final long LEAST_CAPACITY = 1 << 18;
    private static final String ALL = "SELECT kind, sender, receiver, uuid, room FROM event";
    private static final String MESSAGE =
            "SELECT 1" + UuidIndex.FROM + " AND e.receiver = ?3 AND e.sender = ?4 AND e.kind = 'message'";

    private final Path file;
    private final Object lookup = new Object();
    private Connection connection;
    private PreparedStatement one;
    private PreparedStatement journalRow;
    private boolean closed;

    /** Answers; null until the first one has been filled. */
    private volatile BloomFilter filter;

    /** Is being filled; null if none is. */
    private volatile BloomFilter next;

    private volatile long added;

    KnownMessages(Path file) {
        this.file = file;
    }

    /**
     * Begins a filter; what is added from now on goes into it too. What is neither in the tables nor added later must be
     * added by the caller.
     *
     * @param messages about how many there are
     */
    synchronized void beginFilter(long messages) {
        BloomFilter fresh = new BloomFilter(Math.max(LEAST_CAPACITY, messages * 2));
        added = 0;
        next = fresh;
    }

    /** Puts what the tables have into the filter that was begun, and has it answer from then on. A read of the file. */
    Void fill(Connection reader) throws SQLException {
        BloomFilter filling = next;
        if (filling == null) {
            return null;
        }
        long count = 0;
        try (PreparedStatement all = reader.prepareStatement(ALL);
                ResultSet rows = all.executeQuery()) {
            while (rows.next()) {
                String room = rows.getString(5);
                filling.add(BloomFilter.hash(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        room == null ? "" : room));
                count++;
            }
        }
        synchronized (this) {
            added += count;
            filter = filling;
            next = null;
        }
        return null;
    }

    /** Whether the filter has taken more than it is made for, and none is being filled. */
    boolean isFull() {
        BloomFilter current = filter;
        return next == null && current != null && added > current.capacity();
    }

    /** How many it has taken. */
    long added() {
        return added;
    }

    /** A message or receipt will be in the tables. */
    synchronized void add(long hash) {
        BloomFilter current = filter;
        if (current != null) {
            current.add(hash);
        }
        BloomFilter filling = next;
        if (filling != null) {
            filling.add(hash);
        }
        added++;
    }

    /** Whether it is certain, without reading, that the message or receipt is not in the tables. */
    boolean isCertainlyNew(long hash) {
        BloomFilter current = filter;
        return current != null && !current.mayContain(hash);
    }

    /**
     * Whether the message is in the journal or in the tables: reads, a few microseconds.
     *
     * @param sequence of the publish in the journal that may be this message; 0 if there is none
     */
    boolean isKept(MessageId id, long sequence) throws SQLException {
        synchronized (lookup) {
            try {
                if (closed) {
                    throw new SQLException("the store is closed");
                }
                if (one == null) {
                    connection = Database.openReader(file);
                    one = connection.prepareStatement(MESSAGE);
                    journalRow = connection.prepareStatement(JournalTail.ROW);
                }
                // In this order: what is moved meanwhile is found in the one or in the other.
                return sequence > 0 && isInJournal(id, sequence) || isInTables(id);
            } catch (SQLException e) {
                closeConnection();
                throw e;
            }
        }
    }

    private boolean isInJournal(MessageId id, long sequence) throws SQLException {
        journalRow.setLong(1, sequence);
        try (ResultSet rows = journalRow.executeQuery()) {
            return rows.next()
                    && JournalCodec.decode(file, rows.getBytes(1)).stream()
                            .anyMatch(entry -> entry.sequence() == sequence && entry.isMessage(id));
        }
    }

    private boolean isInTables(MessageId id) throws SQLException {
        UuidIndex.set(one, id.uuid().value());
        one.setString(3, id.receiver().value());
        one.setString(4, id.sender().value());
        try (ResultSet rows = one.executeQuery()) {
            return rows.next();
        }
    }

    private void closeConnection() {
        Database.closeQuietly(one);
        Database.closeQuietly(journalRow);
        Database.closeQuietly(connection);
        one = null;
        journalRow = null;
        connection = null;
    }

    @Override
    public void close() {
        synchronized (lookup) {
            closed = true;
            closeConnection();
        }
    }
}
