package labchat.broker.store.sqlite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import labchat.broker.store.StoreException;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserDeletionTest {

    private static final ChatId TEAM1A = new ChatId("team1a");

    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void fill() throws SQLException {
        file = dir.resolve("chat.db");
        try (HistoryRows rows = new HistoryRows(file)) {
            rows.message("team1a", "team2a", "written", "secretword common");
            rows.receipt("read", "team2a", "team1a", "written", null);
            rows.message("team2a", "team1a", "got", "othersecret common");
            rows.receipt("read", "team1a", "team2a", "got", null);
            rows.message("team2a", "team3a", "others", "common");
            rows.receipt("read", "team3a", "team2a", "others", null);
            rows.roomMessage("team1a", "group_1", "mine", "roomsecret common");
            rows.receipt("read", "team2a", "team1a", "mine", "group_1");
            rows.roomMessage("team2a", "group_1", "theirs", "common");
            rows.receipt("read", "team1a", "team2a", "theirs", "group_1");
            rows.receipt("read", "team3a", "team2a", "theirs", "group_1");
        }
    }

    private List<String> strings(String sql) throws SQLException {
        try (HistoryRows rows = new HistoryRows(file);
                Statement statement = rows.connection().createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> strings = new ArrayList<>();
            while (found.next()) {
                strings.add(found.getString(1));
            }
            return strings;
        }
    }

    @Test
    void count_ofAUser_isWhatWouldBeDeleted() {
        try (UserDeletion deletion = UserDeletion.open(file, TEAM1A)) {
            assertThat(deletion.count()).isEqualTo(new UserDeletion.Count(3, 4));
        }
    }

    @Test
    void run_deletesWhatIsTheUsersAndNothingElse() throws SQLException {
        try (UserDeletion deletion = UserDeletion.open(file, TEAM1A)) {
            deletion.run();
            assertThat(deletion.count()).isEqualTo(new UserDeletion.Count(0, 0));
        }

        assertThat(strings("SELECT kind || ' ' || sender || ' ' || uuid FROM event ORDER BY sequence"))
                .containsExactly(
                        "message team2a others", "read team3a others", "message team2a theirs", "read team3a theirs");
        assertThat(strings("SELECT rowid FROM message_text WHERE message_text MATCH 'common'"))
                .hasSize(2);
        assertThat(strings("SELECT rowid FROM message_text WHERE message_text MATCH 'secretword'"))
                .isEmpty();
        // Fails if the index of words and the messages do not agree.
        assertThat(strings("INSERT INTO message_text (message_text) VALUES ('integrity-check') RETURNING 1"))
                .isNotNull();
    }

    @Test
    void run_leavesNoTraceInTheFile() throws Exception {
        try (UserDeletion deletion = UserDeletion.open(file, TEAM1A)) {
            deletion.run();
        }
        String bytes = Files.readString(file, ISO_8859_1);
        assertThat(bytes)
                .doesNotContain("secretword", "othersecret", "roomsecret")
                .contains("common");
        assertThat(dir.resolve("chat.db-wal")).doesNotExist();
    }

    @Test
    void run_forARoom_leavesItsMessages() throws SQLException {
        try (UserDeletion deletion = UserDeletion.open(file, new ChatId("group_1"))) {
            assertThat(deletion.count()).isEqualTo(new UserDeletion.Count(0, 0));
            deletion.run();
        }
        assertThat(strings("SELECT 1 FROM event")).hasSize(11);
    }

    @Test
    void open_whileABrokerHasTheStore_isRefused() {
        DirectoryLock broker = DirectoryLock.take(file.toAbsolutePath());
        try {
            assertThatThrownBy(() -> UserDeletion.open(file, TEAM1A))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another broker");
        } finally {
            broker.close();
        }
        UserDeletion.open(file, TEAM1A).close();
    }

    @Test
    void open_missingFile_makesNone() {
        Path nowhere = dir.resolve("other.db");
        assertThatThrownBy(() -> UserDeletion.open(nowhere, TEAM1A)).hasMessageContaining("no such file");
        assertThat(dir.resolve("other.db.lock")).doesNotExist();
        assertThat(nowhere).doesNotExist();
    }
}
