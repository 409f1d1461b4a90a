package labchat.broker.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.StoreException;
import labchat.broker.store.sqlite.HistoryExport.Filter;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file is open in another connection all the time, as it is beside a running broker. */
class HistoryExportTest {

    private static final Filter ALL = filter(null, null, null);
    private static final ChatId TEAM1A = new ChatId("team1a");
    private static final ChatId TEAM2A = new ChatId("team2a");

    @TempDir
    private Path dir;

    private Path file;
    private HistoryRows rows;

    @BeforeEach
    void open() throws SQLException {
        file = dir.resolve("chat.db");
        rows = new HistoryRows(file);
    }

    @AfterEach
    void close() throws SQLException {
        rows.close();
    }

    private static Filter filter(String with, String user, Instant since) {
        return new Filter(
                Optional.ofNullable(with).map(ChatId::new),
                Optional.ofNullable(user).map(ChatId::new),
                Optional.ofNullable(since));
    }

    private List<HistoryEntry> export(Filter filter) {
        List<HistoryEntry> entries = new ArrayList<>();
        long count = HistoryExport.run(file, filter, entries::add);
        assertThat(entries).hasSize((int) count);
        return entries;
    }

    private List<String> uuids(Filter filter) {
        return export(filter).stream()
                .map(entry -> entry.message().uuid().value())
                .toList();
    }

    /** Puts publishes where the writer puts them before it acknowledges them. */
    private void journal(long firstSequence, ChatEvent... events) throws SQLException {
        JournalCodec codec = new JournalCodec();
        codec.begin();
        long sequence = firstSequence;
        for (ChatEvent event : events) {
            boolean room =
                    event instanceof ChatMessage && event.receiver().value().startsWith("group");
            String uuid = event instanceof ChatMessage message
                    ? message.uuid().value()
                    : ((Receipt) event).uuid().value();
            byte[] payload = (event instanceof ChatMessage message
                            ? "{\"sender\":\"%s\",\"receiver\":\"%s\",\"message\":\"%s\",\"uuid\":\"%s\"}"
                                    .formatted(event.sender(), event.receiver(), message.text(), uuid)
                            : "{}")
                    .getBytes(UTF_8);
            codec.add(
                    sequence,
                    new AcceptedPublish(HistoryRows.time(sequence), event, room, payload, 1, new byte[0]),
                    uuid);
            sequence++;
        }
        try (PreparedStatement insert = rows.connection()
                .prepareStatement("INSERT INTO journal (first_sequence, last_sequence, publishes) VALUES (?, ?, ?)")) {
            insert.setLong(1, firstSequence);
            insert.setLong(2, sequence - 1);
            insert.setBytes(3, codec.end());
            insert.executeUpdate();
        }
    }

    private static ChatMessage message(String sender, String receiver, String text, String uuid) {
        return new ChatMessage(new ChatId(sender), new ChatId(receiver), text, new MessageUuid(uuid));
    }

    @Test
    void export_all_isInOrderWithTheTimesOfReceipts() throws SQLException {
        rows.message("team1a", "team2a", "a", "blå \"😀\"\n");
        long read = rows.receipt("read", "team2a", "team1a", "a", null);
        rows.roomMessage("team3a", "group_1", "b", "2");

        assertThat(export(ALL))
                .containsExactly(
                        new HistoryEntry(
                                message("team1a", "team2a", "blå \"😀\"\n", "a"),
                                HistoryRows.time(1),
                                false,
                                Map.of(),
                                Map.of(TEAM2A, HistoryRows.time(read))),
                        new HistoryEntry(
                                message("team3a", "group_1", "2", "b"), HistoryRows.time(3), true, Map.of(), Map.of()));
    }

    @Test
    void export_filtered_isWhatWasAskedFor() throws SQLException {
        rows.message("team1a", "team2a", "a", "1");
        rows.message("team2a", "team1a", "b", "2");
        rows.message("team2a", "team3a", "c", "3");
        rows.roomMessage("team1a", "group_1", "d", "4");
        rows.roomMessage("team3a", "group_1", "e", "5");
        journal(6, message("team1a", "team3a", "6", "f"), message("team3a", "group_1", "7", "g"));

        assertThat(uuids(ALL)).containsExactly("a", "b", "c", "d", "e", "f", "g");
        assertThat(uuids(filter("team1a", null, null))).containsExactly("a", "b", "d", "f");
        assertThat(uuids(filter(null, "team1a", null))).containsExactly("a", "b", "d", "f");
        assertThat(uuids(filter("team2a", "team1a", null))).containsExactly("a", "b");
        assertThat(uuids(filter("group_1", null, null))).containsExactly("d", "e", "g");
        assertThat(uuids(filter("group_1", "team3a", null))).containsExactly("e", "g");
        assertThat(uuids(filter(null, null, HistoryRows.time(3)))).containsExactly("c", "d", "e", "f", "g");
        assertThat(uuids(filter("team3a", null, HistoryRows.time(7)))).containsExactly("g");
        assertThat(uuids(filter("nobody", null, null))).isEmpty();
    }

    @Test
    void export_whatIsOnlyInTheJournal_isThereOnce() throws SQLException {
        rows.message("team1a", "team2a", "a", "1");
        journal(
                2,
                message("team1a", "team2a", "again", "a"),
                message("team1a", "team2a", "blåbær", "b"),
                message("team1a", "team2a", "again", "b"),
                new Receipt(ChatKind.DELIVERED, TEAM2A, TEAM1A, new MessageUuid("a")),
                new Receipt(ChatKind.READ, TEAM2A, TEAM1A, new MessageUuid("b")),
                new Receipt(ChatKind.READ, TEAM2A, TEAM1A, new MessageUuid("b")));
        journal(8, new Receipt(ChatKind.READ, new ChatId("team3a"), TEAM1A, new MessageUuid("a")));

        List<HistoryEntry> entries = export(ALL);

        assertThat(entries)
                .containsExactly(
                        new HistoryEntry(
                                message("team1a", "team2a", "1", "a"),
                                HistoryRows.time(1),
                                false,
                                Map.of(TEAM2A, HistoryRows.time(5)),
                                Map.of()),
                        new HistoryEntry(
                                message("team1a", "team2a", "blåbær", "b"),
                                HistoryRows.time(3),
                                false,
                                Map.of(),
                                Map.of(TEAM2A, HistoryRows.time(6))));
    }

    @Test
    void export_changesNothing() throws SQLException {
        journal(1, message("team1a", "team2a", "1", "a"));

        assertThat(uuids(ALL)).containsExactly("a");
        assertThat(uuids(ALL)).containsExactly("a");
    }

    @Test
    void export_missingFile_saysWhatToDo() {
        Path nowhere = dir.resolve("nowhere/chat.db");
        assertThatThrownBy(() -> HistoryExport.run(nowhere, ALL, entry -> {}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no such file")
                .hasMessageContaining("--data");
        assertThat(nowhere.getParent()).doesNotExist();
    }

    @Test
    void export_fileOfAnotherProgram_isRefused() throws Exception {
        Path other =
                Files.writeString(dir.resolve("other.db"), "not a database, but long enough to be one ".repeat(99));
        assertThatThrownBy(() -> HistoryExport.run(other, ALL, entry -> {})).isInstanceOf(StoreException.class);
    }
}
