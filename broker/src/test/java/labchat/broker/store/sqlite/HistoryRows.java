package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** Fills the tables as the store's own writer does, one row at a time: for tests and measurements of what reads them. */
final class HistoryRows implements AutoCloseable {

    static final Instant START = Instant.parse("2026-11-20T10:15:30Z");

    private final Connection connection;
    private final PreparedStatement event;
    private final PreparedStatement text;
    private final PreparedStatement uuids;
    private long sequence;

    HistoryRows(Path file) throws SQLException {
        connection = Database.openWriter(file, true);
        Schema.migrate(connection);
        event = connection.prepareStatement(
                "INSERT INTO event (sequence, kind, sender, receiver, uuid, room, time, qos, payload)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)");
        uuids = connection.prepareStatement(UuidIndex.INSERT);
        text = connection.prepareStatement("INSERT INTO message_text (rowid, text, conversation)"
                + " SELECT sequence, text, conversation FROM event WHERE sequence = ?");
    }

    Connection connection() {
        return connection;
    }

    /** The time of the row with this sequence number: a second after the one before it. */
    static Instant time(long sequence) {
        return START.plusSeconds(sequence);
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A message from one user to another; gives its sequence number. */
    long message(String sender, String receiver, String uuid, String message) throws SQLException {
        return message(sender, receiver, uuid, message, null);
    }

    long roomMessage(String sender, String room, String uuid, String message) throws SQLException {
        return message(sender, room, uuid, message, room);
    }

    private long message(String sender, String receiver, String uuid, String message, String room) throws SQLException {
        String json = message.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        insert("message", sender, receiver, uuid, room, "{\"message\":\"%s\"}".formatted(json));
        text.setLong(1, sequence);
        text.executeUpdate();
        return sequence;
    }

    /** A receipt from a reader to a message's author; the room is null if it was in none. */
    long receipt(String kind, String reader, String author, String uuid, String room) throws SQLException {
        insert(kind, reader, author, uuid, room, "{}");
        return sequence;
    }

    private void insert(String kind, String sender, String receiver, String uuid, String room, String payload)
            throws SQLException {
        sequence++;
        event.setLong(1, sequence);
        event.setString(2, kind);
        event.setString(3, sender);
        event.setString(4, receiver);
        event.setString(5, uuid);
        event.setString(6, room);
        event.setLong(7, time(sequence).toEpochMilli());
        event.setString(8, payload);
        event.executeUpdate();
        uuids.setLong(1, sequence);
        uuids.setLong(2, sequence);
        uuids.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
