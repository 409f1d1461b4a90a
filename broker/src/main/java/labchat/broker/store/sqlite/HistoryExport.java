package labchat.broker.store.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import labchat.broker.store.StoreException;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/**
 * Reads messages out of a store's file, whether or not a broker has it open: what was there at one moment, also what is in
 * the journal only.
 */
public final class HistoryExport {

    private static final String JOURNAL = "SELECT last_sequence, publishes FROM journal ORDER BY id";

    private static final String IS_KEPT =
            " AND e.receiver = ?3 AND e.sender = ?4 AND e.kind = 'message' AND ifnull(e.room, '') = ?5";

    /**
     * Which messages; with both names those from the one to the other.
     *
     * @param with only messages from or to this user or room
     * @param user only messages from or to this user
     * @param since only messages of this time or later
     */
    public record Filter(Optional<ChatId> with, Optional<ChatId> user, Optional<Instant> since) {
        public Filter {
            Objects.requireNonNull(with, "with");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(since, "since");
        }

        private boolean takes(HistoryEntry entry) {
            return with.filter(name -> !isOf(entry.message(), name)).isEmpty()
                    && user.filter(name -> !isOf(entry.message(), name)).isEmpty()
                    && since.filter(entry.sent()::isBefore).isEmpty();
        }

        private static boolean isOf(ChatMessage message, ChatId name) {
            return message.sender().equals(name) || message.receiver().equals(name);
        }
    }

    /** To which message a receipt belongs. */
    private record Receipted(String author, String uuid, String room) {}

    private final Path file;
    private final Connection connection;

    /** Of a version without {@link UuidIndex}. */
    private final boolean isOld;

    private final Filter filter;
    private final Consumer<HistoryEntry> to;
    private final List<HistoryEntry> unfilled = new ArrayList<>();
    private final Map<Receipted, List<JournalCodec.Entry>> receipts = new HashMap<>();
    private long count;

    private HistoryExport(Path file, Connection connection, boolean isOld, Filter filter, Consumer<HistoryEntry> to) {
        this.isOld = isOld;
        this.file = file;
        this.connection = connection;
        this.filter = filter;
        this.to = to;
    }

    /**
     * Gives the messages in the order in which they were kept.
     *
     * @return how many there were
     * @throws StoreException if the file is missing or cannot be read; the message is one line that says what to do
     */
    public static long run(Path file, Filter filter, Consumer<HistoryEntry> to) {
        if (!Files.exists(file)) {
            throw missing(file);
        }
        try (Connection connection = Database.openReader(file);
                Statement transaction = connection.createStatement()) {
            Checks.refuseUnknown(file, connection);
            if (Schema.version(connection) == 0) {
                return 0;
            }
            boolean isOld = Schema.version(connection) < Schema.VERSION;
            // Before the moment: what leaves the one meanwhile is in the other.
            List<RedoLog.Row> newest = RedoLog.read(file);
            // One moment for all that is read below.
            transaction.execute("BEGIN");
            HistoryExport export = new HistoryExport(file, connection, isOld, filter, to);
            export.readJournal(newest);
            export.give();
            return export.count;
        } catch (SQLException e) {
            throw new StoreException("%s cannot be read: %s".formatted(file, Database.reason(e)), e);
        }
    }

    static StoreException missing(Path file) {
        return new StoreException(
                "%s: no such file; a broker with a store makes it when it is first started, name its directory with --data"
                        .formatted(file));
    }

    /** At most some 2,000,000 publishes: the broker moves them into the tables in the end. */
    private void readJournal(List<RedoLog.Row> newest) throws SQLException {
        String isKeptSql = "SELECT 1" + (isOld ? UuidIndex.FROM_OF_OLD_FILE : UuidIndex.FROM) + IS_KEPT;
        try (PreparedStatement isKept = connection.prepareStatement(isKeptSql);
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(JOURNAL)) {
            Set<List<String>> seen = new HashSet<>();
            while (rows.next()) {
                // The rows with which a full disk is tried out have no sequence.
                if (rows.getLong(1) > 0) {
                    addUnfilled(JournalCodec.decode(file, rows.getBytes(2)), isKept, seen);
                }
            }
            long last = RedoLog.lastSequence(connection);
            for (RedoLog.Row row : newest) {
                if (row.firstSequence() > last) {
                    addUnfilled(JournalCodec.decode(file, row.publishes()), isKept, seen);
                }
            }
        }
    }

    private void addUnfilled(List<JournalCodec.Entry> entries, PreparedStatement isKept, Set<List<String>> seen)
            throws SQLException {
        for (JournalCodec.Entry entry : entries) {
            String room = entry.room().orElse("");
            if (entry.kind() != ChatKind.MESSAGE) {
                receipts.computeIfAbsent(new Receipted(entry.receiver(), entry.uuid(), room), key -> new ArrayList<>())
                        .add(entry);
            } else if (seen.add(List.of(entry.sender(), entry.receiver(), entry.uuid(), room))
                    && !isKept(isKept, entry, room)) {
                unfilled.add(entry.toHistory());
            }
        }
    }

    private static boolean isKept(PreparedStatement isKept, JournalCodec.Entry entry, String room) throws SQLException {
        UuidIndex.set(isKept, entry.uuid());
        isKept.setString(3, entry.receiver());
        isKept.setString(4, entry.sender());
        isKept.setString(5, room);
        try (ResultSet rows = isKept.executeQuery()) {
            return rows.next();
        }
    }

    private void give() throws SQLException {
        List<String> names = new ArrayList<>();
        filter.with().ifPresent(name -> names.add(name.value()));
        filter.user().ifPresent(name -> names.add(name.value()));
        long since = filter.since().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
        String sql = "SELECT " + SqliteHistory.ENTRY
                + " FROM event e WHERE e.kind = 'message' AND e.sequence >= ? AND e.time >= ?"
                + " AND ? IN (e.sender, e.receiver)".repeat(names.size())
                + " ORDER BY e.sequence";
        try (PreparedStatement select = connection.prepareStatement(sql);
                PreparedStatement receiptsOf = connection.prepareStatement(
                        isOld ? SqliteHistory.RECEIPTS_OF_OLD_FILE : SqliteHistory.RECEIPTS)) {
            select.setLong(
                    1, filter.since().isPresent() ? SqliteHistory.firstSequenceOf(connection, since) : Long.MIN_VALUE);
            select.setLong(2, since);
            for (int i = 0; i < names.size(); i++) {
                select.setString(3 + i, names.get(i));
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    give(SqliteHistory.entry(rows), receiptsOf);
                }
            }
            for (HistoryEntry entry : unfilled) {
                if (filter.takes(entry)) {
                    give(entry, receiptsOf);
                }
            }
        }
    }

    private void give(HistoryEntry bare, PreparedStatement receiptsOf) throws SQLException {
        HistoryEntry entry = SqliteHistory.withReceipts(bare, receiptsOf);
        ChatMessage message = entry.message();
        List<JournalCodec.Entry> late = receipts.getOrDefault(
                new Receipted(
                        message.sender().value(),
                        message.uuid().value(),
                        entry.room() ? message.receiver().value() : ""),
                List.of());
        to.accept(SqliteHistory.withReceipts(entry, late));
        count++;
    }
}
