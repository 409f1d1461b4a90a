package labchat.broker.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {

    private static final long MUCH = 1L << 30;
    private static final long LITTLE = 1L << 20;

    @TempDir
    private Path dir;

    private Path log;
    private WriteConnection writer;
    private Checkpoints checkpoints;
    private long freeBytes = MUCH;

    @BeforeEach
    void open() throws Exception {
        Path file = dir.resolve("chat.db");
        log = dir.resolve("chat.db-wal");
        SqliteStore.open(file, SqliteSettings.STANDARD, Clock.systemUTC()).close();
        writer = new WriteConnection(file, false, SqliteSettings.Sync.NORMAL, new Faults());
        checkpoints = new Checkpoints(new StoreFile(file), () -> freeBytes);
        checkpoints.measure();
    }

    @AfterEach
    void close() {
        checkpoints.close();
        writer.close();
    }

    private void write(int bytes) throws Exception {
        try (Statement statement = writer.connection().createStatement()) {
            statement.executeUpdate(
                    "INSERT OR REPLACE INTO journal (id, first_sequence, last_sequence, publishes) VALUES (0, 0, 0, zeroblob(%d))"
                            .formatted(bytes));
        }
        checkpoints.written(bytes);
        checkpoints.help(writer.connection());
    }

    @Test
    void log_onADiskWithRoom_staysForItsThread() throws Exception {
        write(1 << 20);

        assertThat(Files.size(log)).isGreaterThan(1 << 20);
    }

    @Test
    void log_onADiskWithLittleRoom_givesItBackAtOnce() throws Exception {
        freeBytes = LITTLE;
        checkpoints.measure();
        write(1 << 20);

        assertThat(checkpoints.isTight()).isTrue();
        assertThat(log).isEmptyFile();
    }

    @Test
    void log_onADiskWithLittleRoom_isNotMovedForLittle() throws Exception {
        freeBytes = LITTLE;
        checkpoints.measure();
        write(10);

        assertThat(log).isNotEmptyFile();
    }

    @Test
    void log_isLeftToItsThread_whenTheDiskHasRoomAgain() throws Exception {
        freeBytes = LITTLE;
        checkpoints.measure();
        freeBytes = MUCH;
        write(1 << 20);
        assertThat(log).isEmptyFile();

        assertThat(checkpoints.isTight()).isFalse();
        write(1 << 20);
        assertThat(log).isNotEmptyFile();
    }

    @Test
    void log_thatSomebodyReads_isMovedLater() throws Exception {
        freeBytes = LITTLE;
        checkpoints.measure();
        try (Connection reader = Database.openReader(dir.resolve("chat.db"));
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.executeQuery("SELECT count(*) FROM journal").close();
            write(1 << 20);
            assertThat(log).isNotEmptyFile();
            statement.execute("COMMIT");
        }
        write(1 << 20);

        assertThat(log).isEmptyFile();
    }
}
