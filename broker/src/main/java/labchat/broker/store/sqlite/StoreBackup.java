package labchat.broker.store.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import labchat.broker.store.StoreException;

/**
 * Copies the store's file and brings a copy back. All errors are {@link StoreException}s whose message is one line that
 * says what to do.
 */
public final class StoreBackup {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** SQLite keeps the newest writes in the first, and an index of them in the second; the others are our own. */
    private static final String[] COMPANIONS = {"-wal", "-shm", RedoLog.SUFFIX, RedoLog.SECOND_SUFFIX};

    private StoreBackup() {}

    /**
     * Copies the file as it is at this moment, with all that was acknowledged by then; a running broker goes on writing
     * meanwhile. The copy is complete and on disk when this returns, or it is not there.
     */
    public static void backup(Path file, Path target) {
        if (!Files.exists(file)) {
            throw HistoryExport.missing(file);
        }
        if (Files.exists(target)) {
            throw new StoreException("%s exists: name another file, or remove it first".formatted(target));
        }
        Path part = beside(target, ".part");
        try (Connection connection = Database.openReader(file)) {
            Files.deleteIfExists(part);
            Checks.refuseUnknown(file, connection);
            Database.createPrivate(part);
            // Before the copy: what leaves the one meanwhile is in the other.
            List<RedoLog.Row> newest = RedoLog.read(file);
            copy(connection, part);
            add(newest, part);
            force(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (SQLException e) {
            remove(part);
            throw Database.isDamage(e) ? SqliteStore.cannotOpen(file, e) : cannotWrite(target, Database.reason(e), e);
        } catch (IOException e) {
            remove(part);
            throw cannotWrite(target, Database.reason(e), e);
        } catch (RuntimeException | Error e) {
            remove(part);
            throw e;
        }
    }

    /** Into a file of its own, and without the pages that are not in use. */
    private static void copy(Connection connection, Path target) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
            // It writes nothing here, but SQLite takes no chances.
            statement.execute("PRAGMA query_only = OFF");
            vacuum.setString(1, target.toString());
            vacuum.execute();
        }
    }

    /** What is not in the file yet. */
    private static void add(List<RedoLog.Row> newest, Path target) throws SQLException {
        if (newest.isEmpty()) {
            return;
        }
        try (Connection connection = Database.openPlain(target)) {
            connection.setAutoCommit(false);
            RedoLog.putMissing(connection, newest);
            connection.commit();
        }
    }

    private static StoreException cannotWrite(Path target, String reason, Exception cause) {
        return new StoreException(
                "%s cannot be written (%s): check owner, mode and space of its directory, or name another"
                        .formatted(target, reason),
                cause);
    }

    /** Refuses a file that is missing, damaged, another program's or a newer broker's. Reads all of it. */
    public static void check(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new StoreException(
                    "%s: no such file; name a file that broker.jar backup has written".formatted(file));
        }
        try (Connection connection = Database.openReadOnly(file)) {
            Checks.refuseUnknown(file, connection);
            if (Schema.version(connection) == 0) {
                throw new StoreException("%s is empty; name a file that broker.jar backup has written".formatted(file));
            }
            String verdict = Database.quickCheck(connection);
            if (!verdict.equals("ok")) {
                throw damaged(file, verdict, null);
            }
        } catch (SQLException e) {
            throw Database.isDamage(e)
                    ? damaged(file, Database.reason(e), e)
                    : new StoreException("%s cannot be read (%s)".formatted(file, Database.reason(e)), e);
        }
    }

    private static StoreException damaged(Path file, String reason, Exception cause) {
        return new StoreException("%s is damaged or no store (%s): name another backup".formatted(file, reason), cause);
    }

    /**
     * Puts a copy of a backup in the place of the file, which is kept beside it.
     *
     * @return where the former file is kept; empty if there was none
     */
    public static Optional<Path> restore(Path backup, Path file, Clock clock) {
        check(backup);
        Path path = file.toAbsolutePath();
        try {
            Files.createDirectories(path.getParent());
        } catch (IOException e) {
            throw cannotWrite(path, Database.reason(e), e);
        }
        DirectoryLock lock = DirectoryLock.take(path);
        try {
            if (Files.exists(path) && Files.isSameFile(backup, path)) {
                throw new StoreException("%s is the store itself: name a backup of it".formatted(backup));
            }
            return replace(backup, path, TIME.format(clock.instant()));
        } catch (SQLException e) {
            throw cannotWrite(path, Database.reason(e), e);
        } catch (IOException e) {
            throw cannotWrite(path, Database.reason(e), e);
        } finally {
            lock.close();
        }
    }

    /** The copy is complete before the former file moves. */
    private static Optional<Path> replace(Path backup, Path file, String time) throws SQLException, IOException {
        Path part = beside(file, ".restore-part");
        Files.deleteIfExists(part);
        Database.createPrivate(part);
        try (Connection connection = Database.openReadOnly(backup)) {
            copy(connection, part);
            force(part);
        } catch (SQLException | IOException | RuntimeException e) {
            remove(part);
            throw e;
        }
        Path kept = beside(file, ".before-restore-" + time);
        // The newest writes first: alone they are nothing, but they must never meet the restored file.
        for (String companion : COMPANIONS) {
            Path newest = beside(file, companion);
            if (Files.exists(newest)) {
                Files.move(newest, beside(kept, companion));
            }
        }
        Optional<Path> former = Optional.empty();
        if (Files.exists(file)) {
            Files.move(file, kept);
            former = Optional.of(kept);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return former;
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It says by its name that it is not complete.
        }
    }
}
