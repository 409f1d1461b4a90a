package labchat.broker.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.broker.store.AccountStore;
import labchat.broker.store.HistoryStore;
import labchat.broker.store.MessageStore;
import labchat.broker.store.MessageStore.HandOver;
import labchat.broker.store.RoomStore;
import labchat.broker.store.SessionStore;
import labchat.broker.store.Store;
import labchat.broker.store.StoreException;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/** The store in one SQLite file, by default {@code data/chat.db}. One process at a time has it open. */
public final class SqliteStore implements Store {

    /** The file's name in the directory of data. */
    public static final String FILE_NAME = "chat.db";

    /** Larger files are not checked from end to end at each start: that would take more than about a second. */
    private static final long CHECKED_BYTES = 64L << 20;

    private static final int FILL_STEP = 4_096;
    private static final long FILL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final Faults faults;
    private final DirectoryLock lock;
    private final KnownMessages known;
    private final StoreWriter writer;
    private final Readers readers;
    private final Readers searchers;
    private final SqliteMessages messages;
    private final SqliteSessions sessions;
    private final SqliteRooms rooms;
    private final SqliteAccounts accounts;
    private final SqliteHistory history;

    private SqliteStore(
            Path file,
            SqliteSettings settings,
            Clock clock,
            Faults faults,
            DirectoryLock lock,
            WriteConnection connection,
            StartState state)
            throws IOException {
        Notes notes = new Notes();
        this.file = file;
        this.faults = faults;
        this.lock = lock;
        this.known = new KnownMessages(file);
        this.writer = new StoreWriter(
                new StoreFile(file),
                settings,
                faults,
                known,
                notes,
                clock,
                connection,
                state.journal(),
                state.lastSequence(),
                this::growFilter);
        WriteQueue queue = writer.queue();
        this.readers = new Readers(file, queue);
        this.searchers = new Readers(file, queue, 1, "labchat-store-search-");
        this.messages = new SqliteMessages(queue, readers, known, notes, state.handedOver());
        this.sessions = new SqliteSessions(file, queue, readers, notes);
        this.rooms = new SqliteRooms(file, queue, readers);
        this.accounts = new SqliteAccounts(file, queue, readers, notes, state.lastAlive());
        this.history = new SqliteHistory(readers, searchers);
        queue.beginFilter(state.messages());
        readers.read(known::fill);
        writer.start();
    }

    private void growFilter() {
        writer.queue().beginFilter(known.added());
        readers.read(known::fill);
    }

    /**
     * Opens the file, and makes it if it is missing. What an earlier process has left in the journal goes into the tables
     * now, if that takes no longer than a second, and otherwise beside all else.
     *
     * @throws StoreException if the file is damaged, of a newer broker or in use, or the directory cannot be written to;
     *     nothing was changed then
     */
    public static SqliteStore open(Path file, SqliteSettings settings, Clock clock) {
        return open(file, settings, clock, new Faults());
    }

    static SqliteStore open(Path file, SqliteSettings settings, Clock clock, Faults faults) {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(clock, "clock");
        Path path = file.toAbsolutePath();
        createDirectory(path.getParent());
        DirectoryLock lock = DirectoryLock.take(path);
        WriteConnection connection = null;
        try {
            if (!Files.exists(path)) {
                Database.createPrivate(path);
            }
            checkSmallFile(path);
            connection = new WriteConnection(path, true, settings.sync(), faults);
            RedoLog.recover(path, connection);
            fill(connection, faults);
            return new SqliteStore(
                    path, settings, clock, faults, lock, connection, StartState.read(path, connection.connection()));
        } catch (SQLException e) {
            Database.closeQuietly(connection);
            Database.closeQuietly(lock);
            throw cannotOpen(path, e);
        } catch (IOException e) {
            Database.closeQuietly(connection);
            Database.closeQuietly(lock);
            throw new StoreException(
                    "%s cannot be opened (%s): check owner, mode and space of its directory, or name another data_dir"
                            .formatted(path, Database.reason(e)),
                    e);
        } catch (RuntimeException | Error e) {
            Database.closeQuietly(connection);
            Database.closeQuietly(lock);
            throw e;
        }
    }

    private static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StoreException(
                    "%s cannot be made (%s): check owner and mode of the directory above it, or name another data_dir"
                            .formatted(directory, Database.reason(e)),
                    e);
        }
    }

    /** So that damage is found before anybody relies on the file. */
    private static void checkSmallFile(Path file) throws SQLException, IOException {
        if (Files.size(file) > CHECKED_BYTES) {
            return;
        }
        try (Connection connection = Database.openReader(file)) {
            Checks.refuseUnknown(file, connection);
            Checks.refuseDamaged(file, connection);
        }
    }

    private static void fill(WriteConnection connection, Faults faults) throws SQLException {
        long until = System.nanoTime() + FILL_NANOS;
        boolean more = !faults.isFillingStopped();
        while (more) {
            connection.begin(false);
            more = !connection
                            .events()
                            .move(EventWriter.MANY_BYTES, count -> count >= FILL_STEP)
                            .isEmpty()
                    && System.nanoTime() < until;
            connection.commit();
        }
    }

    static StoreException cannotOpen(Path file, SQLException error) {
        String reason = Database.reason(error);
        if (Database.isDamage(error)) {
            return new StoreException(Damage.advice(file, firstLine(error)), error);
        }
        return new StoreException(
                "%s cannot be opened (%s): check owner, mode and space of its directory, or name another data_dir"
                        .formatted(file, reason),
                error);
    }

    private static String firstLine(SQLException error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("").replaceFirst("^\\[.*?]\\s*", "");
    }

    /** For tests. */
    Faults faults() {
        return faults;
    }

    @Override
    public MessageStore messages() {
        return messages;
    }

    @Override
    public HistoryStore history() {
        return history;
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public RoomStore rooms() {
        return rooms;
    }

    @Override
    public AccountStore accounts() {
        return accounts;
    }

    /** See {@link StoreBackup#backup}. Takes about a second for each 100 MB. */
    public void backup(Path target) {
        StoreBackup.backup(file, target);
    }

    /** Writes what waits, and ends; takes a second, more only if the disk is slow. */
    @Override
    public void close() {
        writer.close();
        readers.close();
        searchers.close();
        known.close();
        lock.close();
    }

    /**
     * What the file says at the start.
     *
     * @param lastSequence the highest number that is known of; also of publishes that are not there any more
     * @param messages at most so many messages are in the tables
     */
    private record StartState(
            long lastSequence,
            long messages,
            Journal.Contents journal,
            Map<HandOver, Long> handedOver,
            Optional<Instant> lastAlive) {

        static StartState read(Path file, Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                // A receipt that was there already, or a deleted publish, leaves its number only in what refers to it.
                long last = number(statement, """
                        SELECT max(
                          ifnull((SELECT max(sequence) FROM event), 0),
                          ifnull((SELECT max(last_sequence) FROM journal), 0),
                          ifnull((SELECT max(sequence) FROM handed_over), 0),
                          ifnull((SELECT max(position) FROM session), 0))
                        """);
                long messages = number(statement, "SELECT ifnull(max(sequence) - min(sequence) + 1, 0) FROM event");
                long alive = number(statement, "SELECT ifnull(max(last_alive), -1) FROM broker");
                return new StartState(
                        last,
                        messages,
                        Journal.read(file, connection),
                        handedOver(statement),
                        alive < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(alive)));
            }
        }

        private static long number(Statement statement, String sql) throws SQLException {
            try (ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                return rows.getLong(1);
            }
        }

        private static Map<HandOver, Long> handedOver(Statement statement) throws SQLException {
            Map<HandOver, Long> positions = new HashMap<>();
            try (ResultSet rows = statement.executeQuery("SELECT user, receiver, kind, sequence FROM handed_over")) {
                while (rows.next()) {
                    positions.put(
                            new HandOver(
                                    new ChatId(rows.getString(1)),
                                    new ChatId(rows.getString(2)),
                                    ChatKind.ofLevel(rows.getString(3)).orElseThrow()),
                            rows.getLong(4));
                }
            }
            return Map.copyOf(positions);
        }
    }
}
