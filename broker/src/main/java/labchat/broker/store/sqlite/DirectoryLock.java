package labchat.broker.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import labchat.broker.store.StoreException;

/**
 * Keeps a second broker away from the file, by a lock on a file beside it. It goes with the process, however that ends;
 * the file itself stays, with the number of the process that had it last.
 */
final class DirectoryLock implements AutoCloseable {

    /** Far behind the number, so that others can read that on Windows too. */
    private static final long LOCKED_BYTE = 1L << 40;

    private static final int MAX_NUMBER_BYTES = 32;

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws StoreException if another broker has it, or the directory cannot be written to */
    static DirectoryLock take(Path database) {
        Path file = database.resolveSibling(database.getFileName() + ".lock");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String process = owner(channel);
                Database.closeQuietly(channel);
                throw new StoreException("%s is open in another broker%s: stop that one first, or name another data_dir"
                        .formatted(database, process));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new DirectoryLock(channel);
        } catch (IOException e) {
            Database.closeQuietly(channel);
            throw new StoreException(
                    "%s cannot be written (%s): check owner, mode and space of the directory, or name another data_dir"
                            .formatted(file, Database.reason(e)),
                    e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String owner(FileChannel channel) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(MAX_NUMBER_BYTES);
            channel.read(bytes, 0);
            String number = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
            return number.matches("\\d+") ? " (process %s)".formatted(number) : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        Database.closeQuietly(channel);
    }
}
