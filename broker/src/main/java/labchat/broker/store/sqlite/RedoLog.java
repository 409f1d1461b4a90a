package labchat.broker.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import labchat.broker.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file beside the store where publishes are on disk before they are in SQLite's file: one write, and one wait for the
 * disk, which is a fraction of what a commit of SQLite costs. All that is in it is in SQLite's file soon afterwards, but not
 * certainly on the disk there; {@link #reset} follows when it is, and then the file is written from its beginning again.
 * There are two that take turns, see {@link RedoLogs}. After a crash {@link #recover} puts what is missing into the journal.
 *
 * <p>A record is: generation (8 bytes), length (4), CRC-32C of both and of what follows (4), a {@link JournalCodec} blob.
 * Each reset begins a generation. The records that count are those from the beginning of the file on that have the first
 * one's generation and a good checksum: the first that has not is the remainder of an earlier generation, or was being
 * written when the power failed, and nobody was told that it is safe.
 *
 * <p>Guarded by {@link RedoLogs}; the static methods are for files that nobody writes or, {@link #read}, somebody else does.
 */
final class RedoLog implements AutoCloseable {

    /** What the name of the first file ends with. */
    static final String SUFFIX = "-redo";

    static final String SECOND_SUFFIX = "-redo2";

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /** So long it is made at first. */
    private static final int FIRST_BYTES = 1 << 19;

    /** Larger than what may wait to be acknowledged. */
    private static final int MOST_BYTES = 1 << 26;

    /** A record is ended when it is longer than this. */
    private static final int BLOB_BYTES = 1 << 16;

    private static final int WRITTEN_AT_ONCE = 1 << 18;

    private static final int READ_TRIES = 10;
    private static final int PAGE_BYTES = 4096;
    private static final int HEADER_BYTES = 8 + 4 + 4;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String INSERT =
            "INSERT INTO journal (id, first_sequence, last_sequence, publishes) VALUES (?1, ?1, ?2, ?3)";

    /** A row for the journal. */
    record Row(long firstSequence, long lastSequence, byte[] publishes) {}

    private final Path path;
    private final boolean isForced;
    private final Faults faults;
    private final JournalCodec codec = new JournalCodec();
    private ByteBuffer buffer = ByteBuffer.allocateDirect(BLOB_BYTES);

    /** Null until the first publish, and after an error. */
    private FileChannel channel;

    private long generation = 1;
    private int position;

    /** After an error nothing is written here until SQLite's file has all. */
    private boolean isBroken;

    private long brokenNanos;

    /** @param isForced whether to wait for the disk */
    RedoLog(Path store, String suffix, boolean isForced, Faults faults) {
        this.path = of(store, suffix);
        this.isForced = isForced;
        this.faults = faults;
    }

    private static Path of(Path store, String suffix) {
        return store.resolveSibling(store.getFileName() + suffix);
    }

    private static List<Path> both(Path store) {
        return List.of(of(store, SUFFIX), of(store, SECOND_SUFFIX));
    }

    /** How many bytes have been added since the last {@link #reset}. */
    int length() {
        return position;
    }

    /**
     * Puts publishes on disk.
     *
     * @return false if that is not possible here, because it is too much, or because of the disk: then a commit of SQLite is
     *     needed, and {@link #reset}
     */
    boolean add(List<WriteQueue.Pending> publishes) {
        if (isBroken || faults.isDiskFull()) {
            return false;
        }
        try {
            if (channel == null) {
                channel = create(path);
            }
            int end = write(publishes);
            if (end < 0) {
                return false;
            }
            if (isForced) {
                channel.force(false);
            }
            position = end;
            return true;
        } catch (IOException e) {
            broken(e);
            return false;
        }
    }

    /** Returns where the next record begins; negative if there is no room. */
    private int write(List<WriteQueue.Pending> publishes) throws IOException {
        int at = position;
        buffer.clear();
        codec.begin();
        for (int i = 0; i < publishes.size(); i++) {
            WriteQueue.Pending publish = publishes.get(i);
            codec.add(publish.sequence(), publish.publish(), publish.uuid());
            boolean isLast = i + 1 == publishes.size();
            if (isLast || codec.size() > BLOB_BYTES) {
                byte[] blob = codec.end();
                codec.begin();
                if (HEADER_BYTES + blob.length > MOST_BYTES - at - buffer.position()) {
                    return -1;
                }
                reserve(HEADER_BYTES + blob.length);
                buffer.putLong(generation).putInt(blob.length).putInt(checksum(generation, blob));
                buffer.put(blob);
                if (isLast || buffer.position() >= WRITTEN_AT_ONCE) {
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        at += channel.write(buffer, at);
                    }
                    buffer.clear();
                }
            }
        }
        return at;
    }

    private void reserve(int bytes) {
        if (buffer.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(buffer.position() + bytes, 2 * buffer.capacity()));
            buffer = larger.put(buffer.flip());
        }
    }

    private void broken(IOException e) {
        LOG.debug("{} cannot be written, which costs speed only", path, e);
        isBroken = true;
        brokenNanos = System.nanoTime();
        closeChannel();
    }

    /** Looks whether the file is where it was: in another place nobody would find what is in it. */
    void look() {
        if (channel != null && !Files.exists(path)) {
            broken(new IOException("it is gone"));
        }
    }

    /** All that was added is in SQLite's file, and on disk there. */
    void reset() {
        generation++;
        position = 0;
        if (isBroken && System.nanoTime() - brokenNanos > RETRY_NANOS) {
            isBroken = false;
        }
    }

    /** Writing where there are blocks already spares the file system a change of its own with each write. */
    private static FileChannel create(Path path) throws IOException {
        Files.deleteIfExists(path);
        Database.createPrivate(path);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        try {
            // Page by page: Linux would keep a large write as one large piece, and look through all of it at each small
            // one.
            ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE_BYTES);
            for (int at = 0; at < FIRST_BYTES; at += channel.write(zeros, at)) {
                zeros.clear();
            }
            channel.force(true);
            forceDirectory(path.getParent());
            return channel;
        } catch (IOException | RuntimeException e) {
            Database.closeQuietly(channel);
            // What has been written of it may be all the room there is.
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** So that the file is found after power loss. */
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows has no such thing, and does not need it.
            LOG.debug("{} cannot be forced", directory, e);
        }
    }

    private static int checksum(long generation, byte[] blob) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(HEADER_BYTES - 4)
                .putLong(generation)
                .putInt(blob.length)
                .flip());
        crc.update(blob);
        return (int) crc.getValue();
    }

    /**
     * What the files beside a store have, in the order of the publishes. Somebody may be writing them: then it has at least
     * what was in them before the call and is not in the store's file by the end of it.
     *
     * @throws StoreException if one is there and cannot be read, or is begun anew again and again meanwhile
     */
    static List<Row> read(Path store) {
        for (int tries = 1; ; tries++) {
            List<Long> generations = generations(store);
            List<Row> rows = new ArrayList<>();
            both(store).forEach(path -> read(path, rows));
            // If one was begun anew meanwhile, what was added to the other before that may be missing here.
            if (generations.equals(generations(store))) {
                rows.sort(Comparator.comparingLong(Row::firstSequence));
                return rows;
            }
            if (tries == READ_TRIES) {
                throw new StoreException("%s changes too fast to be read: try again when less is published"
                        .formatted(of(store, SUFFIX)));
            }
        }
    }

    private static List<Long> generations(Path store) {
        List<Long> generations = new ArrayList<>();
        for (Path path : both(store)) {
            ByteBuffer first = ByteBuffer.allocate(Long.BYTES);
            if (Files.exists(path)) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    channel.read(first);
                } catch (IOException e) {
                    throw cannot(path, "read", e);
                }
            }
            generations.add(first.getLong(0));
        }
        return generations;
    }

    private static void read(Path path, List<Row> rows) {
        if (!Files.exists(path)) {
            return;
        }
        ByteBuffer in;
        try {
            in = ByteBuffer.wrap(Files.readAllBytes(path));
        } catch (IOException e) {
            throw cannot(path, "read", e);
        }
        long first = 0;
        while (in.remaining() >= HEADER_BYTES) {
            long generation = in.getLong();
            int length = in.getInt();
            int checksum = in.getInt();
            first = first == 0 ? generation : first;
            if (generation == 0 || generation != first || length < 0 || length > in.remaining()) {
                break;
            }
            byte[] blob = new byte[length];
            in.get(blob);
            if (checksum(generation, blob) != checksum) {
                break;
            }
            List<JournalCodec.Entry> entries = JournalCodec.decode(path, blob);
            if (!entries.isEmpty()) {
                rows.add(new Row(
                        entries.get(0).sequence(),
                        entries.get(entries.size() - 1).sequence(),
                        blob));
            }
        }
    }

    /** Puts into the journal what is neither there nor in the tables, inside its caller's transaction. */
    static void putMissing(Connection connection, List<Row> rows) throws SQLException {
        long last = lastSequence(connection);
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Row row : rows) {
                if (row.firstSequence() > last) {
                    insert.setLong(1, row.firstSequence());
                    insert.setLong(2, row.lastSequence());
                    insert.setBytes(3, row.publishes());
                    insert.executeUpdate();
                }
            }
        }
    }

    /** The highest sequence number of what is in the journal and in the tables; 0 for none. */
    static long lastSequence(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT max(
                          ifnull((SELECT max(sequence) FROM event), 0),
                          ifnull((SELECT max(last_sequence) FROM journal), 0))
                        """)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /**
     * Puts what a process that was killed has left behind into the journal, and removes the files.
     *
     * @throws StoreException if one cannot be read or removed
     */
    static void recover(Path store, WriteConnection connection) throws SQLException {
        if (both(store).stream().noneMatch(Files::exists)) {
            return;
        }
        List<Row> rows = read(store);
        connection.begin(true);
        putMissing(connection.connection(), rows);
        try (Statement statement = connection.connection().createStatement()) {
            // Also what is in the tables already may not be on the disk: a commit that has written something sees to
            // that.
            statement.executeUpdate("UPDATE broker SET last_alive = last_alive");
        }
        connection.commit();
        for (Path path : both(store)) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw cannot(path, "removed", e);
            }
        }
    }

    private static StoreException cannot(Path path, String what, IOException e) {
        return new StoreException(
                "%s cannot be %s (%s): check owner and mode of the file and its directory"
                        .formatted(path, what, Database.reason(e)),
                e);
    }

    /** Removes the file, when all that was added is in SQLite's file and on disk there. */
    void remove() {
        closeChannel();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The next start finds that nothing of it is missing.
            LOG.debug("{} cannot be removed", path, e);
        }
    }

    private void closeChannel() {
        Database.closeQuietly(channel);
        channel = null;
    }

    /** What was added stays in the file. */
    @Override
    public void close() {
        closeChannel();
    }
}
