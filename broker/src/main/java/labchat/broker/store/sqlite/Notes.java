package labchat.broker.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import labchat.broker.store.MessageStore.HandOver;
import labchat.protocol.identity.ChatId;

/**
 * What is written soon and not at once: of each thing only the latest is kept here until it is written. Any thread may
 * note; the writer takes it all.
 */
final class Notes {

    /** Whose session. */
    record SessionKey(String user, String clientId) {}

    /**
     * What is new about an account.
     *
     * @param firstLogin the first of the logins that are not written yet
     */
    private record AccountNote(
            Optional<Instant> firstLogin,
            Optional<Instant> lastLogin,
            Optional<Boolean> online,
            Optional<Instant> since) {

        AccountNote later(AccountNote later) {
            return new AccountNote(
                    firstLogin.or(later::firstLogin),
                    later.lastLogin.or(() -> lastLogin),
                    later.online.or(() -> online),
                    later.online.isPresent() ? later.since : since);
        }
    }

    private Map<HandOver, Long> handedOver = new HashMap<>();
    private Map<SessionKey, Long> positions = new HashMap<>();
    private Map<ChatId, AccountNote> accounts = new HashMap<>();

    /** Whether there is something that what is appended later relies on. */
    private boolean isUrgent;

    /** Written with the next publish at the latest. */
    synchronized void begins(HandOver position, long upTo) {
        handedOver(position, upTo);
        isUrgent = true;
    }

    synchronized boolean isUrgent() {
        return isUrgent;
    }

    synchronized void handedOver(HandOver position, long upTo) {
        handedOver.merge(position, upTo, Math::max);
    }

    synchronized void position(SessionKey session, long upTo) {
        positions.merge(session, upTo, Math::max);
    }

    /** The session is saved or removed as a whole: what was noted of it before does not count. */
    synchronized void forget(SessionKey session) {
        positions.remove(session);
    }

    synchronized void loggedIn(ChatId id, Instant time) {
        Optional<Instant> now = Optional.of(time);
        accounts.merge(
                id,
                new AccountNote(now, now, Optional.empty(), Optional.empty()),
                (earlier, later) -> earlier.later(later));
    }

    synchronized void presence(ChatId id, boolean online, Instant since) {
        accounts.merge(
                id,
                new AccountNote(Optional.empty(), Optional.empty(), Optional.of(online), Optional.of(since)),
                (earlier, later) -> earlier.later(later));
    }

    synchronized boolean isEmpty() {
        return handedOver.isEmpty() && positions.isEmpty() && accounts.isEmpty();
    }

    /** Gives what was noted, and begins anew. */
    synchronized Notes take() {
        Notes taken = new Notes();
        taken.handedOver = handedOver;
        taken.positions = positions;
        taken.accounts = accounts;
        taken.isUrgent = isUrgent;
        handedOver = new HashMap<>();
        positions = new HashMap<>();
        accounts = new HashMap<>();
        isUrgent = false;
        return taken;
    }

    /** Takes back what could not be written. */
    synchronized void putBack(Notes older) {
        older.handedOver.forEach((key, upTo) -> handedOver.merge(key, upTo, Math::max));
        older.positions.forEach((key, upTo) -> positions.merge(key, upTo, Math::max));
        older.accounts.forEach((id, note) -> accounts.merge(id, note, (newer, given) -> given.later(newer)));
        isUrgent |= older.isUrgent;
    }

    /** Writes all, inside its caller's transaction. */
    void write(Connection connection) throws SQLException {
        writeHandedOver(connection);
        writePositions(connection);
        writeAccounts(connection);
    }

    private void writeHandedOver(Connection connection) throws SQLException {
        if (handedOver.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO handed_over (user, receiver, kind, sequence) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET sequence = max(sequence, excluded.sequence)
                """)) {
            for (Map.Entry<HandOver, Long> entry : handedOver.entrySet()) {
                upsert.setString(1, entry.getKey().user().value());
                upsert.setString(2, entry.getKey().receiver().value());
                upsert.setString(3, entry.getKey().kind().level());
                upsert.setLong(4, entry.getValue());
                upsert.executeUpdate();
            }
        }
    }

    private void writePositions(Connection connection) throws SQLException {
        if (positions.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE session SET position = max(position, ?) WHERE user = ? AND client_id = ?")) {
            for (Map.Entry<SessionKey, Long> entry : positions.entrySet()) {
                update.setLong(1, entry.getValue());
                update.setString(2, entry.getKey().user());
                update.setString(3, entry.getKey().clientId());
                update.executeUpdate();
            }
        }
    }

    private void writeAccounts(Connection connection) throws SQLException {
        if (accounts.isEmpty()) {
            return;
        }
        try (PreparedStatement insert =
                        connection.prepareStatement("INSERT OR IGNORE INTO account (id, online) VALUES (?, 0)");
                PreparedStatement login = connection.prepareStatement(
                        "UPDATE account SET first_login = ifnull(first_login, ?), last_login = ? WHERE id = ?");
                PreparedStatement presence =
                        connection.prepareStatement("UPDATE account SET online = ?, since = ? WHERE id = ?")) {
            for (Map.Entry<ChatId, AccountNote> entry : accounts.entrySet()) {
                String id = entry.getKey().value();
                AccountNote note = entry.getValue();
                insert.setString(1, id);
                insert.executeUpdate();
                if (note.lastLogin().isPresent()) {
                    set(login, 1, note.firstLogin());
                    set(login, 2, note.lastLogin());
                    login.setString(3, id);
                    login.executeUpdate();
                }
                if (note.online().isPresent()) {
                    presence.setInt(1, note.online().get() ? 1 : 0);
                    set(presence, 2, note.since());
                    presence.setString(3, id);
                    presence.executeUpdate();
                }
            }
        }
    }

    /** Times are kept in milliseconds since 1970. */
    static void set(PreparedStatement statement, int index, Optional<Instant> time) throws SQLException {
        if (time.isPresent()) {
            statement.setLong(index, time.get().toEpochMilli());
        } else {
            statement.setNull(index, Types.INTEGER);
        }
    }
}
