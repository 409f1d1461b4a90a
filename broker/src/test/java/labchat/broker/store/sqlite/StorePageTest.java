package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.keep;
import static labchat.broker.store.sqlite.Publishes.message;
import static labchat.broker.store.sqlite.Publishes.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import labchat.broker.store.KeptSession;
import labchat.broker.store.RoomStore.KeptRoom;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/store.md tells the truth. */
class StorePageTest {

    @TempDir
    private Path dir;

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/store.md"));
    }

    private static List<String> queries() throws IOException {
        return Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
                .matcher(page())
                .results()
                .map(MatchResult::group)
                .map(block -> block.replace("```sql", "").replace("```", ""))
                .toList();
    }

    @Test
    void queries_ofThePage_findSomething() throws Exception {
        ChatId user = new ChatId("team2a");
        Path file = dir.resolve("chat.db");
        try (SqliteStore store = SqliteStore.open(file, SqliteSettings.STANDARD, Clock.fixed(TIME, ZoneOffset.UTC))) {
            keep(store, message("team1a", "team2a", "1"));
            keep(store, message("team2a", "team1a", "2", "Hello there", TIME));
            keep(store, receipt(ChatKind.READ, "team2a", "team1a", "1", null));
            store.accounts().loggedIn(user, TIME);
            store.rooms()
                    .create(new KeptRoom(new ChatId("group_1"), true, user, TIME, Set.of(user), Set.of()))
                    .toCompletableFuture()
                    .join();
            store.sessions()
                    .save(new KeptSession(
                            "team2a",
                            "phone",
                            Optional.empty(),
                            1,
                            List.of(new KeptSession.KeptSubscription("ttm4175/chat/team2a/#", 1, false, false, 0, 0))))
                    .toCompletableFuture()
                    .join();
        }

        assertThat(queries()).hasSizeGreaterThan(6);
        try (Connection connection = Database.openReader(file);
                Statement statement = connection.createStatement()) {
            for (String query : queries()) {
                try (ResultSet rows = statement.executeQuery(query)) {
                    assertThat(rows.next()).as(query).isTrue();
                }
            }
        }
    }

    @Test
    void tables_ofTheFile_areAllOnThePage() throws Exception {
        Path file = dir.resolve("chat.db");
        SqliteStore.open(file, SqliteSettings.STANDARD, Clock.systemUTC()).close();
        String page = page();
        try (Connection connection = Database.openReader(file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table'"
                        + " AND name NOT LIKE 'message_text_%' AND name NOT LIKE 'event_uuid_%'"
                        + " AND name NOT LIKE 'sqlite_%'")) {
            while (rows.next()) {
                assertThat(page).contains("`%s`".formatted(rows.getString(1)));
            }
        }
    }
}
