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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import labchat.broker.store.HistoryStore;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

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

    /** How many messages of the journal are looked through at once for words. */
    private static final int SEARCHED_AT_ONCE = 2_000;

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

    private static final String RECEIPTS_COLUMNS = "SELECT e.sender, e.kind, min(e.time)";

    private static final String RECEIPTS_OF = " AND e.receiver = ?3 AND e.kind IN ('delivered', 'read')"
            + " AND ifnull(e.room, '') = ?4 AND (?5 = '' OR e.sender = ?5) GROUP BY e.sender, e.kind";

    /** Of all readers, or of one. */
    static final String RECEIPTS = RECEIPTS_COLUMNS + UuidIndex.FROM + RECEIPTS_OF;

    /** The same in a file of version 1. */
    static final String RECEIPTS_OF_OLD_FILE = RECEIPTS_COLUMNS + UuidIndex.FROM_OF_OLD_FILE + RECEIPTS_OF;

    static final String MESSAGE_BETWEEN = "SELECT e.sequence" + UuidIndex.FROM
            + " AND e.receiver = ?3 AND e.sender = ?4 AND e.kind = 'message' AND ifnull(e.room, '') = ''";

    static final String MESSAGE_TO =
            "SELECT min(e.sequence)" + UuidIndex.FROM + " AND e.receiver = ?3 AND e.kind = 'message'";

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
        return (query.search().isPresent() ? searchers : readers)
                .afterCommit((connection, tail) -> page(connection, tail, query));
    }

    @Override
    public CompletionStage<Page> newestOfEach(Query query) {
        return readers.afterCommit((connection, tail) -> newestOfEach(connection, tail, query));
    }

    static Page page(Connection connection, JournalTail tail, Query query) throws SQLException {
        long before = Long.MAX_VALUE;
        if (query.beforeUuid().isPresent()) {
            Optional<Long> sequence =
                    sequenceOf(connection, tail, query, query.beforeUuid().get());
            if (sequence.isEmpty()) {
                return new Page(List.of(), false, true);
            }
            before = sequence.get();
        }
        long beforeMillis = query.beforeTime().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
        Found found = new Found(query.limit());
        if (query.search().isPresent()) {
            search(connection, tail, query, query.search().get(), before, beforeMillis, found);
        } else if (query.with().isPresent()) {
            conversation(connection, tail, conversation(query, query.with().get()), before, beforeMillis, found);
        } else {
            throw new IllegalArgumentException("a page is of one conversation, or of a search");
        }
        return withReceipts(connection, tail, found.entries, found.more);
    }

    /** What a page takes, the newest first, until it is full. */
    private static final class Found {
        private final int limit;
        private final List<HistoryEntry> entries = new ArrayList<>();
        private boolean more;
        private long bytes;

        Found(int limit) {
            this.limit = limit;
        }

        /** Takes one; there is more than fits if it does not. */
        void add(HistoryEntry entry) {
            more = entries.size() == limit || bytes > PAGE_BYTES;
            if (!more) {
                bytes += entry.message().text().length();
                entries.add(entry);
            }
        }

        void addAll(PreparedStatement select) throws SQLException {
            try (ResultSet rows = select.executeQuery()) {
                while (!more && rows.next()) {
                    add(entry(rows));
                }
            }
        }
    }

    private static void conversation(
            Connection connection, JournalTail tail, String conversation, long before, long beforeMillis, Found found)
            throws SQLException {
        JournalTail.Backwards unfilled = tail.backwards(Set.of(conversation), before);
        while (!found.more && unfilled.next()) {
            if (unfilled.entry().timeMillis() < beforeMillis) {
                found.add(unfilled.entry().toHistory());
            }
        }
        if (found.more) {
            return;
        }
        try (PreparedStatement select = connection.prepareStatement(PAGE)) {
            select.setString(1, conversation);
            select.setLong(2, bound(connection, before, beforeMillis));
            select.setLong(3, beforeMillis);
            select.setInt(4, found.limit + 1);
            found.addAll(select);
        }
    }

    /** Below which sequence number the tables have what was published before a time, and before a sequence number. */
    private static long bound(Connection connection, long before, long beforeMillis) throws SQLException {
        return beforeMillis == Long.MAX_VALUE ? before : Math.min(before, firstSequenceOf(connection, beforeMillis));
    }

    private static void search(
            Connection connection,
            JournalTail tail,
            Query query,
            String search,
            long before,
            long beforeMillis,
            Found found)
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
            return;
        }
        searchTail(tail, query, words.get(), before, beforeMillis, found);
        if (found.more) {
            return;
        }
        String sql = query.with().isPresent() ? FOUND_WITH : foundAnywhere(rooms.size());
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int at = 1;
            select.setString(at++, words.get());
            select.setLong(at++, bound(connection, before, beforeMillis));
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
            select.setInt(at, found.limit + 1);
            found.addAll(select);
        }
    }

    /** The index of words has nothing of the journal: what may be meant gets one of its own, for a moment and in memory. */
    private static void searchTail(
            JournalTail tail, Query query, String words, long before, long beforeMillis, Found found)
            throws SQLException {
        Set<String> names = query.with().isPresent()
                ? Set.of(conversation(query, query.with().get()))
                : tail.conversations().stream()
                        .filter(name -> isOf(query, name))
                        .collect(Collectors.toSet());
        JournalTail.Backwards unfilled = tail.backwards(names, before);
        List<HistoryEntry> some = new ArrayList<>();
        boolean more = unfilled.next();
        while (more && !found.more) {
            some.clear();
            while (more && some.size() < SEARCHED_AT_ONCE) {
                if (unfilled.entry().timeMillis() < beforeMillis) {
                    some.add(unfilled.entry().toHistory());
                }
                more = unfilled.next();
            }
            for (int index : SearchWords.matching(words, some)) {
                if (!found.more) {
                    found.add(some.get(index));
                }
            }
        }
    }

    /** Whether the reader of a query without a name may read the conversation. */
    private static boolean isOf(Query query, String conversation) {
        int space = conversation.indexOf(' ');
        if (space < 0) {
            return query.rooms().contains(new ChatId(conversation));
        }
        String reader = query.reader().value();
        return conversation.substring(0, space).equals(reader)
                || conversation.substring(space + 1).equals(reader);
    }

    /** What the reader wrote or got, and what was written in so many rooms. */
    static String foundAnywhere(int rooms) {
        String own = "e.room IS NULL AND (e.sender = ? OR e.receiver = ?)";
        String places = String.join(", ", Collections.nCopies(rooms, "?"));
        return FOUND + "(" + own + " OR e.room IN (" + places + "))" + FOUND_ORDER;
    }

    static Page newestOfEach(Connection connection, JournalTail tail, Query query) throws SQLException {
        Map<Long, JournalCodec.Entry> unfilled = new HashMap<>();
        List<Long> newest = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(NEWEST_OF)) {
            for (String conversation : conversations(connection, tail, query)) {
                Optional<JournalCodec.Entry> last = tail.newest(conversation);
                if (last.isPresent()) {
                    newest.add(last.get().sequence());
                    unfilled.put(last.get().sequence(), last.get());
                } else {
                    select.setString(1, conversation);
                    try (ResultSet rows = select.executeQuery()) {
                        long sequence = rows.next() ? rows.getLong(1) : 0;
                        if (sequence > 0) {
                            newest.add(sequence);
                        }
                    }
                }
            }
        }
        newest.sort(Comparator.reverseOrder());
        List<HistoryEntry> found = new ArrayList<>();
        boolean more = newest.size() > query.limit();
        try (PreparedStatement select = connection.prepareStatement(BY_SEQUENCE)) {
            for (long sequence : more ? newest.subList(0, query.limit()) : newest) {
                if (unfilled.containsKey(sequence)) {
                    found.add(unfilled.get(sequence).toHistory());
                } else {
                    select.setLong(1, sequence);
                    try (ResultSet rows = select.executeQuery()) {
                        if (rows.next()) {
                            found.add(entry(rows));
                        }
                    }
                }
            }
        }
        return withReceipts(connection, tail, found, more);
    }

    /**
     * All conversations of the reader. A conversation of two is named after both, the lesser first. Those with greater ones
     * follow each other in the index; of those with lesser ones, only who was ever the lesser of two is looked at, by
     * leaping from one to the next.
     */
    private static TreeSet<String> conversations(Connection connection, JournalTail tail, Query query)
            throws SQLException {
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
        tail.conversations().stream().filter(name -> isOf(query, name)).forEach(found::add);
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
    static String conversation(HistoryEntry entry) {
        ChatMessage message = entry.message();
        return entry.room()
                ? message.receiver().value()
                : conversation(message.sender().value(), message.receiver().value());
    }

    private static String conversation(String one, String other) {
        return one.compareTo(other) < 0 ? one + " " + other : other + " " + one;
    }

    /** The message that the next page lies before; the oldest, if several users have used one uuid. */
    private static Optional<Long> sequenceOf(Connection connection, JournalTail tail, Query query, MessageUuid uuid)
            throws SQLException {
        TreeSet<Long> found = new TreeSet<>();
        String reader = query.reader().value();
        if (query.with().isPresent() && query.isRoom()) {
            find(connection, MESSAGE_TO, uuid, List.of(query.with().get().value()), found);
        } else if (query.with().isPresent()) {
            String with = query.with().get().value();
            find(connection, MESSAGE_BETWEEN, uuid, List.of(reader, with), found);
            find(connection, MESSAGE_BETWEEN, uuid, List.of(with, reader), found);
        } else {
            for (String name : conversations(connection, tail, query)) {
                int space = name.indexOf(' ');
                if (space < 0) {
                    find(connection, MESSAGE_TO, uuid, List.of(name), found);
                } else {
                    String one = name.substring(0, space);
                    String other = name.substring(space + 1);
                    find(connection, MESSAGE_BETWEEN, uuid, List.of(one, other), found);
                    find(connection, MESSAGE_BETWEEN, uuid, List.of(other, one), found);
                }
            }
        }
        for (JournalCodec.Entry entry : tail.messages(uuid.value())) {
            boolean isMeant = query.with().isPresent()
                    ? entry.conversation()
                            .equals(conversation(query, query.with().get()))
                    : isOf(query, entry.conversation());
            if (isMeant) {
                found.add(entry.sequence());
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found.first());
    }

    private static void find(Connection connection, String sql, MessageUuid uuid, List<String> values, TreeSet<Long> to)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            UuidIndex.set(select, uuid.value());
            for (int i = 0; i < values.size(); i++) {
                select.setString(i + 3, values.get(i));
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

    /** @param found newest first */
    private static Page withReceipts(Connection connection, JournalTail tail, List<HistoryEntry> found, boolean more)
            throws SQLException {
        List<HistoryEntry> entries = new ArrayList<>();
        long bytes = 0;
        try (PreparedStatement receipts = connection.prepareStatement(RECEIPTS)) {
            for (HistoryEntry bare : found) {
                HistoryEntry filled = withReceipts(bare, receipts);
                HistoryEntry entry =
                        withReceipts(filled, tail.receipts(bare.message().uuid().value()));
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
        UuidIndex.set(select, message.uuid().value());
        select.setString(3, message.sender().value());
        select.setString(4, entry.room() ? message.receiver().value() : "");
        select.setString(5, entry.room() ? "" : message.receiver().value());
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

    /** With what the journal has of its receipts too: whoever is named already was earlier. */
    static HistoryEntry withReceipts(HistoryEntry entry, List<JournalCodec.Entry> unfilled) {
        ChatMessage message = entry.message();
        Map<ChatId, Instant> delivered = new HashMap<>(entry.delivered());
        Map<ChatId, Instant> read = new HashMap<>(entry.read());
        String room = entry.room() ? message.receiver().value() : "";
        for (JournalCodec.Entry receipt : unfilled) {
            boolean isMeant = receipt.kind() != ChatKind.MESSAGE
                    && receipt.receiver().equals(message.sender().value())
                    && receipt.room().orElse("").equals(room)
                    && (entry.room()
                            || receipt.sender().equals(message.receiver().value()));
            if (isMeant) {
                (receipt.kind() == ChatKind.READ ? read : delivered)
                        .putIfAbsent(new ChatId(receipt.sender()), Instant.ofEpochMilli(receipt.timeMillis()));
            }
        }
        return unfilled.isEmpty() ? entry : new HistoryEntry(message, entry.sent(), entry.room(), delivered, read);
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
