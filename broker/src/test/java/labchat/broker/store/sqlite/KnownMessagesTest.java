package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.keep;
import static labchat.broker.store.sqlite.Publishes.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.util.stream.IntStream;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownMessagesTest {

    @TempDir
    private Path dir;

    private static MessageId id(int number) {
        return new MessageId(
                new ChatId("team" + number % 36), new ChatId("team" + number % 35), new MessageUuid("" + number));
    }

    @Test
    void filter_ofWhatWasAdded_isNeverWrong() {
        BloomFilter filter = new BloomFilter(10_000);
        assertThat(filter.capacity()).isGreaterThanOrEqualTo(10_000);
        IntStream.range(0, 100_000).forEach(number -> filter.add(BloomFilter.hash(id(number))));

        // Also far above its capacity.
        assertThat(IntStream.range(0, 100_000)).allMatch(number -> filter.mayContain(BloomFilter.hash(id(number))));
    }

    /** The ids are always the same, so that the count is too. */
    @Test
    void filter_ofWhatWasNotAdded_isSeldomWrong() {
        BloomFilter filter = new BloomFilter(10_000);
        int count = (int) filter.capacity();
        IntStream.range(0, count).forEach(number -> filter.add(BloomFilter.hash(id(number))));

        long wrong = IntStream.range(count, count + 100_000)
                .filter(number -> filter.mayContain(BloomFilter.hash(id(number))))
                .count();

        assertThat(wrong).isLessThan(200);
    }

    @Test
    void hash_ofEachPart_dependsOnWhereItEnds() {
        assertThat(BloomFilter.hash("ab", "c", "d")).isNotEqualTo(BloomFilter.hash("a", "bc", "d"));
        assertThat(BloomFilter.hash("a", "b", "c")).isNotEqualTo(BloomFilter.hash("b", "a", "c"));
    }

    @Test
    void filter_beforeItIsFilled_isCertainOfNothing() throws Exception {
        Path file = dir.resolve("chat.db");
        try (SqliteStore store = SqliteStore.open(file, SqliteSettings.STANDARD, Clock.systemUTC())) {
            keep(store, message("a", "b", "1"));
            await().until(() -> isJournalEmpty(file));
            MessageId kept = new MessageId(new ChatId("a"), new ChatId("b"), new MessageUuid("1"));
            try (KnownMessages known = new KnownMessages(file);
                    Connection reader = Database.openReader(file)) {
                assertThat(known.isCertainlyNew(BloomFilter.hash(id(1)))).isFalse();
                assertThat(known.isKept(id(1), 0)).isFalse();
                assertThat(known.isKept(kept, 0)).isTrue();

                known.beginFilter(0);
                known.add(BloomFilter.hash(id(2)));
                known.fill(reader);

                assertThat(known.isCertainlyNew(BloomFilter.hash(id(1)))).isTrue();
                assertThat(known.isCertainlyNew(BloomFilter.hash(id(2)))).isFalse();
                assertThat(known.isCertainlyNew(BloomFilter.hash(kept))).isFalse();
            }
        }
    }

    @Test
    void filter_thatHasTakenEnough_isFullAndTheNextOneKnowsTheSame() throws Exception {
        Path file = dir.resolve("chat.db");
        SqliteStore.open(file, SqliteSettings.STANDARD, Clock.systemUTC()).close();
        try (KnownMessages known = new KnownMessages(file);
                Connection reader = Database.openReader(file)) {
            known.beginFilter(0);
            known.fill(reader);
            int count = 0;
            while (!known.isFull()) {
                known.add(BloomFilter.hash(id(count++)));
            }
            known.beginFilter(known.added());
            assertThat(known.isFull()).isFalse();
            known.add(BloomFilter.hash(id(count)));
            // The old one answers until the new one is filled.
            assertThat(known.isCertainlyNew(BloomFilter.hash(id(0)))).isFalse();
            known.fill(reader);

            assertThat(known.isFull()).isFalse();
            assertThat(known.isCertainlyNew(BloomFilter.hash(id(count)))).isFalse();
        }
    }

    private static boolean isJournalEmpty(Path file) throws Exception {
        try (Connection connection = Database.openReader(file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM journal")) {
            return rows.next() && rows.getLong(1) == 0;
        }
    }
}
