package labchat.broker.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import labchat.broker.store.HistoryStore;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;

/**
 * History and search. Every query follows an index, so that what it costs depends on the page and not on how much was ever
 * said: a test asks SQLite for its plans.
 */
final class SqliteHistory implements HistoryStore {

    /**
     * How much is read for one page, in bytes, roughly: more would not fit into an answer. In a large room the receipts of
     * one message alone can be as much.
     */
    static final int PAGE_BYTES = 256 * 1_024;

    private static final int ENTRY_BYTES = 160;
    private static final int RECEIPT_BYTES = 64;

    /** From which id on an id is no longer in front: a space stands between the two, and no id has this character. */
    private static final char BEHIND_SPACE = '!';

    static final String ENTRY = "e.sender, e.receiver, e.uuid, e.room IS NOT NULL AS in_room, e.time, e.text";

    static final String PAGE = "SELECT " + ENTRY
            + " FROM event e WHERE e.kind = 'message' AND e.conversation = ? AND e.sequence < ? AND e.time < ?"
            + " ORDER BY e.sequence DESC LIMIT ?";

    /** The cross join keeps the order: the index of words first. */
    private static final String FOUND = "SELECT " + ENTRY
            + " FROM message_text f CROSS JOIN event e ON e.sequence = f.rowid"
            + " WHERE f.message_text MATCH ? AND f.rowid < ? AND e.time < ? AND ";

    private static final String FOUND_ORDER = " ORDER BY f.rowid DESC LIMIT ?";

    static final String FOUND_WITH = FOUND + "e.conversation = ?" + FOUND_ORDER;

    static final String RECEIPTS = "SELECT sender, kind, min(time) FROM event"
            + " WHERE receiver = ? AND uuid = ? AND kind IN ('delivered', 'read') AND ifnull(room, '') = ?"
            + " GROUP BY sender, kind";

    static final String RECEIPTS_OF_ONE = "SELECT sender, kind, min(time) FROM event"
            + " WHERE receiver = ? AND uuid = ? AND sender = ? AND kind IN ('delivered', 'read')"
            + " AND ifnull(room, '') = '' GROUP BY kind";

    static final String MESSAGE_BETWEEN = "SELECT sequence FROM event"
            + " WHERE receiver = ? AND uuid = ? AND sender = ? AND kind = 'message' AND ifnull(room, '') = ''";

    static final String MESSAGE_TO =
            "SELECT min(sequence) FROM event WHERE receiver = ? AND uuid = ? AND kind = 'message'";

    static final String FIRST_FROM = "SELECT sequence, time FROM event WHERE sequence >= ? ORDER BY sequence LIMIT 1";

    static final String NEWEST_SEQUENCE = "SELECT max(sequence) FROM event";

    static final String NEWEST_OF = "SELECT max(sequence) FROM event WHERE kind = 'message' AND conversation = ?";

    static final String NEXT_CONVERSATION =
            "SELECT conversation FROM event WHERE kind = 'message' AND conversation > ? ORDER BY conversation LIMIT 1";

    static final String BY_SEQUENCE = "SELECT " + ENTRY + " FROM event e WHERE e.sequence = ?";

    private final Readers readers;
    private final Readers searchers;

    /**
     * @param searchers for searches alone: some words keep a thread busy for a second, such as a beginning that thousands
     *     of words have, and nobody's waiting messages shall wait for that
     */
    SqliteHistory(Readers readers, Readers searchers) {
        this.readers = readers;
        this.searchers = searchers;
    }

    @Override
    public CompletionStage<Page> page(Query query) {
        return (query.search().isPresent() ? searchers : readers).afterFill(connection -> page(connection, query));
    }

    @Override
    public CompletionStage<Page> newestOfEach(Query query) {
        return readers.afterFill(connection -> newestOfEach(connection, query));
    }

    static Page page(Connection connection, Query query) throws SQLException {
        long before = Long.MAX_VALUE;
        if (query.beforeUuid().isPresent()) {
            Optional<Long> sequence =
                    sequenceOf(connection, query, query.beforeUuid().get());
            if (sequence.isEmpty()) {
                return new Page(List.of(), false, true);
            }
            before = sequence.get();
        }
        long beforeMillis = Long.MAX_VALUE;
        if (query.beforeTime().isPresent()) {
            beforeMillis = query.beforeTime().get().toEpochMilli();
            before = Math.min(before, firstSequenceOf(connection, beforeMillis));
        }
        if (query.search().isPresent()) {
            return search(connection, query, query.search().get(), before, beforeMillis);
        }
        if (query.with().isEmpty()) {
            throw new IllegalArgumentException("a page is of one conversation, or of a search");
        }
        try (PreparedStatement select = connection.prepareStatement(PAGE)) {
            select.setString(1, conversation(query, query.with().get()));
            select.setLong(2, before);
            select.setLong(3, beforeMillis);
            select.setInt(4, query.limit() + 1);
            return toPage(connection, select, query.limit());
        }
    }

    private static Page search(Connection connection, Query query, String search, long before, long beforeMillis)
            throws SQLException {
        List<String> rooms = query.rooms().stream().map(ChatId::value).sorted().toList();
        List<String> conversations = new ArrayList<>();
        if (query.with().isPresent()) {
            conversations.add(conversation(query, query.with().get()));
        } else {
            conversations.add(query.reader().value());
            conversations.addAll(rooms);
        }
        Optional<String> words = SearchWords.query(search, conversations);
        if (words.isEmpty()) {
            return new Page(List.of(), false, false);
        }
        String sql = query.with().isPresent() ? FOUND_WITH : foundAnywhere(rooms.size());
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int at = 1;
            select.setString(at++, words.get());
            select.setLong(at++, before);
            select.setLong(at++, beforeMillis);
            if (query.with().isEmpty()) {
                select.setString(at++, query.reader().value());
                select.setString(at++, query.reader().value());
                for (String room : rooms) {
                    select.setString(at++, room);
                }
            } else {
                select.setString(at++, conversations.get(0));
            }
            select.setInt(at, query.limit() + 1);
            return toPage(connection, select, query.limit());
        }
    }

    /** What the reader wrote or got, and what was written in so many rooms. */
    static String foundAnywhere(int rooms) {
        String own = "e.room IS NULL AND (e.sender = ? OR e.receiver = ?)";
        String places = String.join(", ", Collections.nCopies(rooms, "?"));
        return FOUND + "(" + own + " OR e.room IN (" + places + "))" + FOUND_ORDER;
    }

    static Page newestOfEach(Connection connection, Query query) throws SQLException {
        List<Long> newest = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(NEWEST_OF)) {
            for (String conversation : conversations(connection, query)) {
                select.setString(1, conversation);
                try (ResultSet rows = select.executeQuery()) {
                    long sequence = rows.next() ? rows.getLong(1) : 0;
                    if (sequence > 0) {
                        newest.add(sequence);
                    }
                }
            }
        }
        newest.sort(Comparator.reverseOrder());
        List<HistoryEntry> found = new ArrayList<>();
        boolean more = newest.size() > query.limit();
        try (PreparedStatement select = connection.prepareStatement(BY_SEQUENCE)) {
            for (long sequence : more ? newest.subList(0, query.limit()) : newest) {
                select.setLong(1, sequence);
                try (ResultSet rows = select.executeQuery()) {
                    if (rows.next()) {
                        found.add(entry(rows));
                    }
                }
            }
        }
        return withReceipts(connection, found, more);
    }

    /**
     * All conversations of the reader. A conversation of two is named after both, the lesser first. Those with greater ones
     * follow each other in the index; of those with lesser ones, only who was ever the lesser of two is looked at, by
     * leaping from one to the next.
     */
    private static TreeSet<String> conversations(Connection connection, Query query) throws SQLException {
        TreeSet<String> found = new TreeSet<>();
        query.rooms().forEach(room -> found.add(room.value()));
        String reader = query.reader().value();
        try (PreparedStatement next = connection.prepareStatement(NEXT_CONVERSATION)) {
            String at = "";
            for (String name = next(next, at); name != null && name.compareTo(reader) < 0; name = next(next, at)) {
                int space = name.indexOf(' ');
                String lesser = space < 0 ? name : name.substring(0, space);
                if (space >= 0) {
                    found.add(lesser + " " + reader);
                }
                at = lesser + BEHIND_SPACE;
            }
            String own = reader + " ";
            for (String name = next(next, own); name != null && name.startsWith(own); name = next(next, name)) {
                found.add(name);
            }
        }
        return found;
    }

    private static String next(PreparedStatement next, String after) throws SQLException {
        next.setString(1, after);
        try (ResultSet rows = next.executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    private static String conversation(Query query, ChatId with) {
        return query.isRoom() ? with.value() : conversation(query.reader().value(), with.value());
    }

    /** As the column of this name has it. */
    private static String conversation(String one, String other) {
        return one.compareTo(other) < 0 ? one + " " + other : other + " " + one;
    }

    /** The message that the next page lies before; the oldest, if several users have used one uuid. */
    private static Optional<Long> sequenceOf(Connection connection, Query query, MessageUuid uuid) throws SQLException {
        TreeSet<Long> found = new TreeSet<>();
        String reader = query.reader().value();
        if (query.with().isPresent() && query.isRoom()) {
            find(connection, MESSAGE_TO, List.of(query.with().get().value(), uuid.value()), found);
        } else if (query.with().isPresent()) {
            String with = query.with().get().value();
            find(connection, MESSAGE_BETWEEN, List.of(reader, uuid.value(), with), found);
            find(connection, MESSAGE_BETWEEN, List.of(with, uuid.value(), reader), found);
        } else {
            for (String name : conversations(connection, query)) {
                int space = name.indexOf(' ');
                if (space < 0) {
                    find(connection, MESSAGE_TO, List.of(name, uuid.value()), found);
                } else {
                    String one = name.substring(0, space);
                    String other = name.substring(space + 1);
                    find(connection, MESSAGE_BETWEEN, List.of(one, uuid.value(), other), found);
                    find(connection, MESSAGE_BETWEEN, List.of(other, uuid.value(), one), found);
                }
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found.first());
    }

    private static void find(Connection connection, String sql, List<String> values, TreeSet<Long> to)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                select.setString(i + 1, values.get(i));
            }
            try (ResultSet rows = select.executeQuery()) {
                long sequence = rows.next() ? rows.getLong(1) : 0;
                if (sequence > 0) {
                    to.add(sequence);
                }
            }
        }
    }

    /**
     * From which sequence number on publishes are of this time or later, found by halving: times rise with the numbers,
     * unless the machine's clock was set back, when what lies between is taken as newer.
     */
    static long firstSequenceOf(Connection connection, long millis) throws SQLException {
        long low = 0;
        long high;
        try (PreparedStatement newest = connection.prepareStatement(NEWEST_SEQUENCE);
                ResultSet rows = newest.executeQuery()) {
            high = rows.next() ? rows.getLong(1) + 1 : 1;
        }
        try (PreparedStatement from = connection.prepareStatement(FIRST_FROM)) {
            while (low < high) {
                long middle = low + (high - low) / 2;
                from.setLong(1, middle);
                try (ResultSet rows = from.executeQuery()) {
                    if (rows.next() && rows.getLong(2) < millis) {
                        low = rows.getLong(1) + 1;
                    } else {
                        high = middle;
                    }
                }
            }
        }
        return low;
    }

    private static Page toPage(Connection connection, PreparedStatement select, int limit) throws SQLException {
        List<HistoryEntry> found = new ArrayList<>();
        boolean more = false;
        long bytes = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (!more && rows.next()) {
                more = found.size() == limit || bytes > PAGE_BYTES;
                if (!more) {
                    HistoryEntry entry = entry(rows);
                    bytes += entry.message().text().length();
                    found.add(entry);
                }
            }
        }
        return withReceipts(connection, found, more);
    }

    /** @param found newest first */
    private static Page withReceipts(Connection connection, List<HistoryEntry> found, boolean more)
            throws SQLException {
        List<HistoryEntry> entries = new ArrayList<>();
        long bytes = 0;
        try (PreparedStatement ofOne = connection.prepareStatement(RECEIPTS_OF_ONE);
                PreparedStatement ofAll = connection.prepareStatement(RECEIPTS)) {
            for (HistoryEntry bare : found) {
                HistoryEntry entry = withReceipts(bare, bare.room() ? ofAll : ofOne);
                bytes += ENTRY_BYTES
                        + entry.message().text().length()
                        + RECEIPT_BYTES
                                * (entry.delivered().size() + entry.read().size());
                if (bytes > PAGE_BYTES && !entries.isEmpty()) {
                    break;
                }
                entries.add(entry);
            }
        }
        boolean leftOut = entries.size() < found.size();
        Collections.reverse(entries);
        return new Page(entries, more || leftOut, false);
    }

    static HistoryEntry withReceipts(HistoryEntry entry, PreparedStatement select) throws SQLException {
        ChatMessage message = entry.message();
        select.setString(1, message.sender().value());
        select.setString(2, message.uuid().value());
        select.setString(3, message.receiver().value());
        Map<ChatId, Instant> delivered = new HashMap<>();
        Map<ChatId, Instant> read = new HashMap<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                (rows.getString(2).equals("read") ? read : delivered)
                        .put(new ChatId(rows.getString(1)), Instant.ofEpochMilli(rows.getLong(3)));
            }
        }
        return new HistoryEntry(message, entry.sent(), entry.room(), delivered, read);
    }

    static HistoryEntry entry(ResultSet found) throws SQLException {
        String text = found.getString(6);
        return new HistoryEntry(
                new ChatMessage(
                        new ChatId(found.getString(1)),
                        new ChatId(found.getString(2)),
                        text == null ? "" : text,
                        new MessageUuid(found.getString(3))),
                Instant.ofEpochMilli(found.getLong(5)),
                found.getBoolean(4),
                Map.of(),
                Map.of());
    }
}
