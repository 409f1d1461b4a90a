package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.all;
import static labchat.broker.store.sqlite.Publishes.keep;
import static labchat.broker.store.sqlite.Publishes.message;
import static labchat.broker.store.sqlite.Publishes.uuids;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import labchat.broker.store.MessageStore;
import labchat.broker.store.sqlite.Publishes.Told;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stores that brokers of each version of the tables have written, and were killed with, come through whole. The scripts
 * were written by {@code broker/src/test/store/dump}.
 */
class ReleasedStoresTest {

    private static final String V1 = "store-v1-dd3dd98.sql";
    private static final String V2 = "store-v2-3716ecb.sql";
    private static final Clock CLOCK = Clock.fixed(Publishes.TIME, ZoneOffset.UTC);

    @TempDir
    private Path dir;

    private Path file(String script) throws Exception {
        Path file = dir.resolve("chat.db");
        try (InputStream in = ReleasedStoresTest.class.getResourceAsStream(script)) {
            assertThat(in).as(script).isNotNull();
            String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            try (Connection connection = Database.openWriter(file, true);
                    Statement statement = connection.createStatement()) {
                for (String line : sql.split(";\n")) {
                    statement.execute(line);
                }
            }
        }
        return file;
    }

    private static List<String> rows(Path file, String sql) throws Exception {
        try (Connection connection = Database.openReader(file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private static SqliteStore open(Path file) {
        return SqliteStore.open(file, SqliteSettings.STANDARD, CLOCK, new Faults());
    }

    @ParameterizedTest
    @ValueSource(strings = {V1, V2})
    void store_ofEachReleasedVersion_comesThroughWhole(String script) throws Exception {
        Path file = file(script);
        assertThat(rows(file, "PRAGMA user_version")).containsExactly(script.replaceAll("store-v(\\d+)-.*", "$1"));
        assertThat(rows(file, "SELECT count(*) FROM journal"))
                .as("rows in the journal")
                .isNotEqualTo(List.of("0"));

        try (SqliteStore store = open(file)) {
            assertThat(uuids(store, all())).hasSize(7).contains("Odd-uuid.1").endsWith("last");
            assertThat(store.messages()
                            .knows(new MessageId(
                                    new ChatId("team2a"), new ChatId("team1a"), new MessageUuid("Odd-uuid.1"))))
                    .isTrue();
            // What is known already, whether it was in the tables or still in the journal, is not kept again.
            for (String uuid : List.of("Odd-uuid.1", "last")) {
                assertThat(store.messages().append(message("team2a", "team1a", uuid), new Told()))
                        .isEqualTo(MessageStore.REPEATED);
            }
            assertThat(store.sessions().sessions()).singleElement().satisfies(session -> {
                assertThat(session.user()).isEqualTo("team2b");
                assertThat(session.clientId()).isEqualTo("away-client");
                assertThat(session.subscriptions()).hasSize(1);
            });
            assertThat(store.rooms().rooms()).singleElement().satisfies(room -> {
                assertThat(room.id()).isEqualTo(new ChatId("corner"));
                assertThat(room.members()).containsExactly(new ChatId("team2a"));
            });
            assertThat(store.accounts().accounts()).hasSize(3);
            assertThat(keep(store, message("team1a", "team2a", "new"))).isGreaterThan(7);
        }
        assertThat(rows(file, "PRAGMA user_version")).containsExactly("" + Schema.VERSION);
        assertThat(rows(file, "PRAGMA integrity_check")).containsExactly("ok");
        assertThat(rows(
                        file,
                        "SELECT text FROM event WHERE sequence IN (SELECT rowid FROM message_text('text : æøå'))"))
                .containsExactly("first, with æøå and \"quotes\"");
        try (SqliteStore store = open(file)) {
            assertThat(uuids(store, all())).hasSize(8).endsWith("new");
        }
    }

    /** Whoever raises the version adds a store that the version before has written. */
    @Test
    void everyVersion_hasAStoreHere() throws IOException {
        List<String> scripts = List.of(V1, V2);

        assertThat(IntStream.rangeClosed(1, Schema.VERSION).boxed())
                .allSatisfy(version ->
                        assertThat(scripts).anyMatch(script -> script.startsWith("store-v%d-".formatted(version))));
    }
}
