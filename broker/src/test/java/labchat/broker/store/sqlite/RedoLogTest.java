package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.all;
import static labchat.broker.store.sqlite.Publishes.keep;
import static labchat.broker.store.sqlite.Publishes.message;
import static labchat.broker.store.sqlite.Publishes.uuids;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import labchat.broker.store.MessageStore;
import labchat.broker.store.sqlite.Publishes.Told;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedoLogTest {

    private static final Clock CLOCK = Clock.fixed(TIME, ZoneOffset.UTC);

    @TempDir
    private Path dir;

    private final Faults faults = new Faults();

    private Path file() {
        return dir.resolve("chat.db");
    }

    private Path redo() {
        return dir.resolve("chat.db" + RedoLog.SUFFIX);
    }

    private SqliteStore open(Path file) {
        return SqliteStore.open(file, SqliteSettings.STANDARD, CLOCK, faults);
    }

    /** As after kill -9: the files as another process left them. */
    private Path killed() throws Exception {
        Path copy = Files.createTempDirectory(dir, "killed").resolve("chat.db");
        for (String suffix : List.of(RedoLog.SUFFIX, RedoLog.SECOND_SUFFIX, "", "-wal")) {
            if (Files.exists(file().resolveSibling("chat.db" + suffix))) {
                Files.copy(file().resolveSibling("chat.db" + suffix), copy.resolveSibling("chat.db" + suffix));
            }
        }
        return copy;
    }

    private static List<String> numbers(int upTo) {
        return IntStream.rangeClosed(1, upTo).mapToObj(String::valueOf).toList();
    }

    private static void keepNumbers(SqliteStore store, int from, int upTo) throws Exception {
        for (int i = from; i <= upTo; i++) {
            keep(store, message("a", "b", "" + i));
        }
    }

    private static List<Long> sequences(List<RedoLog.Row> rows) {
        return rows.stream()
                .flatMapToLong(row -> LongStream.rangeClosed(row.firstSequence(), row.lastSequence()))
                .boxed()
                .toList();
    }

    /** Where each record begins, and the end of the last one. */
    private List<Long> places() throws Exception {
        List<Long> places = new ArrayList<>(List.of(0L));
        try (RandomAccessFile in = new RandomAccessFile(redo().toFile(), "r")) {
            long generation = in.readLong();
            long at = 0;
            do {
                at += 16 + in.readInt();
                places.add(at);
                in.seek(at);
            } while (in.readLong() == generation);
        }
        return places;
    }

    @Test
    void acknowledged_andKilledBeforeItIsInTheJournal_isThereAtTheNextStart() throws Exception {
        faults.stopPlacing(true);
        Path copy;
        try (SqliteStore store = open(file())) {
            keepNumbers(store, 1, 30);
            copy = killed();
        }
        assertThat(redo()).doesNotExist();

        faults.stopPlacing(false);
        for (int start = 0; start < 2; start++) {
            try (SqliteStore store = open(copy)) {
                assertThat(uuids(store, all())).containsExactlyElementsOf(numbers(30));
                assertThat(store.messages().lastSequence()).isEqualTo(30);
                assertThat(store.messages().append(message("a", "b", "30"), new Told()))
                        .isEqualTo(MessageStore.REPEATED);
            }
        }
    }

    @Test
    void acknowledged_andInTheJournalAlready_isNotPutThereAgain() throws Exception {
        Path copy;
        try (SqliteStore store = open(file())) {
            keepNumbers(store, 1, 20);
            assertThat(uuids(store, all())).hasSize(20);
            faults.stopPlacing(true);
            keepNumbers(store, 21, 30);
            copy = killed();
        }
        faults.stopPlacing(false);
        try (SqliteStore store = open(copy)) {
            assertThat(uuids(store, all())).containsExactlyElementsOf(numbers(30));
        }
    }

    @Test
    void record_tornByPowerLoss_endsTheLog() throws Exception {
        faults.stopPlacing(true);
        try (SqliteStore store = open(file())) {
            keepNumbers(store, 1, 3);
            List<Long> places = places();
            assertThat(sequences(RedoLog.read(file()))).containsExactly(1L, 2L, 3L);
            try (RandomAccessFile file = new RandomAccessFile(redo().toFile(), "rw")) {
                file.seek(places.get(places.size() - 1) - 1);
                int last = file.read();
                file.seek(places.get(places.size() - 1) - 1);
                file.write(last ^ 1);
            }

            assertThat(sequences(RedoLog.read(file()))).containsExactly(1L, 2L);
        }
    }

    @Test
    void record_ofAnEarlierGeneration_isNotRead() throws Exception {
        faults.stopPlacing(true);
        try (SqliteStore store = open(file())) {
            keepNumbers(store, 1, 5);
            assertThat(sequences(RedoLog.read(file()))).hasSize(5);
            // A change of other tables takes everything along.
            store.sessions().remove("a", "c").toCompletableFuture().get(30, TimeUnit.SECONDS);
            keepNumbers(store, 6, 6);

            assertThat(sequences(RedoLog.read(file()))).containsExactly(6L);
            Path copy = killed();
            try (SqliteStore other = open(copy)) {
                assertThat(uuids(other, all())).containsExactlyElementsOf(numbers(6));
            }
        }
    }

    @Test
    void log_thatIsFull_beginsAnew_andNothingIsMissing() throws Exception {
        faults.stopFilling(true);
        String text = "x".repeat(50_000);
        Path copy;
        try (SqliteStore store = open(file())) {
            for (int i = 1; i <= 100; i++) {
                keep(store, message("a", "b", "" + i, text, TIME));
            }
            assertThat(Files.size(redo())).isLessThan(100 * 50_000L);
            copy = killed();
        }
        try (SqliteStore store = open(copy)) {
            assertThat(uuids(store, all())).containsExactlyElementsOf(numbers(100));
        }
    }

    @Test
    void message_publishedAgain_beforeItIsInTheJournal_isTheSame() throws Exception {
        faults.stopPlacing(true);
        try (SqliteStore store = open(file())) {
            keepNumbers(store, 1, 1);
            Told again = new Told();

            assertThat(store.messages().append(message("a", "b", "1"), again)).isEqualTo(MessageStore.REPEATED);
            assertThat(again.isDurable()).isTrue();
        }
    }

    /** It is on disk: no error takes it away again, and nobody who reads is told that it is not there. */
    @Test
    void acknowledged_andThenTheDiskIsFull_waitsUntilItIsNot() throws Exception {
        faults.stopPlacing(true);
        try (SqliteStore store = open(file())) {
            keepNumbers(store, 1, 10);
            faults.fillDisk();
            Told refused = new Told();
            store.messages().append(message("a", "b", "refused", "x".repeat(100_000), TIME), refused);
            assertThat(refused.isDurable()).isFalse();
            assertThat(store.messages().problem()).contains("the disk is full");
            assertThat(store.messages().knows(new MessageId(new ChatId("a"), new ChatId("b"), new MessageUuid("10"))))
                    .isTrue();
            var reading = store.messages().read(all()).toCompletableFuture();
            assertThat(reading).isNotDone();

            faults.stopPlacing(false);
            faults.freeDisk();
            assertThat(reading.get(30, TimeUnit.SECONDS)).hasSize(10);
            Awaitility.await().until(() -> store.messages().problem().isEmpty());
            keepNumbers(store, 11, 11);
            assertThat(uuids(store, all())).containsExactlyElementsOf(numbers(11));
        }
        try (SqliteStore store = open(file())) {
            assertThat(uuids(store, all())).containsExactlyElementsOf(numbers(11));
        }
    }

    @Test
    void log_thatSomebodyRemoves_isDoneWithout() throws Exception {
        faults.stopPlacing(true);
        try (SqliteStore store = open(file())) {
            keepNumbers(store, 1, 1);
            Files.delete(redo());
            // It is looked for each second.
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> {
                keep(store, message("a", "b", "u" + System.nanoTime()));
                return rows() > 0;
            });
        }
        try (SqliteStore store = open(file())) {
            assertThat(uuids(store, all())).startsWith("1").doesNotHaveDuplicates();
        }
    }

    private long rows() throws Exception {
        try (var connection = Database.openReader(file());
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM journal")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void backupAndExport_haveWhatIsNotInTheJournalYet() throws Exception {
        faults.stopPlacing(true);
        Path copy = dir.resolve("copy.db");
        List<String> exported = new ArrayList<>();
        try (SqliteStore store = open(file())) {
            keepNumbers(store, 1, 10);
            store.backup(copy);
            HistoryExport.run(
                    file(),
                    new HistoryExport.Filter(Optional.empty(), Optional.empty(), Optional.empty()),
                    entry -> exported.add(entry.message().uuid().value()));
        }
        assertThat(exported).containsExactlyElementsOf(numbers(10));
        assertThat(copy.resolveSibling("copy.db-journal")).doesNotExist();
        faults.stopPlacing(false);
        try (SqliteStore store = open(copy)) {
            assertThat(uuids(store, all())).containsExactlyElementsOf(numbers(10));
        }
    }

    @Test
    void deletion_ofAUser_afterAKill_leavesNothingBehind() throws Exception {
        faults.stopPlacing(true);
        Path copy;
        try (SqliteStore store = open(file())) {
            keepNumbers(store, 1, 3);
            copy = killed();
        }
        faults.stopPlacing(false);
        try (UserDeletion deletion = UserDeletion.open(copy, new ChatId("a"))) {
            assertThat(deletion.count().messages()).isEqualTo(3);
            deletion.run();
        }
        assertThat(copy.resolveSibling("chat.db" + RedoLog.SUFFIX)).doesNotExist();
        try (SqliteStore store = open(copy)) {
            assertThat(uuids(store, all())).isEmpty();
        }
    }
}
