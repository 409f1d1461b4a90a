package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.all;
import static labchat.broker.store.sqlite.Publishes.keep;
import static labchat.broker.store.sqlite.Publishes.message;
import static labchat.broker.store.sqlite.Publishes.uuids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import labchat.broker.store.StoreException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies of the store, and their way back. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreBackupTest {

    private static final Clock CLOCK = Clock.fixed(TIME, ZoneOffset.UTC);

    @TempDir
    private Path dir;

    private final Faults faults = new Faults();

    private Path file() {
        return dir.resolve("data/chat.db");
    }

    private SqliteStore open() {
        return SqliteStore.open(file(), SqliteSettings.STANDARD, CLOCK, faults);
    }

    private static void refused(ThrowingCallable call, String... words) {
        Throwable problem = catchThrowable(call);
        assertThat(problem).isInstanceOf(StoreException.class);
        assertThat(problem.getMessage()).contains(words).hasLineCount(1);
    }

    @Test
    void backup_ofAnOpenStore_hasAllThatWasAcknowledged() throws Exception {
        Path copy = dir.resolve("copy.db");
        try (SqliteStore store = open()) {
            keep(store, message("a", "b", "1"));
            assertThat(uuids(store, all())).containsExactly("1");
            faults.stopFilling(true);
            // Only in the journal.
            keep(store, message("a", "b", "2"));
            store.backup(copy);
            keep(store, message("a", "b", "3"));
        }
        faults.stopFilling(false);

        StoreBackup.check(copy);
        if (Files.getFileStore(dir).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                    .isEqualTo("rw-r-----");
            assertThat(Files.getPosixFilePermissions(file())).isEqualTo(Files.getPosixFilePermissions(copy));
        }
        assertThat(StoreBackup.restore(copy, file(), CLOCK))
                .contains(file().resolveSibling("chat.db.before-restore-20261120-101530"));
        try (SqliteStore store = open()) {
            assertThat(uuids(store, all())).containsExactly("1", "2");
        }
        try (SqliteStore former = SqliteStore.open(
                file().resolveSibling("chat.db.before-restore-20261120-101530"), SqliteSettings.STANDARD, CLOCK)) {
            assertThat(uuids(former, all())).containsExactly("1", "2", "3");
        }
    }

    @Test
    void restore_withoutAStore_makesOne() throws Exception {
        Path copy = dir.resolve("copy.db");
        try (SqliteStore store = open()) {
            keep(store, message("a", "b", "1"));
        }
        StoreBackup.backup(file(), copy);
        Path other = dir.resolve("other/chat.db");

        assertThat(StoreBackup.restore(copy, other, CLOCK)).isEmpty();

        try (SqliteStore store = SqliteStore.open(other, SqliteSettings.STANDARD, CLOCK)) {
            assertThat(uuids(store, all())).containsExactly("1");
        }
    }

    /** After kill -9 the newest writes are in the write-ahead log only: they belong to the former file. */
    @Test
    void restore_besideAWriteAheadLog_doesNotMixThem() throws Exception {
        Path copy = dir.resolve("copy.db");
        Path killed = dir.resolve("killed/chat.db");
        Files.createDirectories(killed.getParent());
        try (SqliteStore store = open()) {
            keep(store, message("a", "b", "1"));
            store.backup(copy);
            keep(store, message("a", "b", "2"));
            for (String suffix : List.of(RedoLog.SUFFIX, "", "-wal")) {
                // There is no redo log when all of it was committed by SQLite.
                if (Files.exists(file().resolveSibling("chat.db" + suffix))) {
                    Files.copy(file().resolveSibling("chat.db" + suffix), killed.resolveSibling("chat.db" + suffix));
                }
            }
        }

        Path former = StoreBackup.restore(copy, killed, CLOCK).orElseThrow();

        try (SqliteStore store = SqliteStore.open(killed, SqliteSettings.STANDARD, CLOCK)) {
            assertThat(uuids(store, all())).containsExactly("1");
        }
        try (SqliteStore store = SqliteStore.open(former, SqliteSettings.STANDARD, CLOCK)) {
            assertThat(uuids(store, all())).containsExactly("1", "2");
        }
    }

    @Test
    void restore_whileABrokerRuns_isRefused() throws Exception {
        Path copy = dir.resolve("copy.db");
        try (SqliteStore store = open()) {
            keep(store, message("a", "b", "1"));
            store.backup(copy);

            refused(() -> StoreBackup.restore(copy, file(), CLOCK), "is open in another broker", "stop that one first");
            assertThat(uuids(store, all())).containsExactly("1");
        }
        refused(() -> StoreBackup.restore(file(), file(), CLOCK), "is the store itself");
    }

    @Test
    void restore_ofWhatIsNoBackup_isRefusedAndChangesNothing() throws Exception {
        try (SqliteStore store = open()) {
            keep(store, message("a", "b", "1"));
        }
        Path text = Files.writeString(dir.resolve("text"), "no database ".repeat(1_000));
        Path empty = Files.createFile(dir.resolve("empty"));

        refused(() -> StoreBackup.restore(text, file(), CLOCK), text.toString(), "damaged or no store");
        refused(() -> StoreBackup.restore(empty, file(), CLOCK), empty.toString(), "is empty");
        refused(() -> StoreBackup.restore(dir, file(), CLOCK), "no such file");
        refused(() -> StoreBackup.restore(dir.resolve("none"), file(), CLOCK), "no such file");
        try (SqliteStore store = open()) {
            assertThat(uuids(store, all())).containsExactly("1");
        }
    }

    @Test
    void backup_thatCannotBe_isRefused() throws Exception {
        refused(() -> StoreBackup.backup(file(), dir.resolve("copy.db")), "no such file");
        open().close();
        Path there = Files.writeString(dir.resolve("there"), "mine");

        refused(() -> StoreBackup.backup(file(), there), there.toString(), "exists");
        assertThat(there).hasContent("mine");
        refused(() -> StoreBackup.backup(file(), dir.resolve("no/where.db")), "cannot be written");
        assertThat(dir.resolve("no")).doesNotExist();
    }
}
