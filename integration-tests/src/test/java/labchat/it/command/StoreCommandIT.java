package labchat.it.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import labchat.it.support.TestProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code backup} and {@code restore}, and a broker whose store cannot be used, as whoever types it sees them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreCommandIT {

    private static final Duration END = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    /** What a process said and how it ended. */
    private record Ended(int exitCode, List<String> out, List<String> err) {}

    private Ended run(String... arguments) throws Exception {
        try (TestProcess process = BrokerProcess.run(dir, List.of(arguments))) {
            return new Ended(process.exitCode(END), process.stdout(), process.stderr());
        }
    }

    @BeforeEach
    void copyRepositorysFiles() throws Exception {
        for (String name : List.of("users.conf", "acl.conf")) {
            Files.copy(BrokerProcess.root().resolve(name), dir.resolve(name));
        }
    }

    @Test
    void backup_ofARunningBroker_isRestoredWhenItHasStopped() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            assertThat(broker.mqttPort()).isPositive();
            assertThat(run("backup", "copy.db"))
                    .isEqualTo(new Ended(0, List.of("data/chat.db: copied to copy.db"), List.of()));
            assertThat(run("backup", "copy.db"))
                    .isEqualTo(new Ended(
                            1, List.of(), List.of("error: copy.db exists: name another file, or remove it first")));
            Ended refused = run("restore", "copy.db");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).hasSize(1);
            assertThat(refused.err().get(0))
                    .contains("chat.db is open in another broker (process ", "): stop that one first");
        }

        Ended restored = run("restore", "copy.db");

        assertThat(restored.exitCode()).isZero();
        assertThat(restored.out()).hasSize(1);
        assertThat(restored.out().get(0))
                .matches("data/chat.db: restored from copy.db; what was there before is in"
                        + " data/chat.db.before-restore-\\d{8}-\\d{6}");
        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            assertThat(broker.mqttPort()).isPositive();
        }
    }

    @Test
    void restore_ofWhatIsNoBackup_isRefused() throws Exception {
        Ended ended = run("restore", "users.conf", "--data", "elsewhere");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).hasSize(1);
        assertThat(ended.err().get(0)).startsWith("error: users.conf is damaged or no store");
        assertThat(dir.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void backup_withoutAStore_isRefused() throws Exception {
        Ended ended = run("backup", "copy.db");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).hasSize(1);
        assertThat(ended.err().get(0)).startsWith("error: data/chat.db: no such file");
    }

    @Test
    void broker_withADamagedStore_saysWhatToDoAndLeavesIt() throws Exception {
        Path file = Files.createDirectories(dir.resolve("data")).resolve("chat.db");
        Files.writeString(file, "no database ".repeat(1_000));

        Ended ended =
                run("--port", "0", "--ws-port", "0", "--http-port", "0", "--bind", "127.0.0.1", "--traffic-log", "off");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).hasSize(1);
        assertThat(ended.err().get(0))
                .contains("chat.db is damaged", "restore a backup with broker.jar restore FILE", "to start empty");
        assertThat(file).hasContent("no database ".repeat(1_000));
    }

    @Test
    void broker_withAStoreOfANewerOne_saysSoInOneLineAndLeavesIt() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            assertThat(broker.mqttPort()).isPositive();
        }
        Path store = dir.resolve("data/chat.db");
        try (FileChannel file = FileChannel.open(store, StandardOpenOption.WRITE)) {
            // SQLite's header has PRAGMA user_version there.
            file.write(ByteBuffer.allocate(4).putInt(0, 99), 60);
        }
        byte[] before = Files.readAllBytes(store);

        Ended ended =
                run("--port", "0", "--ws-port", "0", "--http-port", "0", "--bind", "127.0.0.1", "--traffic-log", "off");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err().stream().filter(line -> line.startsWith("error: ")))
                .singleElement()
                .asString()
                .contains("was written by a newer broker (version 99 of its tables");
        assertThat(Files.readAllBytes(store)).isEqualTo(before);
    }

    @Test
    void broker_besideAnotherOne_isRefused() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            assertThat(broker.mqttPort()).isPositive();
            Ended ended = run(
                    "--port", "0", "--ws-port", "0", "--http-port", "0", "--bind", "127.0.0.1", "--traffic-log", "off");

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.err()).hasSize(1);
            assertThat(ended.err().get(0)).contains("is open in another broker");
        }
    }

    /** SQLite's library is unpacked at each start; a broker that is killed a hundred times must not fill the disk. */
    @Test
    void broker_thatRuns_hasLeftNoLibraryBehind() throws Exception {
        Path temporary = Files.createDirectories(dir.resolve("tmp"));
        try (BrokerProcess broker = BrokerProcess.startWith(dir, List.of("-Djava.io.tmpdir=" + temporary))) {
            assertThat(broker.mqttPort()).isPositive();
            try (Stream<Path> files = Files.list(temporary)) {
                assertThat(files.filter(file -> file.getFileName().toString().contains("sqlite")))
                        .isEmpty();
            }
        }
    }
}
