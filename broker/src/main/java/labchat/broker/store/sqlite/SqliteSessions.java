package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import labchat.broker.store.KeptSession;
import labchat.broker.store.KeptSession.KeptSubscription;
import labchat.broker.store.SessionStore;
import labchat.broker.store.sqlite.Notes.SessionKey;

/** Durable sessions. */
final class SqliteSessions implements SessionStore {

    private static final String DELETE_SUBSCRIPTIONS = "DELETE FROM subscription WHERE user = ? AND client_id = ?";

    private final Path file;
    private final WriteQueue queue;
    private final Readers readers;
    private final Notes notes;

    SqliteSessions(Path file, WriteQueue queue, Readers readers, Notes notes) {
        this.file = file;
        this.queue = queue;
        this.readers = readers;
        this.notes = notes;
    }

    @Override
    public List<KeptSession> sessions() {
        return Answers.await(file, queue.writeNotes().thenCompose(written -> readers.read(SqliteSessions::all)));
    }

    private static List<KeptSession> all(Connection connection) throws SQLException {
        Map<SessionKey, List<KeptSubscription>> subscriptions = subscriptions(connection);
        List<KeptSession> sessions = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT user, client_id, expires, position FROM session")) {
            while (rows.next()) {
                SessionKey key = new SessionKey(rows.getString(1), rows.getString(2));
                sessions.add(new KeptSession(
                        key.user(),
                        key.clientId(),
                        time(rows, 3),
                        rows.getLong(4),
                        subscriptions.getOrDefault(key, List.of())));
            }
        }
        return sessions;
    }

    private static Map<SessionKey, List<KeptSubscription>> subscriptions(Connection connection) throws SQLException {
        Map<SessionKey, List<KeptSubscription>> all = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT user, client_id, filter, qos, no_local,"
                        + " retain_as_published, retain_handling, id FROM subscription")) {
            while (rows.next()) {
                all.computeIfAbsent(new SessionKey(rows.getString(1), rows.getString(2)), key -> new ArrayList<>())
                        .add(new KeptSubscription(
                                rows.getString(3),
                                rows.getInt(4),
                                rows.getInt(5) != 0,
                                rows.getInt(6) != 0,
                                rows.getInt(7),
                                rows.getInt(8)));
            }
        }
        return all;
    }

    /** A column of milliseconds since 1970; empty if it is NULL. */
    static Optional<Instant> time(ResultSet rows, int column) throws SQLException {
        long millis = rows.getLong(column);
        return rows.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    @Override
    public CompletionStage<Void> save(KeptSession session) {
        notes.forget(new SessionKey(session.user(), session.clientId()));
        return queue.change(connection -> save(connection, session));
    }

    private static Void save(Connection connection, KeptSession session) throws SQLException {
        run(connection, DELETE_SUBSCRIPTIONS, session.user(), session.clientId());
        try (PreparedStatement upsert = connection.prepareStatement(
                        "INSERT OR REPLACE INTO session (user, client_id, expires, position) VALUES (?, ?, ?, ?)");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT OR REPLACE INTO subscription (user, client_id, filter, qos, no_local,"
                                + " retain_as_published, retain_handling, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
            upsert.setString(1, session.user());
            upsert.setString(2, session.clientId());
            Notes.set(upsert, 3, session.expires());
            upsert.setLong(4, session.position());
            upsert.executeUpdate();
            for (KeptSubscription subscription : session.subscriptions()) {
                insert.setString(1, session.user());
                insert.setString(2, session.clientId());
                insert.setString(3, subscription.filter());
                insert.setInt(4, subscription.qos());
                insert.setBoolean(5, subscription.noLocal());
                insert.setBoolean(6, subscription.retainAsPublished());
                insert.setInt(7, subscription.retainHandling());
                insert.setInt(8, subscription.id());
                insert.executeUpdate();
            }
        }
        return null;
    }

    @Override
    public CompletionStage<Void> remove(String user, String clientId) {
        notes.forget(new SessionKey(user, clientId));
        return queue.change(connection -> {
            run(connection, DELETE_SUBSCRIPTIONS, user, clientId);
            run(connection, "DELETE FROM session WHERE user = ? AND client_id = ?", user, clientId);
            return null;
        });
    }

    static void run(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    @Override
    public void position(String user, String clientId, long upTo) {
        notes.position(new SessionKey(user, clientId), upTo);
    }
}
