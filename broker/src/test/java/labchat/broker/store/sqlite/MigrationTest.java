package labchat.broker.store.sqlite;

import static labchat.broker.store.sqlite.Publishes.TIME;
import static labchat.broker.store.sqlite.Publishes.all;
import static labchat.broker.store.sqlite.Publishes.keep;
import static labchat.broker.store.sqlite.Publishes.message;
import static labchat.broker.store.sqlite.Publishes.query;
import static labchat.broker.store.sqlite.Publishes.read;
import static labchat.broker.store.sqlite.Publishes.receipt;
import static labchat.broker.store.sqlite.Publishes.uuids;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.sqlite.Publishes.Told;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of version 1 is brought to the present one, with what its broker has left in the journal. */
class MigrationTest {

    private static final Clock CLOCK = Clock.fixed(TIME, ZoneOffset.UTC);

    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void make() throws Exception {
        file = dir.resolve("chat.db");
        try (Connection connection = Database.openWriter(file, true);
                Statement statement = connection.createStatement()) {
            for (String sql : script().split(";\n")) {
                statement.execute(sql);
            }
            // Version 1 numbered the rows of the journal from 1 on.
            addToJournal(connection, 6, "6", "7");
            addToJournal(connection, 8, "8");
        }
    }

    private static String script() throws IOException {
        try (InputStream in = MigrationTest.class.getResourceAsStream("store-v1.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void addToJournal(Connection connection, long first, String... uuids) throws Exception {
        JournalCodec codec = new JournalCodec();
        codec.begin();
        for (int i = 0; i < uuids.length; i++) {
            codec.add(first + i, message("a", "b", uuids[i]), uuids[i]);
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO journal (first_sequence, last_sequence, publishes) VALUES (?, ?, ?)")) {
            insert.setLong(1, first);
            insert.setLong(2, first + uuids.length - 1);
            insert.setBytes(3, codec.end());
            insert.executeUpdate();
        }
    }

    private List<String> rows(String sql) throws Exception {
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

    private SqliteStore open(Faults faults) {
        return SqliteStore.open(file, SqliteSettings.STANDARD, CLOCK, faults);
    }

    private void checkEverything(SqliteStore store) throws Exception {
        assertThat(rows("PRAGMA user_version")).containsExactly("" + Schema.VERSION);
        assertThat(uuids(store, all())).containsExactly("1", "1", "2", "2", "Odd\"'uuid!", "6", "7", "8");
        assertThat(read(store, query(Set.of("b", "room"), 0, Long.MAX_VALUE, 10, "b")).stream()
                        .map(KeptPublish::receipted))
                .containsExactly(true, true, false, false, false);
        for (String uuid : List.of("1", "7", "8")) {
            assertThat(store.messages().append(message("a", "b", uuid), new Told()))
                    .isEqualTo(MessageStore.REPEATED);
        }
        MessageId odd = new MessageId(new ChatId("b"), new ChatId("a"), new MessageUuid("Odd\"'uuid!"));
        assertThat(store.messages().knows(odd)).isTrue();
        // The index of uuids knows no upper case, but those who ask it do.
        assertThat(store.messages().knows(new MessageId(odd.sender(), odd.receiver(), new MessageUuid("odd\"'uuid!"))))
                .isFalse();
    }

    @Test
    void file_ofVersion1_hasEverythingAfterwards() throws Exception {
        try (SqliteStore store = open(new Faults())) {
            checkEverything(store);
            assertThat(keep(store, receipt(ChatKind.DELIVERED, "b", "a", "1", null)))
                    .isGreaterThan(8);
            assertThat(uuids(store, query(Set.of("a"), 0, Long.MAX_VALUE, 10, null)))
                    .containsExactly("1", "2", "Odd\"'uuid!");
        }
        assertThat(rows("SELECT count(*) FROM journal")).containsExactly("0");
        assertThat(rows("SELECT name FROM sqlite_schema WHERE name = 'event_identity'"))
                .isEmpty();
        assertThat(rows("PRAGMA integrity_check")).containsExactly("ok");
        try (SqliteStore store = open(new Faults())) {
            assertThat(uuids(store, all())).hasSize(8);
        }
    }

    @Test
    void journal_ofVersion1_isReadBeforeItIsMoved() throws Exception {
        Faults faults = new Faults();
        faults.stopFilling(true);
        try (SqliteStore store = open(faults)) {
            checkEverything(store);
        }
        assertThat(rows("SELECT id FROM journal ORDER BY id")).containsExactly("6", "8");
    }

    @Test
    void file_ofVersion1_isExportedAsItIs() throws Exception {
        List<HistoryEntry> exported = new ArrayList<>();
        HistoryExport.run(
                file, new HistoryExport.Filter(Optional.empty(), Optional.empty(), Optional.empty()), exported::add);

        assertThat(exported.stream().map(entry -> entry.message().uuid().value()))
                .containsExactly("1", "2", "Odd\"'uuid!", "6", "7", "8");
        assertThat(exported.get(0).delivered()).containsOnlyKeys(new ChatId("b"));
        assertThat(exported.get(1).read()).containsOnlyKeys(new ChatId("b"));
        assertThat(rows("PRAGMA user_version")).containsExactly("1");
    }
}
