package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import labchat.broker.store.AccountStore;
import labchat.protocol.identity.ChatId;

/** When each account was there. */
final class SqliteAccounts implements AccountStore {

    private final Path file;
    private final WriteQueue queue;
    private final Readers readers;
    private final Notes notes;
    private final Optional<Instant> lastAlive;

    SqliteAccounts(Path file, WriteQueue queue, Readers readers, Notes notes, Optional<Instant> lastAlive) {
        this.file = file;
        this.queue = queue;
        this.readers = readers;
        this.notes = notes;
        this.lastAlive = lastAlive;
    }

    @Override
    public List<KeptAccount> accounts() {
        return Answers.await(file, queue.writeNotes().thenCompose(written -> readers.read(SqliteAccounts::all)));
    }

    private static List<KeptAccount> all(Connection connection) throws SQLException {
        List<KeptAccount> accounts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT id, first_login, last_login, online, since FROM account ORDER BY id")) {
            while (rows.next()) {
                accounts.add(new KeptAccount(
                        new ChatId(rows.getString(1)),
                        SqliteSessions.time(rows, 2),
                        SqliteSessions.time(rows, 3),
                        rows.getInt(4) != 0,
                        SqliteSessions.time(rows, 5)));
            }
        }
        return accounts;
    }

    @Override
    public void loggedIn(ChatId id, Instant time) {
        notes.loggedIn(id, time);
    }

    @Override
    public void presence(ChatId id, boolean online, Instant since) {
        notes.presence(id, online, since);
    }

    @Override
    public Optional<Instant> lastAlive() {
        return lastAlive;
    }
}
