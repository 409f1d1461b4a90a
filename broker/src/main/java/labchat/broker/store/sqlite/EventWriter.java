package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;
import labchat.protocol.topic.ChatKind;

/**
 * Moves publishes from the journal into the tables that queries read. Runs inside its caller's transactions, on the
 * writer's connection.
 */
final class EventWriter implements AutoCloseable {

    /** Whether a receipt is there already. */
    static final String RECEIPT = "SELECT 1" + UuidIndex.FROM
            + " AND e.receiver = ?3 AND e.sender = ?4 AND e.kind = ?5 AND ifnull(e.room, '') = ?6";

    /** Of the journal's rows, for whoever has no reason to move few or many at a time. */
    static final int MANY_BYTES = 1 << 20;

    /** What is merged at least, and at once. */
    private static final int MERGED_PAGES = 16;

    private static final int BYTES_OF_MERGED_PAGE = 2_000;

    private final Path file;
    private final PreparedStatement oldest;
    private final PreparedStatement event;
    private final PreparedStatement text;
    private final PreparedStatement uuid;
    private final PreparedStatement mergeText;
    private final PreparedStatement mergeUuid;
    private final PreparedStatement receipt;
    private final PreparedStatement delete;

    /** Knows which receipts are new; null if nobody does. */
    private KnownMessages known;

    /** The hashes of the receipts that the current call has put in, which {@link UuidIndex} does not have yet. */
    private final Map<Long, JournalCodec.Entry> receipts = new HashMap<>();

    EventWriter(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.oldest = connection.prepareStatement(
                "SELECT id, first_sequence, last_sequence, publishes FROM journal ORDER BY id");
        this.event = connection.prepareStatement("""
                INSERT INTO event
                  (sequence, kind, sender, receiver, uuid, room, time, qos, payload, properties)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?)
                """);
        this.text = connection.prepareStatement("""
                INSERT INTO message_text (rowid, text, conversation)
                SELECT sequence, text, conversation FROM event
                WHERE sequence BETWEEN ? AND ? AND kind = 'message' AND text IS NOT NULL
                """);
        this.uuid = connection.prepareStatement(UuidIndex.INSERT);
        this.mergeText = connection.prepareStatement(merge("message_text"));
        this.mergeUuid = connection.prepareStatement(merge("event_uuid"));
        this.receipt = connection.prepareStatement(RECEIPT);
        this.delete = connection.prepareStatement("DELETE FROM journal WHERE id <= ?");
    }

    /** From now on most receipts need not be looked up. */
    void setKnown(KnownMessages known) {
        this.known = known;
    }

    /**
     * What was moved.
     *
     * @param publishes how many
     * @param lastSequence the highest of them; 0 if none
     * @param isEmpty whether the journal has nothing left
     * @param bytes how much of the journal that was
     * @param messages hash and sequence number in turn of each message among them
     */
    record Moved(int publishes, long lastSequence, boolean isEmpty, long bytes, long[] messages) {

        static final Moved NOTHING = new Moved(0, 0, false, 0, new long[0]);
    }

    /**
     * Moves the oldest rows. A row costs up to a millisecond; what many share, most of all the pages of the indexes, is
     * written once for all that are moved by one call, so that many cost far less each than few.
     *
     * @param mostBytes of the journal's rows, but at least one row
     * @param isEnough asked after each row, with the number of publishes moved so far
     */
    Moved move(long mostBytes, IntPredicate isEnough) throws SQLException {
        return move(mostBytes, isEnough, () -> {});
    }

    /**
     * The same.
     *
     * @param pause called every now and then, after less than a millisecond's work; it must not use the connection
     */
    Moved move(long mostBytes, IntPredicate isEnough, Runnable pause) throws SQLException {
        int moved = 0;
        long bytes = 0;
        LongStream.Builder messages = LongStream.builder();
        long last = 0;
        long id = 0;
        boolean isEmpty = true;
        receipts.clear();
        try (ResultSet rows = oldest.executeQuery()) {
            while (rows.next()) {
                if (id > 0 && (bytes >= mostBytes || isEnough.test(moved))) {
                    isEmpty = false;
                    break;
                }
                id = rows.getLong(1);
                // The rows with which a full disk is tried out have no sequence.
                if (rows.getLong(3) > 0) {
                    long first = rows.getLong(2);
                    last = rows.getLong(3);
                    byte[] blob = rows.getBytes(4);
                    bytes += blob.length;
                    moved += insert(JournalCodec.decode(file, blob), messages);
                    index(text, first, last);
                    index(uuid, first, last);
                    pause.run();
                }
            }
        }
        if (moved > 0) {
            merge(mergeText, bytes, pause);
            merge(mergeUuid, bytes, pause);
        }
        if (id > 0) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
        return new Moved(moved, last, isEmpty, bytes, messages.build().toArray());
    }

    private static void index(PreparedStatement insert, long first, long last) throws SQLException {
        insert.setLong(1, first);
        insert.setLong(2, last);
        insert.executeUpdate();
    }

    private static String merge(String index) {
        return "INSERT INTO %1$s (%1$s, rank) VALUES ('merge', ?)".formatted(index);
    }

    /**
     * FTS5 would merge what it has written now and then, for ten milliseconds at a time; so it is told to do a little each
     * time instead. How much suffices: what is written is merged some seven times until there are a million.
     */
    private static void merge(PreparedStatement merge, long bytes, Runnable pause) throws SQLException {
        for (long left = MERGED_PAGES + bytes / BYTES_OF_MERGED_PAGE; left > 0; left -= MERGED_PAGES) {
            merge.setLong(1, Math.min(left, MERGED_PAGES));
            merge.executeUpdate();
            pause.run();
        }
    }

    private int insert(List<JournalCodec.Entry> entries, LongStream.Builder messages) throws SQLException {
        for (JournalCodec.Entry entry : entries) {
            if (entry.kind() == ChatKind.MESSAGE) {
                messages.add(entry.hash()).add(entry.sequence());
            } else if (isRepeated(entry)) {
                continue;
            }
            event.setLong(1, entry.sequence());
            event.setString(2, entry.kind().level());
            event.setString(3, entry.sender());
            event.setString(4, entry.receiver());
            event.setString(5, entry.uuid());
            event.setString(6, entry.room().orElse(null));
            event.setLong(7, entry.timeMillis());
            event.setInt(8, entry.qos());
            event.setBytes(9, entry.payload());
            if (entry.properties().length == 0) {
                event.setNull(10, Types.BLOB);
            } else {
                event.setBytes(10, entry.properties());
            }
            event.executeUpdate();
        }
        return entries.size();
    }

    /** Whether the same receipt was sent before. A message that was is not even taken into the journal. */
    private boolean isRepeated(JournalCodec.Entry entry) throws SQLException {
        long hash = entry.hash();
        JournalCodec.Entry before = receipts.putIfAbsent(hash, entry);
        if (before != null && before.isSameReceipt(entry)) {
            return true;
        }
        boolean isNew = known != null && known.isCertainlyNew(hash);
        if (known != null) {
            known.add(hash);
        }
        return !isNew
                && isThere(
                        receipt,
                        entry.kind(),
                        entry.sender(),
                        entry.receiver(),
                        entry.uuid(),
                        entry.room().orElse(""));
    }

    /** @param select {@link #RECEIPT} */
    static boolean isThere(
            PreparedStatement select, ChatKind kind, String sender, String receiver, String uuid, String room)
            throws SQLException {
        UuidIndex.set(select, uuid);
        select.setString(3, receiver);
        select.setString(4, sender);
        select.setString(5, kind.level());
        select.setString(6, room);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next();
        }
    }

    @Override
    public void close() {
        Database.closeQuietly(oldest);
        Database.closeQuietly(event);
        Database.closeQuietly(text);
        Database.closeQuietly(uuid);
        Database.closeQuietly(mergeText);
        Database.closeQuietly(mergeUuid);
        Database.closeQuietly(receipt);
        Database.closeQuietly(delete);
    }
}
