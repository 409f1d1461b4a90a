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
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.ReplayQuery;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

/** Answers one {@link ReplayQuery} in one read transaction, from the tables and from what is in the journal only. */
final class ReplayReader {

    private static final byte[] NONE = new byte[0];

    private static final String COLUMNS =
            "SELECT sequence, time, kind, sender, receiver, uuid, payload, qos, properties, room FROM event";

    private static final String OF_ALL = COLUMNS + " WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?";
    private static final String BY_SEQUENCE = COLUMNS + " WHERE sequence = ?";

    static final String OF_ONE = COLUMNS
            + " INDEXED BY event_receiver WHERE receiver = ? AND sequence > ? AND sequence <= ?"
            + " ORDER BY sequence LIMIT ?";

    static final String SEQUENCES = "SELECT sequence FROM event INDEXED BY event_receiver"
            + " WHERE receiver = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?";

    private final Connection connection;
    private final JournalTail tail;
    private final KnownMessages known;
    private final ReplayQuery query;
    private final List<KeptPublish> found = new ArrayList<>();

    ReplayReader(Connection connection, JournalTail tail, KnownMessages known, ReplayQuery query) {
        this.connection = connection;
        this.tail = tail;
        this.known = known;
        this.query = query;
    }

    List<KeptPublish> read() throws SQLException {
        try (PreparedStatement receipt = connection.prepareStatement(EventWriter.RECEIPT)) {
            readTables(receipt);
            readTail(receipt);
        }
        return found;
    }

    private void readTables(PreparedStatement receipt) throws SQLException {
        switch (query.receivers().size()) {
            case 0 -> {
                try (PreparedStatement select = connection.prepareStatement(OF_ALL)) {
                    bind(select, 1, query.upTo());
                    take(select, receipt);
                }
            }
            case 1 -> {
                try (PreparedStatement select = connection.prepareStatement(OF_ONE)) {
                    select.setString(1, query.receivers().iterator().next().value());
                    bind(select, 2, query.upTo());
                    take(select, receipt);
                }
            }
            default -> {
                // The lowest numbers of all receivers first, then only their rows: nothing is sorted that is not
                // wanted.
                try (PreparedStatement select = connection.prepareStatement(BY_SEQUENCE)) {
                    for (long sequence : lowest()) {
                        select.setLong(1, sequence);
                        take(select, receipt);
                    }
                }
            }
        }
    }

    private long[] lowest() throws SQLException {
        PriorityQueue<Long> lowest = new PriorityQueue<>(Collections.reverseOrder());
        long upTo = query.upTo();
        try (PreparedStatement select = connection.prepareStatement(SEQUENCES)) {
            for (ChatId receiver : query.receivers()) {
                select.setString(1, receiver.value());
                bind(select, 2, upTo);
                try (ResultSet rows = select.executeQuery()) {
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

    private void bind(PreparedStatement select, int first, long upTo) throws SQLException {
        select.setLong(first, query.after());
        select.setLong(first + 1, upTo);
        select.setInt(first + 2, query.limit());
    }

    private void take(PreparedStatement select, PreparedStatement receipt) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                byte[] properties = rows.getBytes(9);
                String room = rows.getString(10);
                ChatKind kind = ChatKind.ofLevel(rows.getString(3)).orElseThrow();
                String sender = rows.getString(4);
                String uuid = rows.getString(6);
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
                        kind == ChatKind.MESSAGE && isReceipted(receipt, sender, uuid, room == null ? "" : room)));
            }
        }
    }

    /** What lies in the journal is newer than all that is in the tables. */
    private void readTail(PreparedStatement receipt) throws SQLException {
        Set<String> receivers = query.receivers().stream().map(ChatId::value).collect(Collectors.toSet());
        long after = query.after();
        boolean more = found.size() < query.limit();
        while (more) {
            int missing = query.limit() - found.size();
            List<JournalCodec.Entry> entries = tail.publishes(receivers, after, query.upTo(), missing);
            for (JournalCodec.Entry entry : entries) {
                after = entry.sequence();
                if (entry.kind() == ChatKind.MESSAGE || isFirst(receipt, entry)) {
                    found.add(kept(receipt, entry));
                }
            }
            more = entries.size() == missing && found.size() < query.limit();
        }
    }

    private KeptPublish kept(PreparedStatement receipt, JournalCodec.Entry entry) throws SQLException {
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
                        && isReceipted(
                                receipt,
                                entry.sender(),
                                entry.uuid(),
                                entry.room().orElse("")));
    }

    /** Whether this receipt was not sent before. */
    private boolean isFirst(PreparedStatement select, JournalCodec.Entry receipt) throws SQLException {
        for (JournalCodec.Entry earlier : tail.receipts(receipt.uuid())) {
            if (earlier.isSameReceipt(receipt)) {
                return earlier.sequence() == receipt.sequence()
                        && !isInTables(
                                select,
                                receipt.kind(),
                                receipt.sender(),
                                receipt.receiver(),
                                receipt.uuid(),
                                receipt.room().orElse(""));
            }
        }
        return true;
    }

    /** Whether the query's reader has sent a receipt for a message. */
    private boolean isReceipted(PreparedStatement select, String author, String uuid, String room) throws SQLException {
        if (query.reader().isEmpty()) {
            return false;
        }
        String reader = query.reader().get().value();
        for (JournalCodec.Entry entry : tail.receipts(uuid)) {
            if (entry.sender().equals(reader)
                    && entry.receiver().equals(author)
                    && entry.room().orElse("").equals(room)) {
                return true;
            }
        }
        return isInTables(select, ChatKind.DELIVERED, reader, author, uuid, room)
                || isInTables(select, ChatKind.READ, reader, author, uuid, room);
    }

    private boolean isInTables(
            PreparedStatement select, ChatKind kind, String sender, String receiver, String uuid, String room)
            throws SQLException {
        if (known.isCertainlyNew(BloomFilter.hash(kind.level(), sender, receiver, uuid, room))) {
            return false;
        }
        return EventWriter.isThere(select, kind, sender, receiver, uuid, room);
    }
}
