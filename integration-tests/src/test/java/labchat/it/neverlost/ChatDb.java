package labchat.it.neverlost;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What stands in {@code chat.db}, read without the broker's own code. */
final class ChatDb implements AutoCloseable {

    private final Connection connection;

    ChatDb(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    /** What {@code PRAGMA integrity_check} says. */
    String integrity() throws SQLException {
        return String.join("\n", column("PRAGMA integrity_check"));
    }

    /** Everything kept, in its order. */
    List<Outgoing.Key> events() throws SQLException {
        List<Outgoing.Key> events = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT kind, sender, receiver, uuid, room FROM event ORDER BY sequence")) {
            while (rows.next()) {
                String kind = rows.getString(1);
                String room = kind.equals("message") || rows.getString(5) == null ? "" : rows.getString(5);
                events.add(new Outgoing.Key(kind, rows.getString(2), rows.getString(3), rows.getString(4), room));
            }
        }
        return events;
    }

    /** How many rows of the journal are not in the tables yet. */
    int journal() throws SQLException {
        return Integer.parseInt(column("SELECT count(*) FROM journal").get(0));
    }

    /** The first column of what a query gives. */
    List<String> column(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
