package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.all;
import static labchat.broker.store.sqlite.Publishes.keep;
import static labchat.broker.store.sqlite.Publishes.keepInARow;
import static labchat.broker.store.sqlite.Publishes.message;
import static labchat.broker.store.sqlite.Publishes.query;
import static labchat.broker.store.sqlite.Publishes.read;
import static labchat.broker.store.sqlite.Publishes.receipt;
import static labchat.broker.store.sqlite.Publishes.roomMessage;
import static labchat.broker.store.sqlite.Publishes.uuids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.MessageStore.HandOver;
import labchat.broker.store.StoreException;
import labchat.broker.store.sqlite.Publishes.Told;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages and receipts in a real file. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteMessagesTest {

    private static final Clock CLOCK = Clock.fixed(TIME, ZoneOffset.UTC);

    @TempDir
    private Path dir;

    private final Faults faults = new Faults();

    private SqliteStore open() {
        return open(SqliteSettings.STANDARD);
    }

    private SqliteStore open(SqliteSettings settings) {
        return SqliteStore.open(dir.resolve("chat.db"), settings, CLOCK, faults);
    }

    private static MessageId id(String sender, String receiver, String uuid) {
        return new MessageId(new ChatId(sender), new ChatId(receiver), new MessageUuid(uuid));
    }

    private static void eventually(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    /** What another process would see. */
    private List<String> rows(String sql) throws Exception {
        try (Connection connection = Database.openReader(dir.resolve("chat.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    @Test
    void message_kept_isThereAfterReopening() throws Exception {
        byte[] payload = "{\"sender\":\"ola\",\"receiver\":\"kari\",\"message\":\"Blåbær 🫐\\n\",\"uuid\":\"u1\"}"
                .getBytes(StandardCharsets.UTF_8);
        byte[] properties = {1, 0, -1};
        ChatMessage event =
                new ChatMessage(new ChatId("ola"), new ChatId("kari"), "Blåbær 🫐\n", new MessageUuid("u1"));
        long sequence;
        try (SqliteStore store = open()) {
            sequence = keep(store, new AcceptedPublish(TIME, event, false, payload, 2, properties));
        }

        try (SqliteStore store = open()) {
            List<KeptPublish> kept = read(store, all());

            assertThat(kept).hasSize(1);
            KeptPublish first = kept.get(0);
            assertThat(first.sequence())
                    .isEqualTo(sequence)
                    .isEqualTo(store.messages().lastSequence());
            assertThat(first.time()).isEqualTo(TIME);
            assertThat(first.kind()).isEqualTo(ChatKind.MESSAGE);
            assertThat(first.sender()).hasToString("ola");
            assertThat(first.receiver()).hasToString("kari");
            assertThat(first.uuid()).hasToString("u1");
            assertThat(first.payload()).isEqualTo(payload);
            assertThat(first.qos()).isEqualTo(2);
            assertThat(first.properties()).isEqualTo(properties);
            assertThat(first.receipted()).isFalse();
            assertThat(rows("SELECT text FROM event")).containsExactly("Blåbær 🫐\n");
            assertThat(rows("SELECT conversation FROM event")).containsExactly("kari ola");
            assertThat(rows("SELECT count(*) FROM journal")).containsExactly("0");
        }
    }

    /** What is kept is what was published, byte for byte, also if it is no JSON that SQLite can read. */
    @Test
    void payload_thatIsNoJson_isKeptAsItIs() throws Exception {
        byte[] payload = {'{', (byte) 0xff, (byte) 0xfe, '\'', '}'};
        ChatMessage event = new ChatMessage(new ChatId("a"), new ChatId("b"), "?", new MessageUuid("u"));
        try (SqliteStore store = open()) {
            keep(store, new AcceptedPublish(TIME, event, false, payload, 1, Publishes.NO_PROPERTIES));

            assertThat(read(store, all()).get(0).payload()).isEqualTo(payload);
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(rows("SELECT text FROM event")).containsExactly((String) null));
        }
    }

    @Test
    void typing_isNotTaken() {
        try (SqliteStore store = open()) {
            AcceptedPublish typing = new AcceptedPublish(
                    TIME,
                    new labchat.protocol.event.Typing(new ChatId("a"), new ChatId("b")),
                    false,
                    new byte[0],
                    0,
                    Publishes.NO_PROPERTIES);

            assertThatThrownBy(() -> store.messages().append(typing, new Told()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sequenceNumbers_riseAcrossRestarts() throws Exception {
        long first;
        try (SqliteStore store = open()) {
            assertThat(store.messages().lastSequence()).isZero();
            first = keep(store, message("a", "b", "1"));
            assertThat(keep(store, message("a", "b", "2"))).isGreaterThan(first);
        }
        try (SqliteStore store = open()) {
            assertThat(keep(store, message("a", "b", "3"))).isGreaterThan(first + 1);
            assertThat(uuids(store, all())).containsExactly("1", "2", "3");
        }
    }

    /** Its number was given to a receipt that was there already; somebody has been handed everything up to it. */
    @Test
    void sequenceNumbers_riseAboveEveryNoteAboutThem() throws Exception {
        try (SqliteStore store = open()) {
            keep(store, receipt(ChatKind.READ, "b", "a", "1", null));
            long repeated = keep(store, receipt(ChatKind.READ, "b", "a", "1", null));
            store.messages().handedOver(new ChatId("a"), new ChatId("a"), ChatKind.READ, repeated);
        }
        try (SqliteStore store = open()) {
            assertThat(read(store, all())).hasSize(1);
            assertThat(keep(store, receipt(ChatKind.READ, "b", "a", "2", null))).isGreaterThan(2);
        }
    }

    @Test
    void message_publishedAgain_isTheSame() throws Exception {
        try (SqliteStore store = open()) {
            faults.stopFilling(true);
            keep(store, message("a", "b", "1"));
            Told inJournal = new Told();
            assertThat(store.messages().append(message("a", "b", "1", "other", TIME), inJournal))
                    .isEqualTo(MessageStore.REPEATED);
            assertThat(inJournal.isDurable()).isTrue();

            faults.stopFilling(false);
            assertThat(uuids(store, all())).containsExactly("1");
            Told inTables = new Told();
            assertThat(store.messages().append(message("a", "b", "1"), inTables))
                    .isEqualTo(MessageStore.REPEATED);
            assertThat(inTables.isDurable()).isTrue();
        }
        try (SqliteStore store = open()) {
            Told later = new Told();
            assertThat(store.messages().append(message("a", "b", "1"), later)).isEqualTo(MessageStore.REPEATED);
            assertThat(later.isDurable()).isTrue();
            // Another sender, receiver or uuid is another message.
            for (AcceptedPublish other :
                    List.of(message("b", "a", "1"), message("a", "c", "1"), message("a", "b", "2"))) {
                assertThat(keep(store, other)).isPositive();
            }
        }
    }

    @Test
    void message_publishedManyTimesAtOnce_isKeptOnceAndAllAreTold() throws Exception {
        try (SqliteStore store = open()) {
            List<Told> outcomes = new ArrayList<>();
            List<Long> sequences = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                Told told = new Told();
                outcomes.add(told);
                sequences.add(store.messages().append(message("a", "b", "u" + i % 10), told));
            }

            for (Told told : outcomes) {
                assertThat(told.isDurable()).isTrue();
            }
            assertThat(sequences.stream().filter(sequence -> sequence != MessageStore.REPEATED))
                    .hasSize(10);
            assertThat(uuids(store, all())).hasSize(10);
        }
    }

    @Test
    void receipt_publishedAgain_getsItsNumberAndIsKeptOnce() throws Exception {
        try (SqliteStore store = open()) {
            long first = keep(store, receipt(ChatKind.DELIVERED, "b", "a", "1", null));
            assertThat(keep(store, receipt(ChatKind.DELIVERED, "b", "a", "1", null)))
                    .isGreaterThan(first);
            keep(store, receipt(ChatKind.READ, "b", "a", "1", null));
            keep(store, receipt(ChatKind.READ, "b", "a", "1", "room"));

            assertThat(read(store, all()).stream().map(kept -> kept.kind().level()))
                    .containsExactly("delivered", "read", "read");
        }
    }

    @Test
    void knows_isTrueOfWhatWasKept() throws Exception {
        try (SqliteStore store = open()) {
            faults.stopFilling(true);
            keep(store, message("a", "b", "1"));
            assertThat(store.messages().knows(id("a", "b", "1"))).isTrue();
            assertThat(store.messages().knows(id("a", "b", "2"))).isFalse();
            assertThat(store.messages().knows(id("b", "a", "1"))).isFalse();
            faults.stopFilling(false);
        }
        try (SqliteStore store = open()) {
            assertThat(store.messages().knows(id("a", "b", "1"))).isTrue();
            assertThat(store.messages().knows(id("a", "b", "2"))).isFalse();
        }
    }

    @Test
    void read_ofReceivers_givesTheirsInOrderWithinBounds() throws Exception {
        try (SqliteStore store = open()) {
            for (int i = 1; i <= 60; i++) {
                keep(store, message("a", List.of("b", "c", "d").get(i % 3), "" + i));
            }

            assertThat(uuids(store, query(Set.of("b"), 0, Long.MAX_VALUE, 3, null)))
                    .containsExactly("3", "6", "9");
            assertThat(uuids(store, query(Set.of("b"), 6, 12, 100, null))).containsExactly("9", "12");
            assertThat(uuids(store, query(Set.of("b", "c"), 0, Long.MAX_VALUE, 5, null)))
                    .containsExactly("1", "3", "4", "6", "7");
            assertThat(uuids(store, query(Set.of("b", "c"), 55, 59, 100, null))).containsExactly("57", "58");
            assertThat(uuids(store, query(Set.of(), 57, Long.MAX_VALUE, 100, null)))
                    .containsExactly("58", "59", "60");
            assertThat(uuids(store, query(Set.of("nobody"), 0, Long.MAX_VALUE, 5, null)))
                    .isEmpty();
            assertThat(uuids(store, query(Set.of("b", "c"), 0, Long.MAX_VALUE, 0, null)))
                    .isEmpty();
        }
    }

    @Test
    void read_ofAReader_saysWhatItHasReceipted() throws Exception {
        try (SqliteStore store = open()) {
            keep(store, message("a", "b", "1"));
            keep(store, message("a", "b", "2"));
            keep(store, roomMessage("a", "room", "3"));
            keep(store, roomMessage("a", "room", "4"));
            keep(store, receipt(ChatKind.DELIVERED, "b", "a", "1", null));
            keep(store, receipt(ChatKind.READ, "b", "a", "3", "room"));
            // Another's, and one for a message of another conversation.
            keep(store, receipt(ChatKind.READ, "c", "a", "4", "room"));
            keep(store, receipt(ChatKind.READ, "b", "a", "4", null));

            for (Set<String> receivers : List.of(Set.of("b", "room"), Set.<String>of())) {
                assertThat(read(store, query(receivers, 0, 4, 100, "b")).stream()
                                .map(KeptPublish::receipted))
                        .containsExactly(true, false, true, false);
            }
            assertThat(read(store, query(Set.of("room"), 0, 4, 100, "c")).stream()
                            .map(KeptPublish::receipted))
                    .containsExactly(false, true);
            assertThat(read(store, query(Set.of("b"), 0, 4, 100, null)).stream().map(KeptPublish::receipted))
                    .containsExactly(false, false);
        }
    }

    /** As after kill -9: the file as another process left it. */
    @Test
    void journal_ofAKilledBroker_isInTheTablesAtTheNextStart() throws Exception {
        Path copy = dir.resolve("copy/chat.db");
        Files.createDirectories(copy.getParent());
        faults.stopFilling(true);
        try (SqliteStore store = open()) {
            for (int i = 1; i <= 500; i++) {
                store.messages().append(message("a", "b", "" + i), new Told());
            }
            keep(store, message("a", "b", "last"));
            assertThat(rows("SELECT count(*) FROM event")).containsExactly("0");
            for (String suffix : List.of(RedoLog.SUFFIX, "", "-wal")) {
                // There is no redo log when all of it was committed by SQLite.
                if (Files.exists(dir.resolve("chat.db" + suffix))) {
                    Files.copy(dir.resolve("chat.db" + suffix), copy.resolveSibling("chat.db" + suffix));
                }
            }
        }

        try (SqliteStore store = SqliteStore.open(copy, SqliteSettings.STANDARD, CLOCK)) {
            assertThat(uuids(store, all()))
                    .containsExactlyElementsOf(java.util.stream.Stream.concat(
                                    IntStream.rangeClosed(1, 500).mapToObj(String::valueOf),
                                    java.util.stream.Stream.of("last"))
                            .toList());
            assertThat(store.messages().append(message("a", "b", "250"), new Told()))
                    .isEqualTo(MessageStore.REPEATED);
        }
    }

    /** Killed between two steps: some are in the tables, some in the journal, and none is in both or in neither. */
    @Test
    void journal_stoppedHalfWay_isFilledTheNextTime() throws Exception {
        faults.stopFilling(true);
        try (SqliteStore store = open()) {
            for (int i = 1; i <= 300; i++) {
                keepInARow(store, message("a", "b", "" + i));
            }
        }
        try (WriteConnection connection =
                new WriteConnection(dir.resolve("chat.db"), false, SqliteSettings.Sync.FULL, faults)) {
            connection.begin(false);
            connection.events().move(EventWriter.MANY_BYTES, count -> count >= 100);
            connection.commit();
            connection.begin(false);
            connection.events().move(EventWriter.MANY_BYTES, count -> count >= 100);
            connection.rollback();
        }
        assertThat(rows("SELECT count(*) FROM event")).containsExactly("100");

        faults.stopFilling(false);
        try (SqliteStore store = open()) {
            assertThat(uuids(store, all()))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 300)
                            .mapToObj(String::valueOf)
                            .toList());
            assertThat(rows("SELECT count(*) FROM message_text('hei')")).containsExactly("300");
        }
    }

    @Test
    void disk_full_failsWhatIsNewAndLosesNothing() throws Exception {
        String text = "x".repeat(4_000);
        Set<String> kept = new HashSet<>();
        List<String> failed = new ArrayList<>();
        try (SqliteStore store = open()) {
            for (int i = 0; i < 20; i++) {
                keep(store, message("a", "b", "before" + i, text, TIME));
                kept.add("before" + i);
            }
            faults.fillDisk();
            for (int i = 0; failed.size() < 50; i++) {
                Told told = new Told();
                store.messages().append(message("a", "b", "full" + i, text, TIME), told);
                if (told.isDurable()) {
                    kept.add("full" + i);
                } else {
                    failed.add("full" + i);
                }
            }
            assertThat(store.messages().problem()).contains("the disk is full");
            assertThat(store.messages().isBehind()).isFalse();
            assertThat(store.messages().knows(id("a", "b", failed.get(0)))).isFalse();
            assertThatThrownBy(() -> store.sessions()
                            .remove("a", "c")
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("the disk is full");

            faults.freeDisk();
            eventually(() -> store.messages().problem().isEmpty());
            for (String uuid : failed) {
                // Published again it is new.
                assertThat(keep(store, message("a", "b", uuid, text, TIME))).isPositive();
                kept.add(uuid);
            }
            assertThat(uuids(store, all())).containsExactlyInAnyOrderElementsOf(kept);
        }
        try (SqliteStore store = open()) {
            assertThat(store.messages().problem()).isEmpty();
            assertThat(uuids(store, all())).containsExactlyInAnyOrderElementsOf(kept);
        }
    }

    @Test
    void file_gone_refusesUntilItIsBack() throws Exception {
        Path file = dir.resolve("chat.db");
        Path away = dir.resolve("away.db");
        try (SqliteStore store = open()) {
            keep(store, message("a", "b", "1"));
            Files.move(file, away);
            eventually(() -> store.messages().problem().isPresent());
            assertThat(store.messages().problem()).contains("the file is gone");
            Told told = new Told();
            assertThat(store.messages().append(message("a", "b", "2"), told)).isPositive();
            assertThat(told.isDurable()).isFalse();
            assertThat(file).doesNotExist();

            Files.createFile(file);
            eventually(
                    () -> store.messages().problem().equals(java.util.Optional.of("the file was replaced by another")));

            Files.delete(file);
            Files.move(away, file);
            eventually(() -> store.messages().problem().isEmpty());
            keep(store, message("a", "b", "2"));
            assertThat(uuids(store, all())).containsExactly("1", "2");
        }
    }

    @Test
    void publishers_ofEightThreads_loseAndDoubleNothing() throws Exception {
        int threads = 8;
        int each = 6_250;
        Map<Long, String> sequences = new ConcurrentHashMap<>();
        CountDownLatch durable = new CountDownLatch(threads * each);
        try (SqliteStore store = open()) {
            List<Thread> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String sender = "user" + t;
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        String uuid = sender + "-" + i;
                        long sequence = store.messages().append(message(sender, "b", uuid), new MessageStore.Outcome() {
                            @Override
                            public void durable() {
                                durable.countDown();
                            }

                            @Override
                            public void failed() {
                                throw new IllegalStateException(uuid);
                            }
                        });
                        sequences.put(sequence, uuid);
                    }
                });
                thread.start();
                running.add(thread);
            }
            for (Thread thread : running) {
                thread.join();
            }
            assertThat(durable.await(60, TimeUnit.SECONDS)).isTrue();

            List<KeptPublish> kept = read(store, all());
            assertThat(kept).hasSize(threads * each);
            assertThat(sequences).hasSize(threads * each);
            assertThat(kept)
                    .allSatisfy(
                            publish -> assertThat(publish.uuid().value()).isEqualTo(sequences.get(publish.sequence())));
            // In the order in which each thread has appended them.
            for (int t = 0; t < threads; t++) {
                String prefix = "user" + t + "-";
                assertThat(kept.stream().map(publish -> publish.uuid().value()).filter(uuid -> uuid.startsWith(prefix)))
                        .containsExactlyElementsOf(IntStream.range(0, each)
                                .mapToObj(i -> prefix + i)
                                .toList());
            }
        }
    }

    /** While publishes move from the journal into the tables, a repeat must be found in the one or in the other. */
    @Test
    void messages_publishedAgainWhileTheyMove_areKeptOnce() throws Exception {
        int threads = 4;
        int messages = 5_000;
        Map<String, Long> sequences = new ConcurrentHashMap<>();
        Set<String> doubled = ConcurrentHashMap.newKeySet();
        CountDownLatch durable = new CountDownLatch(threads * messages);
        try (SqliteStore store = open()) {
            List<Thread> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < messages; i++) {
                        String uuid = "u" + i;
                        long sequence = store.messages().append(message("a", "b", uuid), new MessageStore.Outcome() {
                            @Override
                            public void durable() {
                                durable.countDown();
                            }

                            @Override
                            public void failed() {
                                throw new IllegalStateException(uuid);
                            }
                        });
                        if (sequence != MessageStore.REPEATED && sequences.put(uuid, sequence) != null) {
                            doubled.add(uuid);
                        }
                        if (i % 50 == 0) {
                            // Somebody wants to read, so that they move.
                            store.messages().read(query(Set.of("b"), i, i + 1, 1, null));
                        }
                    }
                });
                thread.start();
                running.add(thread);
            }
            for (Thread thread : running) {
                thread.join();
            }
            assertThat(durable.await(60, TimeUnit.SECONDS)).isTrue();

            assertThat(doubled).isEmpty();
            assertThat(sequences).hasSize(messages);
            assertThat(read(store, all()).stream().map(KeptPublish::sequence))
                    .containsExactlyElementsOf(
                            sequences.values().stream().sorted().toList());
        }
    }

    @Test
    void store_thatIsBehind_saysSoAndWhenItIsOver() throws Exception {
        SqliteSettings settings = new SqliteSettings(SqliteSettings.Sync.FULL, Duration.ZERO, 0, 100, 32 << 20);
        try (SqliteStore store = open(settings)) {
            faults.stopFilling(true);
            CompletableFuture<Boolean> atOnce = new CompletableFuture<>();
            store.messages().whenCaughtUp(() -> atOnce.complete(true));
            assertThat(atOnce).isDone();
            for (int i = 0; i <= 100; i++) {
                assertThat(store.messages().isBehind()).isFalse();
                keep(store, message("a", "b", "" + i));
            }
            eventually(() -> store.messages().isBehind());
            CompletableFuture<Boolean> later = new CompletableFuture<>();
            store.messages().whenCaughtUp(() -> later.complete(store.messages().isBehind()));
            assertThat(later).isNotDone();

            faults.stopFilling(false);
            assertThat(later.get(30, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void store_withTooMuchQueued_isBehindUntilItIsWritten() throws Exception {
        SqliteSettings settings = new SqliteSettings(SqliteSettings.Sync.FULL, Duration.ZERO, 0, 1_000, 1);
        try (SqliteStore store = open(settings)) {
            CompletableFuture<Boolean> resumed = new CompletableFuture<>();
            Told told = new Told();
            store.messages().append(message("a", "b", "1"), told);
            store.messages()
                    .whenCaughtUp(() -> resumed.complete(store.messages().isBehind()));

            assertThat(told.isDurable()).isTrue();
            assertThat(resumed.get(30, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void handedOver_noted_isThereAfterReopening() throws Exception {
        ChatId a = new ChatId("a");
        ChatId room = new ChatId("room");
        try (SqliteStore store = open()) {
            assertThat(store.messages().handedOver()).isEmpty();
            for (int i = 1; i <= 1_000; i++) {
                store.messages().handedOver(a, a, ChatKind.MESSAGE, i);
            }
            store.messages().handedOver(a, a, ChatKind.MESSAGE, 7);
            store.messages().handedOver(a, a, ChatKind.READ, 3);
            store.messages().handedOver(a, room, ChatKind.MESSAGE, 4);
            eventually(() -> rows("SELECT max(sequence) FROM handed_over").equals(List.of("1000")));
            assertThat(store.messages().handedOver()).isEmpty();
            store.messages().handedOver(a, room, ChatKind.MESSAGE, 9);
        }
        try (SqliteStore store = open()) {
            assertThat(store.messages().handedOver())
                    .isEqualTo(Map.of(
                            new HandOver(a, a, ChatKind.MESSAGE), 1_000L,
                            new HandOver(a, a, ChatKind.READ), 3L,
                            new HandOver(a, room, ChatKind.MESSAGE), 9L));
        }
    }

    @Test
    void publishes_olderThanTheRetention_areDeleted() throws Exception {
        Instant old = TIME.minus(Duration.ofDays(31));
        try (SqliteStore store = open()) {
            for (int i = 0; i < 1_000; i++) {
                store.messages().append(message("a", "b", "old" + i, "gammelt", old), new Told());
            }
            keep(store, receipt(ChatKind.READ, "b", "a", "old1", null));
            keep(store, message("a", "b", "new1"));
        }
        SqliteSettings settings = new SqliteSettings(SqliteSettings.Sync.FULL, Duration.ofDays(30), 0);
        try (SqliteStore store = open(settings)) {
            eventually(() ->
                    rows("SELECT count(*) FROM event WHERE kind = 'message'").equals(List.of("1")));

            assertThat(uuids(store, all())).containsExactly("old1", "new1");
            assertThat(rows("SELECT count(*) FROM message_text('gammelt')")).containsExactly("0");
            assertThat(rows("SELECT count(*) FROM message_text('hei')")).containsExactly("1");
            assertThat(keep(store, message("a", "b", "new2"))).isEqualTo(1_003);
        }
    }

    @Test
    void publishes_ofATooLargeFile_areDeletedFromTheOldestOn() throws Exception {
        String text = "x".repeat(4_000);
        try (SqliteStore store = open()) {
            for (int i = 0; i < 2_000; i++) {
                store.messages().append(message("a", "b", "" + i, text, TIME), new Told());
            }
            keep(store, message("a", "b", "newest"));
        }
        SqliteSettings settings = new SqliteSettings(SqliteSettings.Sync.FULL, Duration.ZERO, 4 << 20);
        try (SqliteStore store = open(settings)) {
            eventually(() -> Long.parseLong(rows("SELECT count(*) FROM event").get(0)) < 1_000);
            eventually(() -> Long.parseLong(rows("PRAGMA page_count").get(0)) < (8 << 20) / 4_096);
            assertThat(uuids(store, all())).contains("newest", "1999").doesNotContain("0", "500");
        }
    }

    @Test
    void store_closed_refuses() throws Exception {
        SqliteStore store = open();
        keep(store, message("a", "b", "1"));
        store.close();
        store.close();
        Told told = new Told();

        store.messages().append(message("a", "b", "2"), told);

        assertThat(told.isDurable()).isFalse();
        assertThatThrownBy(
                        () -> store.messages().read(all()).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.sessions().sessions()).isInstanceOf(StoreException.class);
    }
}
