package labchat.broker.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import labchat.broker.store.StoreException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.SQLiteOpenMode;

/** Opens connections to the file and puts SQLite's errors in words. */
final class Database {

    /** How long a statement waits for another process that writes, in milliseconds. */
    static final int BUSY_MILLIS = 5_000;

    private static final int READER_CACHE_KILOBYTES = 8_192;
    private static final int WRITER_CACHE_KILOBYTES = 32_768;
    private static final long LOG_BYTES = 64L << 20;
    private static final String NATIVE_DIR = "org.sqlite.tmpdir";

    static {
        loadNative();
    }

    private Database() {}

    /**
     * The driver unpacks its library to a directory for temporary files and removes it when Java ends by itself, which
     * the broker's process does not: so it gets a directory of its own, which is emptied as soon as it is loaded.
     */
    private static void loadNative() {
        if (System.getProperty(NATIVE_DIR) != null) {
            return;
        }
        try {
            Path directory = Files.createTempDirectory("labchat-sqlite");
            System.setProperty(NATIVE_DIR, directory.toString());
            SQLiteJDBCLoader.initialize();
            System.clearProperty(NATIVE_DIR);
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(directory);
        } catch (Exception e) {
            // Windows does not delete what is in use; and what cannot be loaded is told when a file is opened.
            System.clearProperty(NATIVE_DIR);
        }
    }

    /** A connection that writes. The file is made if it is missing and {@code create} says so. */
    static Connection openWriter(Path file, boolean create) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        if (!create) {
            config.resetOpenMode(SQLiteOpenMode.CREATE);
        }
        config.setBusyTimeout(BUSY_MILLIS);
        Connection connection = connect(config, file);
        try (Statement statement = connection.createStatement()) {
            // Before the first table is made, or never.
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA cache_size = -" + WRITER_CACHE_KILOBYTES);
            // A backup of a large file holds the log until it is through; afterwards it need not stay so long.
            statement.execute("PRAGMA journal_size_limit = " + LOG_BYTES);
            return connection;
        } catch (SQLException | RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /** A connection that only reads. */
    static Connection openReader(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setCacheSize(-READER_CACHE_KILOBYTES);
        Connection connection = connect(config, file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
            return connection;
        } catch (SQLException | RuntimeException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    /** A connection to a file that must not be changed in any way, not even by being opened. */
    static Connection openReadOnly(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MILLIS);
        return connect(config, file);
    }

    /** A connection to a file that nobody else has open, and that is to have no files beside it. */
    static Connection openPlain(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return connect(config, file);
    }

    /** A database of its own, in memory, until it is closed. */
    static Connection openMemory() throws SQLException {
        return new SQLiteConfig().createConnection("jdbc:sqlite::memory:");
    }

    private static Connection connect(SQLiteConfig config, Path file) throws SQLException {
        // Nobody asks for them, and the driver would run a query of its own after each INSERT.
        config.setGetGeneratedKeys(false);
        try {
            return config.createConnection("jdbc:sqlite:" + file);
        } catch (LinkageError e) {
            throw new StoreException(
                    "SQLite's library cannot be loaded (%s): name a directory that programs may run from with java -D%s=DIRECTORY, or turn the store off"
                            .formatted(e.getMessage(), NATIVE_DIR),
                    e);
        }
    }

    /** Makes an empty file that only its owner and group may read, as what people write to each other is no one else's. */
    static void createPrivate(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        } catch (UnsupportedOperationException e) {
            // Windows: its directory decides who may.
            Files.createFile(file);
        }
    }

    static void closeQuietly(AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            // There is nothing left to be done with it.
        }
    }

    /** The first line of what {@code quick_check} says; "ok" if the file is good. */
    static String quickCheck(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
            return rows.next() ? rows.getString(1).lines().findFirst().orElse("") : "ok";
        }
    }

    /** Whether the error says that the file's contents are not what they should be. */
    static boolean isDamage(SQLException error) {
        return switch (code(error)) {
            case SQLITE_CORRUPT, SQLITE_CORRUPT_INDEX, SQLITE_CORRUPT_SEQUENCE, SQLITE_CORRUPT_VTAB, SQLITE_NOTADB ->
                true;
            default -> false;
        };
    }

    /** The error in a few words. */
    static String reason(SQLException error) {
        SQLiteErrorCode code = code(error);
        String name = code.name();
        if (isDamage(error)) {
            return "the file is damaged";
        }
        if (name.equals("SQLITE_FULL")) {
            return "the disk is full";
        }
        if (name.startsWith("SQLITE_READONLY")) {
            return "the file is read-only";
        }
        if (name.startsWith("SQLITE_CANTOPEN")) {
            return "the file cannot be opened";
        }
        if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) {
            return "another program has locked the file";
        }
        if (name.startsWith("SQLITE_IOERR")) {
            return "reading or writing failed (%s)".formatted(name.substring("SQLITE_".length()));
        }
        return String.valueOf(error.getMessage()).lines().findFirst().orElse(name);
    }

    /** Whether the cause lies outside, in disk or file, and not in one statement. */
    static boolean isEnvironment(SQLException error) {
        String name = code(error).name();
        return isDamage(error)
                || Stream.of("FULL", "READONLY", "CANTOPEN", "BUSY", "LOCKED", "IOERR", "NOMEM", "PERM", "INTERRUPT")
                        .anyMatch(kind -> name.startsWith("SQLITE_" + kind));
    }

    private static SQLiteErrorCode code(SQLException error) {
        return error instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    }

    /** In words, that a directory or file cannot be used. */
    static String reason(IOException error) {
        return error instanceof java.nio.file.AccessDeniedException
                ? "access denied for user %s".formatted(System.getProperty("user.name"))
                : error instanceof java.nio.file.FileSystemException f && f.getReason() != null
                        ? f.getReason()
                        : error.getClass().getSimpleName();
    }
}
