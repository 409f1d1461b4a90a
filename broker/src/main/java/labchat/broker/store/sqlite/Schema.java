package labchat.broker.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables, and how a file of an older version gets them: docs/store.md. */
final class Schema {

    /** What {@code PRAGMA user_version} says of a file that this program has written. */
    static final int VERSION = 2;

    /** How words are made of text. */
    static final String TOKENS = "tokenize='unicode61 remove_diacritics 2'";

    /** One list for each version: what leads to it from the one before. */
    private static final List<List<String>> MIGRATIONS = List.of(
            List.of(
                    """
            CREATE TABLE journal (
              id INTEGER PRIMARY KEY,
              first_sequence INTEGER NOT NULL,
              last_sequence INTEGER NOT NULL,
              publishes BLOB NOT NULL)
            """,
                    """
            CREATE TABLE event (
              sequence INTEGER PRIMARY KEY,
              kind TEXT NOT NULL,
              sender TEXT NOT NULL,
              receiver TEXT NOT NULL,
              uuid TEXT NOT NULL,
              room TEXT,
              time INTEGER NOT NULL,
              qos INTEGER NOT NULL,
              payload TEXT NOT NULL,
              properties BLOB,
              text TEXT GENERATED ALWAYS AS (
                CASE WHEN kind = 'message' AND json_valid(payload) THEN payload ->> '$.message' END) VIRTUAL,
              conversation TEXT GENERATED ALWAYS AS (
                CASE WHEN kind <> 'message' THEN NULL
                  WHEN room IS NOT NULL THEN room
                  WHEN sender < receiver THEN sender || ' ' || receiver
                  ELSE receiver || ' ' || sender END) VIRTUAL)
            """,
                    "CREATE UNIQUE INDEX event_identity ON event (receiver, uuid, sender, kind, ifnull(room, ''))",
                    "CREATE INDEX event_receiver ON event (receiver, sequence)",
                    "CREATE INDEX event_conversation ON event (conversation, sequence) WHERE kind = 'message'",
                    """
            CREATE VIRTUAL TABLE message_text USING fts5(
              text, conversation, content='event', content_rowid='sequence', tokenize='unicode61 remove_diacritics 2')
            """,
                    """
            CREATE TABLE handed_over (
              user TEXT, receiver TEXT, kind TEXT, sequence INTEGER NOT NULL,
              PRIMARY KEY (user, receiver, kind)) WITHOUT ROWID
            """,
                    """
            CREATE TABLE session (
              user TEXT, client_id TEXT, expires INTEGER, position INTEGER NOT NULL,
              PRIMARY KEY (user, client_id)) WITHOUT ROWID
            """,
                    """
            CREATE TABLE subscription (
              user TEXT, client_id TEXT, filter TEXT, qos INTEGER, no_local INTEGER, retain_as_published INTEGER,
              retain_handling INTEGER, id INTEGER,
              PRIMARY KEY (user, client_id, filter)) WITHOUT ROWID
            """,
                    """
            CREATE TABLE room (
              id TEXT PRIMARY KEY, public INTEGER NOT NULL, creator TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID
            """,
                    """
            CREATE TABLE room_member (
              room TEXT, user TEXT, since INTEGER NOT NULL, PRIMARY KEY (room, user)) WITHOUT ROWID
            """,
                    "CREATE TABLE room_invitation (room TEXT, user TEXT, PRIMARY KEY (room, user)) WITHOUT ROWID",
                    """
            CREATE TABLE account (
              id TEXT PRIMARY KEY, first_login INTEGER, last_login INTEGER, online INTEGER NOT NULL, since INTEGER)
              WITHOUT ROWID
            """,
                    "CREATE TABLE broker (last_alive INTEGER)",
                    "INSERT INTO broker VALUES (NULL)"),
            // A row of the journal has the number of its first publish, so that each publish can be found. Some 5 s for
            // a
            // million publishes.
            List.of(
                    "DELETE FROM journal WHERE last_sequence = 0",
                    "UPDATE journal SET id = -first_sequence",
                    "UPDATE journal SET id = -id",
                    "DROP INDEX event_identity",
                    UuidIndex.TABLE,
                    "INSERT INTO event_uuid (event_uuid) VALUES ('rebuild')",
                    // EventWriter has them merged.
                    "INSERT INTO event_uuid (event_uuid, rank) VALUES ('automerge', 0)",
                    "INSERT INTO message_text (message_text, rank) VALUES ('automerge', 0)"));

    private Schema() {}

    /** The version of the file; 0 if it is empty. */
    static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Whether the file has nothing in it yet. */
    static boolean isEmpty(Connection connection) throws SQLException {
        return count(connection, "SELECT count(*) FROM sqlite_schema") == 0;
    }

    /** Whether a file of a version that we know has our tables. */
    static boolean isOurs(Connection connection) throws SQLException {
        return count(connection, "SELECT count(*) FROM sqlite_schema WHERE name IN ('journal', 'event', 'session')")
                == 3;
    }

    private static int count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Brings the file to {@link #VERSION}, in one transaction for each version. */
    static void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int version = version(connection); version < VERSION; version++) {
                statement.execute("BEGIN IMMEDIATE");
                for (String sql : MIGRATIONS.get(version)) {
                    statement.execute(sql);
                }
                statement.execute("PRAGMA user_version = " + (version + 1));
                statement.execute("COMMIT");
            }
        }
    }
}
