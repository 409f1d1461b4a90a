package labchat.broker.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.ReplayQuery;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

/** Messages and receipts. */
final class SqliteMessages implements MessageStore {

    private static final byte[] NONE = new byte[0];

    /** A receipt for a message to a room names the room, one for a message to a user does not. */
    private static final String COLUMNS = """
            SELECT sequence, time, kind, sender, receiver, uuid, payload, qos, properties,
              kind = 'message' AND EXISTS (
                SELECT 1 FROM event AS receipt
                WHERE receipt.receiver = event.sender AND receipt.uuid = event.uuid AND receipt.sender = ?
                  AND receipt.kind IN ('delivered', 'read') AND ifnull(receipt.room, '') = ifnull(event.room, '')),
              room
            FROM event
            """;

    private static final String OF_ALL = COLUMNS + " WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?";
    private static final String OF_ONE = COLUMNS
            + " INDEXED BY event_receiver WHERE receiver = ? AND sequence > ? AND sequence <= ?"
            + " ORDER BY sequence LIMIT ?";
    private static final String BY_SEQUENCE = COLUMNS + " WHERE sequence = ?";
    private static final String SEQUENCES = "SELECT sequence FROM event INDEXED BY event_receiver"
            + " WHERE receiver = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?";

    static final String SAME_RECEIPT = "SELECT 1 FROM event"
            + " WHERE receiver = ? AND uuid = ? AND sender = ? AND kind = ? AND ifnull(room, '') = ?";

    private final WriteQueue queue;
    private final Readers readers;
    private final Notes notes;
    private final Map<HandOver, Long> handedOver;

    SqliteMessages(WriteQueue queue, Readers readers, Notes notes, Map<HandOver, Long> handedOver) {
        this.queue = queue;
        this.readers = readers;
        this.notes = notes;
        this.handedOver = handedOver;
    }

    @Override
    public Optional<String> problem() {
        return queue.problem();
    }

    @Override
    public boolean isBehind() {
        return queue.isBehind();
    }

    @Override
    public void whenCaughtUp(Runnable resume) {
        queue.whenCaughtUp(resume);
    }

    @Override
    public long append(AcceptedPublish publish, Outcome outcome) {
        if (publish.event().kind() == ChatKind.TYPING) {
            throw new IllegalArgumentException("typing is never kept: " + publish);
        }
        return queue.append(publish, outcome);
    }

    @Override
    public boolean knows(MessageId message) {
        return queue.knows(message);
    }

    @Override
    public long lastSequence() {
        return queue.lastSequence();
    }

    @Override
    public CompletionStage<List<KeptPublish>> read(ReplayQuery query) {
        return readers.afterCommit(query.upTo(), (connection, tail) -> read(connection, tail, query));
    }

    private static List<KeptPublish> read(Connection connection, JournalTail tail, ReplayQuery query)
            throws SQLException {
        List<KeptPublish> found = new ArrayList<>(ofTables(connection, tail, query));
        Set<String> receivers = query.receivers().stream().map(ChatId::value).collect(Collectors.toSet());
        long after = query.after();
        boolean more = found.size() < query.limit();
        while (more) {
            // What lies in the journal is newer than all that is in the tables.
            int missing = query.limit() - found.size();
            List<JournalCodec.Entry> entries = tail.publishes(receivers, after, query.upTo(), missing);
            for (JournalCodec.Entry entry : entries) {
                after = entry.sequence();
                if (entry.kind() == ChatKind.MESSAGE || isFirst(connection, tail, entry)) {
                    found.add(kept(entry, tail, query.reader()));
                }
            }
            more = entries.size() == missing && found.size() < query.limit();
        }
        return found;
    }

    /** Whether this receipt was not sent before. */
    private static boolean isFirst(Connection connection, JournalTail tail, JournalCodec.Entry receipt)
            throws SQLException {
        for (JournalCodec.Entry earlier : tail.withUuid(receipt.uuid())) {
            if (earlier.isSameReceipt(receipt)) {
                return earlier.sequence() == receipt.sequence() && !isInTables(connection, receipt);
            }
        }
        return true;
    }

    private static boolean isInTables(Connection connection, JournalCodec.Entry receipt) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SAME_RECEIPT)) {
            select.setString(1, receipt.receiver());
            select.setString(2, receipt.uuid());
            select.setString(3, receipt.sender());
            select.setString(4, receipt.kind().level());
            select.setString(5, receipt.room().orElse(""));
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static KeptPublish kept(JournalCodec.Entry entry, JournalTail tail, Optional<ChatId> reader)
            throws SQLException {
        return new KeptPublish(
                entry.sequence(),
                Instant.ofEpochMilli(entry.timeMillis()),
                entry.kind(),
                new ChatId(entry.sender()),
                new ChatId(entry.receiver()),
                new MessageUuid(entry.uuid()),
                entry.payload(),
                entry.qos(),
                entry.properties(),
                entry.kind() == ChatKind.MESSAGE
                        && hasReceipt(tail, reader, entry.sender(), entry.uuid(), entry.room()));
    }

    /** Whether the journal has a receipt of the reader for this message. */
    private static boolean hasReceipt(
            JournalTail tail, Optional<ChatId> reader, String author, String uuid, Optional<String> room)
            throws SQLException {
        if (reader.isEmpty()) {
            return false;
        }
        return tail.withUuid(uuid).stream()
                .anyMatch(entry -> entry.kind() != ChatKind.MESSAGE
                        && entry.sender().equals(reader.get().value())
                        && entry.receiver().equals(author)
                        && entry.room().equals(room));
    }

    private static List<KeptPublish> ofTables(Connection connection, JournalTail tail, ReplayQuery query)
            throws SQLException {
        String reader = query.reader().map(ChatId::value).orElse(null);
        return switch (query.receivers().size()) {
            case 0 -> {
                try (PreparedStatement statement = connection.prepareStatement(OF_ALL)) {
                    statement.setString(1, reader);
                    bind(statement, 2, query.after(), query.upTo(), query.limit());
                    yield rows(statement, tail, query.reader());
                }
            }
            case 1 -> {
                try (PreparedStatement statement = connection.prepareStatement(OF_ONE)) {
                    statement.setString(1, reader);
                    statement.setString(2, query.receivers().iterator().next().value());
                    bind(statement, 3, query.after(), query.upTo(), query.limit());
                    yield rows(statement, tail, query.reader());
                }
            }
            default -> ofSeveral(connection, tail, query, reader);
        };
    }

    /** The lowest numbers of all receivers first, then only their rows: nothing is sorted that is not wanted. */
    private static List<KeptPublish> ofSeveral(
            Connection connection, JournalTail tail, ReplayQuery query, String reader) throws SQLException {
        List<KeptPublish> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(BY_SEQUENCE)) {
            statement.setString(1, reader);
            for (long sequence : lowest(connection, query)) {
                statement.setLong(2, sequence);
                found.addAll(rows(statement, tail, query.reader()));
            }
        }
        return found;
    }

    private static long[] lowest(Connection connection, ReplayQuery query) throws SQLException {
        PriorityQueue<Long> lowest = new PriorityQueue<>(Collections.reverseOrder());
        long upTo = query.upTo();
        try (PreparedStatement statement = connection.prepareStatement(SEQUENCES)) {
            for (ChatId receiver : query.receivers()) {
                statement.setString(1, receiver.value());
                bind(statement, 2, query.after(), upTo, query.limit());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        lowest.add(rows.getLong(1));
                    }
                }
                while (lowest.size() > query.limit()) {
                    lowest.remove();
                }
                if (lowest.size() == query.limit() && !lowest.isEmpty()) {
                    // What the other receivers have beyond it is not wanted any more.
                    upTo = lowest.element();
                }
            }
        }
        long[] sequences = lowest.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sequences);
        return sequences;
    }

    private static void bind(PreparedStatement statement, int first, long after, long upTo, int limit)
            throws SQLException {
        statement.setLong(first, after);
        statement.setLong(first + 1, upTo);
        statement.setInt(first + 2, limit);
    }

    private static List<KeptPublish> rows(PreparedStatement statement, JournalTail tail, Optional<ChatId> reader)
            throws SQLException {
        List<KeptPublish> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                byte[] properties = rows.getBytes(9);
                ChatKind kind = ChatKind.ofLevel(rows.getString(3)).orElseThrow();
                String sender = rows.getString(4);
                String uuid = rows.getString(6);
                boolean receipted = rows.getInt(10) != 0
                        || kind == ChatKind.MESSAGE
                                && hasReceipt(tail, reader, sender, uuid, Optional.ofNullable(rows.getString(11)));
                found.add(new KeptPublish(
                        rows.getLong(1),
                        Instant.ofEpochMilli(rows.getLong(2)),
                        kind,
                        new ChatId(sender),
                        new ChatId(rows.getString(5)),
                        new MessageUuid(uuid),
                        rows.getBytes(7),
                        rows.getInt(8),
                        properties == null ? NONE : properties,
                        receipted));
            }
        }
        return found;
    }

    @Override
    public void handedOver(ChatId user, ChatId receiver, ChatKind kind, long upTo) {
        notes.handedOver(new HandOver(user, receiver, kind), upTo);
    }

    @Override
    public void begins(ChatId user, ChatId room, ChatKind kind, long upTo) {
        notes.begins(new HandOver(user, room, kind), upTo);
    }

    @Override
    public Map<HandOver, Long> handedOver() {
        return handedOver;
    }
}
