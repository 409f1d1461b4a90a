package labchat.broker.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * How publishes are found by their uuid, in {@code event_uuid}. An ordinary index would put each uuid on another page, since
 * they are random, so that the larger the file the more every publish costs. FTS5 writes what is new in one piece and puts
 * pieces together now and then: a publish costs the same always, and looking a uuid up a little more, some 20 to 40 µs.
 */
final class UuidIndex {

    /** Every visible ASCII character belongs to the one word that a uuid is. */
    static final String TABLE = """
            CREATE VIRTUAL TABLE event_uuid USING fts5(
              uuid, content='event', content_rowid='sequence', columnsize=0, detail=none,
              tokenize="ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\\]^_`{|}~'")
            """;

    /** The rows with a uuid, as {@code e}; ?1 is {@link #match}, ?2 the uuid, as the index knows no upper case. */
    static final String FROM = " FROM event_uuid u CROSS JOIN event e ON e.sequence = u.rowid"
            + " WHERE u.event_uuid MATCH ?1 AND e.uuid = ?2";

    /** The same in a file of version 1, which only those see who must not change the file. */
    static final String FROM_OF_OLD_FILE = " FROM event e WHERE ?1 <> '' AND e.uuid = ?2";

    /** Puts the rows from one sequence number to another into the index. */
    static final String INSERT =
            "INSERT INTO event_uuid (rowid, uuid) SELECT sequence, uuid FROM event WHERE sequence BETWEEN ? AND ?";

    /** Takes rows out of the index, by a condition; to be run before they are deleted. */
    static final String DELETE =
            "INSERT INTO event_uuid (event_uuid, rowid, uuid) SELECT 'delete', sequence, uuid FROM event WHERE ";

    private UuidIndex() {}

    /** Sets the first two parameters of a query with {@link #FROM}. */
    static void set(PreparedStatement statement, String uuid) throws SQLException {
        statement.setString(1, match(uuid));
        statement.setString(2, uuid);
    }

    /** What the index is asked for. */
    static String match(String uuid) {
        return '"' + uuid.replace("\"", "\"\"") + '"';
    }
}
