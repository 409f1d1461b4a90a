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
import java.util.concurrent.CompletionStage;
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
                  AND receipt.kind IN ('delivered', 'read') AND ifnull(receipt.room, '') = ifnull(event.room, ''))
            FROM event
            """;

    private static final String OF_ALL = COLUMNS + " WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?";
    private static final String OF_ONE = COLUMNS
            + " INDEXED BY event_receiver WHERE receiver = ? AND sequence > ? AND sequence <= ?"
            + " ORDER BY sequence LIMIT ?";
    private static final String BY_SEQUENCE = COLUMNS + " WHERE sequence = ?";
    private static final String SEQUENCES = "SELECT sequence FROM event INDEXED BY event_receiver"
            + " WHERE receiver = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?";

    private final StoreWriter writer;
    private final Readers readers;
    private final Notes notes;
    private final Map<HandOver, Long> handedOver;

    SqliteMessages(StoreWriter writer, Readers readers, Notes notes, Map<HandOver, Long> handedOver) {
        this.writer = writer;
        this.readers = readers;
        this.notes = notes;
        this.handedOver = handedOver;
    }

    @Override
    public Optional<String> problem() {
        return writer.problem();
    }

    @Override
    public boolean isBehind() {
        return writer.isBehind();
    }

    @Override
    public void whenCaughtUp(Runnable resume) {
        writer.whenCaughtUp(resume);
    }

    @Override
    public long append(AcceptedPublish publish, Outcome outcome) {
        if (publish.event().kind() == ChatKind.TYPING) {
            throw new IllegalArgumentException("typing is never kept: " + publish);
        }
        return writer.append(publish, outcome);
    }

    @Override
    public boolean knows(MessageId message) {
        return writer.knows(message);
    }

    @Override
    public long lastSequence() {
        return writer.lastSequence();
    }

    @Override
    public CompletionStage<List<KeptPublish>> read(ReplayQuery query) {
        return readers.afterFill(query.upTo(), connection -> read(connection, query));
    }

    private static List<KeptPublish> read(Connection connection, ReplayQuery query) throws SQLException {
        String reader = query.reader().map(ChatId::value).orElse(null);
        return switch (query.receivers().size()) {
            case 0 -> {
                try (PreparedStatement statement = connection.prepareStatement(OF_ALL)) {
                    statement.setString(1, reader);
                    bind(statement, 2, query.after(), query.upTo(), query.limit());
                    yield rows(statement);
                }
            }
            case 1 -> {
                try (PreparedStatement statement = connection.prepareStatement(OF_ONE)) {
                    statement.setString(1, reader);
                    statement.setString(2, query.receivers().iterator().next().value());
                    bind(statement, 3, query.after(), query.upTo(), query.limit());
                    yield rows(statement);
                }
            }
            default -> ofSeveral(connection, query, reader);
        };
    }

    /** The lowest numbers of all receivers first, then only their rows: nothing is sorted that is not wanted. */
    private static List<KeptPublish> ofSeveral(Connection connection, ReplayQuery query, String reader)
            throws SQLException {
        List<KeptPublish> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(BY_SEQUENCE)) {
            statement.setString(1, reader);
            for (long sequence : lowest(connection, query)) {
                statement.setLong(2, sequence);
                found.addAll(rows(statement));
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

    private static List<KeptPublish> rows(PreparedStatement statement) throws SQLException {
        List<KeptPublish> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                byte[] properties = rows.getBytes(9);
                found.add(new KeptPublish(
                        rows.getLong(1),
                        Instant.ofEpochMilli(rows.getLong(2)),
                        ChatKind.ofLevel(rows.getString(3)).orElseThrow(),
                        new ChatId(rows.getString(4)),
                        new ChatId(rows.getString(5)),
                        new MessageUuid(rows.getString(6)),
                        rows.getBytes(7),
                        rows.getInt(8),
                        properties == null ? NONE : properties,
                        rows.getInt(10) != 0));
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
