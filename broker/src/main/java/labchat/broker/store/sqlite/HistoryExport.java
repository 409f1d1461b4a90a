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

    private static final String IS_KEPT = "SELECT 1 FROM event"
            + " WHERE receiver = ? AND uuid = ? AND sender = ? AND kind = 'message' AND ifnull(room, '') = ?";

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
    private final Filter filter;
    private final Consumer<HistoryEntry> to;
    private final List<HistoryEntry> unfilled = new ArrayList<>();
    private final Map<Receipted, List<JournalCodec.Entry>> receipts = new HashMap<>();
    private long count;

    private HistoryExport(Path file, Connection connection, Filter filter, Consumer<HistoryEntry> to) {
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
            // One moment for all that is read below.
            transaction.execute("BEGIN");
            HistoryExport export = new HistoryExport(file, connection, filter, to);
            export.readJournal();
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

    /** At most some 1,000,000 publishes: the broker moves them into the tables in the end. */
    private void readJournal() throws SQLException {
        try (PreparedStatement isKept = connection.prepareStatement(IS_KEPT);
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(JOURNAL)) {
            Set<List<String>> seen = new HashSet<>();
            while (rows.next()) {
                // The rows with which a full disk is tried out have no sequence.
                for (JournalCodec.Entry entry : rows.getLong(1) > 0
                        ? JournalCodec.decode(file, rows.getBytes(2))
                        : List.<JournalCodec.Entry>of()) {
                    String room = entry.room().orElse("");
                    if (entry.kind() != ChatKind.MESSAGE) {
                        receipts.computeIfAbsent(
                                        new Receipted(entry.receiver(), entry.uuid(), room), key -> new ArrayList<>())
                                .add(entry);
                    } else if (seen.add(List.of(entry.sender(), entry.receiver(), entry.uuid(), room))
                            && !isKept(isKept, entry, room)) {
                        unfilled.add(entry.toHistory());
                    }
                }
            }
        }
    }

    private static boolean isKept(PreparedStatement isKept, JournalCodec.Entry entry, String room) throws SQLException {
        isKept.setString(1, entry.receiver());
        isKept.setString(2, entry.uuid());
        isKept.setString(3, entry.sender());
        isKept.setString(4, room);
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
                PreparedStatement ofOne = connection.prepareStatement(SqliteHistory.RECEIPTS_OF_ONE);
                PreparedStatement ofAll = connection.prepareStatement(SqliteHistory.RECEIPTS)) {
            select.setLong(
                    1, filter.since().isPresent() ? SqliteHistory.firstSequenceOf(connection, since) : Long.MIN_VALUE);
            select.setLong(2, since);
            for (int i = 0; i < names.size(); i++) {
                select.setString(3 + i, names.get(i));
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    give(SqliteHistory.entry(rows), ofOne, ofAll);
                }
            }
            for (HistoryEntry entry : unfilled) {
                if (filter.takes(entry)) {
                    give(entry, ofOne, ofAll);
                }
            }
        }
    }

    private void give(HistoryEntry bare, PreparedStatement ofOne, PreparedStatement ofAll) throws SQLException {
        HistoryEntry entry = SqliteHistory.withReceipts(bare, bare.room() ? ofAll : ofOne);
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
