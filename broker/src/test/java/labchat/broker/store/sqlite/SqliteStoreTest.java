package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.all;
import static labchat.broker.store.sqlite.Publishes.keep;
import static labchat.broker.store.sqlite.Publishes.message;
import static labchat.broker.store.sqlite.Publishes.uuids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import labchat.broker.store.AccountStore.KeptAccount;
import labchat.broker.store.KeptSession;
import labchat.broker.store.KeptSession.KeptSubscription;
import labchat.broker.store.RoomStore.KeptRoom;
import labchat.broker.store.StoreException;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opening the file, and what is kept beside messages. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteStoreTest {

    private static final Clock CLOCK = Clock.fixed(TIME, ZoneOffset.UTC);

    @TempDir
    private Path dir;

    private SqliteStore open() {
        return SqliteStore.open(dir.resolve("chat.db"), SqliteSettings.STANDARD, CLOCK);
    }

    private static void done(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void refuses(String... words) {
        Throwable problem = catchThrowable(this::open);
        assertThat(problem).isInstanceOf(StoreException.class);
        assertThat(problem.getMessage())
                .startsWith(dir.resolve("chat.db").toString())
                .contains(words)
                .hasLineCount(1);
    }

    private void change(String sql) throws Exception {
        try (Connection connection = Database.openWriter(dir.resolve("chat.db"), true);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Test
    void directory_missing_isMade() throws Exception {
        Path file = dir.resolve("some/where/chat.db");
        try (SqliteStore store = SqliteStore.open(file, SqliteSettings.STANDARD, CLOCK)) {
            keep(store, message("a", "b", "1"));
        }
        assertThat(file).isNotEmptyFile();
        try (Stream<Path> files = Files.list(file.getParent())) {
            // A clean end leaves nothing in the write-ahead log.
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("chat.db", "chat.db.lock");
        }
    }

    @Test
    void directory_thatCannotBeMade_isNamed() throws Exception {
        Files.writeString(dir.resolve("data"), "");

        assertThatThrownBy(() -> SqliteStore.open(dir.resolve("data/x/chat.db"), SqliteSettings.STANDARD, CLOCK))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(dir.resolve("data/x").toString())
                .hasMessageContaining("name another data_dir");
    }

    @Test
    void file_thatIsNoDatabase_isRefusedAndLeftAlone() throws Exception {
        Files.writeString(dir.resolve("chat.db"), "This is no database. ".repeat(500));

        refuses("is damaged", "broker.jar restore FILE", "move the file away to start empty");
        assertThat(dir.resolve("chat.db")).hasContent("This is no database. ".repeat(500));
    }

    @Test
    void file_damagedInTheMiddle_isRefused() throws Exception {
        try (SqliteStore store = open()) {
            for (int i = 0; i < 300; i++) {
                keep(store, message("a", "b", "" + i));
            }
        }
        try (FileChannel file = FileChannel.open(dir.resolve("chat.db"), StandardOpenOption.WRITE)) {
            byte[] noise = new byte[40_000];
            java.util.Arrays.fill(noise, (byte) 0x5a);
            file.write(ByteBuffer.wrap(noise), file.size() / 3);
        }

        refuses("is damaged", "broker.jar restore FILE");
    }

    @Test
    void journalRow_damaged_isRefused() throws Exception {
        open().close();
        change("INSERT INTO journal (first_sequence, last_sequence, publishes) VALUES (1, 1, x'0102030405060708')");

        refuses("is damaged", "checksum", "broker.jar restore FILE");
    }

    @Test
    void file_ofANewerBroker_isRefused() throws Exception {
        open().close();
        change("PRAGMA user_version = 99");

        refuses("newer broker", "version 99", "this broker knows 2");
    }

    @Test
    void file_ofAnotherProgram_isRefused() throws Exception {
        change("CREATE TABLE guests (name TEXT)");

        refuses("another program", "name another data_dir");
    }

    @Test
    void file_thatIsEmpty_isTaken() throws Exception {
        Files.createFile(dir.resolve("chat.db"));
        try (SqliteStore store = open()) {
            keep(store, message("a", "b", "1"));
            assertThat(uuids(store, all())).containsExactly("1");
        }
    }

    @Test
    void store_openTwice_isRefusedUntilTheFirstIsClosed() throws Exception {
        try (SqliteStore store = open()) {
            refuses(
                    "is open in another broker",
                    "(process " + ProcessHandle.current().pid() + ")");
            keep(store, message("a", "b", "1"));
        }
        open().close();
    }

    @Test
    void sessions_savedChangedAndRemoved_areThereAfterReopening() throws Exception {
        KeptSubscription plain = new KeptSubscription("ttm4175/chat/a/#", 1, false, false, 0, 0);
        KeptSubscription fancy = new KeptSubscription("ttm4175/+/x", 2, true, true, 2, 268_435_455);
        KeptSession first = new KeptSession("a", "phone", Optional.empty(), 3, List.of(plain, fancy));
        KeptSession second = new KeptSession("", "nameless", Optional.of(TIME), 0, List.of());
        try (SqliteStore store = open()) {
            assertThat(store.sessions().sessions()).isEmpty();
            done(store.sessions().save(new KeptSession("a", "phone", Optional.of(TIME), 1, List.of(fancy))));
            done(store.sessions().save(first));
            done(store.sessions().save(second));
            done(store.sessions().save(new KeptSession("a", "gone", Optional.empty(), 0, List.of(plain))));
            done(store.sessions().remove("a", "gone"));
            done(store.sessions().remove("a", "never there"));
            assertThat(store.sessions().sessions()).containsExactlyInAnyOrder(sorted(first), second);
        }
        try (SqliteStore store = open()) {
            assertThat(store.sessions().sessions()).containsExactlyInAnyOrder(sorted(first), second);
        }
    }

    /** Subscriptions come in the order of their filters. */
    private static KeptSession sorted(KeptSession session) {
        return new KeptSession(
                session.user(),
                session.clientId(),
                session.expires(),
                session.position(),
                session.subscriptions().stream()
                        .sorted(java.util.Comparator.comparing(KeptSubscription::filter))
                        .toList());
    }

    @Test
    void positions_noted_areThereAfterReopening() throws Exception {
        try (SqliteStore store = open()) {
            done(store.sessions().save(new KeptSession("a", "phone", Optional.empty(), 3, List.of())));
            for (int i = 0; i <= 500; i++) {
                store.sessions().position("a", "phone", i);
            }
            store.sessions().position("a", "nobody", 900);
            assertThat(store.sessions().sessions())
                    .extracting(KeptSession::position)
                    .containsExactly(500L);
            store.sessions().position("a", "phone", 501);
        }
        try (SqliteStore store = open()) {
            assertThat(store.sessions().sessions())
                    .extracting(KeptSession::position)
                    .containsExactly(501L);
            assertThat(keep(store, message("a", "b", "1"))).isGreaterThan(501);
        }
    }

    /** What was noted of the old session says nothing about a new one with the same name. */
    @Test
    void position_notedBeforeTheSessionIsSaved_doesNotCount() throws Exception {
        try (SqliteStore store = open()) {
            store.sessions().position("a", "phone", 900);
            done(store.sessions().save(new KeptSession("a", "phone", Optional.empty(), 3, List.of())));

            assertThat(store.sessions().sessions())
                    .extracting(KeptSession::position)
                    .containsExactly(3L);
        }
    }

    @Test
    void rooms_changed_areThereAfterReopening() throws Exception {
        ChatId open = new ChatId("open");
        ChatId closed = new ChatId("closed");
        ChatId a = new ChatId("a");
        ChatId b = new ChatId("b");
        ChatId c = new ChatId("c");
        KeptRoom first = new KeptRoom(open, true, a, TIME, Set.of(a), Set.of());
        List<KeptRoom> expected = List.of(
                new KeptRoom(closed, false, b, TIME, Set.of(b, a), Set.of()),
                new KeptRoom(open, true, a, TIME, Set.of(a, c), Set.of()));
        try (SqliteStore store = open()) {
            done(store.rooms().create(first));
            done(store.rooms().addMember(open, b, TIME));
            done(store.rooms().addMember(open, c, TIME));
            done(store.rooms().removeMember(open, b));
            done(store.rooms().create(new KeptRoom(closed, false, b, TIME, Set.of(b), Set.of(c))));
            done(store.rooms().invite(closed, a));
            assertThat(store.rooms().rooms().get(0).invited()).containsExactlyInAnyOrder(a, c);
            done(store.rooms().addMember(closed, a, TIME));
            done(store.rooms().removeMember(closed, c));
            done(store.rooms().create(new KeptRoom(new ChatId("gone"), true, a, TIME, Set.of(a), Set.of(b))));
            done(store.rooms().remove(new ChatId("gone")));
            assertThat(store.rooms().rooms()).isEqualTo(expected);
        }
        try (SqliteStore store = open()) {
            assertThat(store.rooms().rooms()).isEqualTo(expected);
        }
    }

    @Test
    void room_thatExists_isNotMadeAgainAndTheOthersAre() throws Exception {
        ChatId a = new ChatId("a");
        try (SqliteStore store = open()) {
            done(store.rooms().create(new KeptRoom(new ChatId("r"), true, a, TIME, Set.of(a), Set.of())));
            CompletionStage<Void> again = store.rooms()
                    .create(new KeptRoom(
                            new ChatId("r"), false, new ChatId("b"), TIME, Set.of(new ChatId("b")), Set.of()));
            CompletionStage<Void> other =
                    store.rooms().create(new KeptRoom(new ChatId("s"), true, a, TIME, Set.of(), Set.of()));

            assertThatThrownBy(() -> again.toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("the room r exists already");
            done(other);
            assertThat(store.rooms().rooms())
                    .containsExactly(
                            new KeptRoom(new ChatId("r"), true, a, TIME, Set.of(a), Set.of()),
                            new KeptRoom(new ChatId("s"), true, a, TIME, Set.of(), Set.of()));
        }
    }

    @Test
    void accounts_noted_areThereAfterReopening() throws Exception {
        ChatId a = new ChatId("a");
        ChatId b = new ChatId("b");
        Instant later = TIME.plusSeconds(60);
        try (SqliteStore store = open()) {
            assertThat(store.accounts().lastAlive()).isEmpty();
            store.accounts().loggedIn(a, TIME);
            store.accounts().presence(a, true, TIME);
            assertThat(store.accounts().accounts())
                    .containsExactly(new KeptAccount(a, Optional.of(TIME), Optional.of(TIME), true, Optional.of(TIME)));
            store.accounts().loggedIn(a, later);
            store.accounts().presence(a, true, later);
            store.accounts().presence(a, false, later);
            store.accounts().loggedIn(b, TIME);
            store.accounts().loggedIn(b, later);
        }
        try (SqliteStore store = open()) {
            assertThat(store.accounts().accounts())
                    .containsExactly(
                            new KeptAccount(a, Optional.of(TIME), Optional.of(later), false, Optional.of(later)),
                            new KeptAccount(b, Optional.of(TIME), Optional.of(later), false, Optional.empty()));
            assertThat(store.accounts().lastAlive()).contains(TIME);
        }
    }
}
