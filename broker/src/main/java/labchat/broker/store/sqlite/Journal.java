package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.LongStream;
import labchat.protocol.topic.ChatKind;

/** Puts publishes into the journal. Only {@link TableWriter}'s thread uses it. */
final class Journal {

    /** What a row holds at most, so that to move one takes less than a millisecond. */
    private static final int ROW_PUBLISHES = 32;

    private static final int ROW_BYTES = 1 << 18;

    private final JournalCodec codec = new JournalCodec();

    /**
     * What is in the journal.
     *
     * @param messages hash and sequence number in turn of each message
     */
    record Contents(int publishes, long bytes, long[] messages) {}

    /** Adds publishes, inside its caller's transaction; returns how many bytes that are. */
    long add(WriteConnection connection, List<WriteQueue.Pending> publishes) throws SQLException {
        long bytes = 0;
        int from = 0;
        codec.begin();
        for (int i = 0; i < publishes.size(); i++) {
            WriteQueue.Pending publish = publishes.get(i);
            codec.add(publish.sequence(), publish.publish(), publish.uuid());
            boolean last = i + 1 == publishes.size();
            if (last || i + 1 - from == ROW_PUBLISHES || codec.size() >= ROW_BYTES) {
                byte[] blob = codec.end();
                connection.addToJournal(publishes.get(from).sequence(), publish.sequence(), blob);
                bytes += blob.length;
                codec.begin();
                from = i + 1;
            }
        }
        return bytes;
    }

    /**
     * Reads all of it: about a second for a million publishes.
     *
     * @throws labchat.broker.store.StoreException if a row is damaged
     */
    static Contents read(Path file, Connection connection) throws SQLException {
        int publishes = 0;
        long bytes = 0;
        LongStream.Builder messages = LongStream.builder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT publishes FROM journal WHERE id > 0 ORDER BY id")) {
            while (rows.next()) {
                byte[] blob = rows.getBytes(1);
                bytes += blob.length;
                for (JournalCodec.Entry entry : JournalCodec.decode(file, blob)) {
                    publishes++;
                    if (entry.kind() == ChatKind.MESSAGE) {
                        messages.add(entry.hash()).add(entry.sequence());
                    }
                }
            }
        }
        return new Contents(publishes, bytes, messages.build().toArray());
    }
}
