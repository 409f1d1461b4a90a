package labchat.broker.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A log file on disk. A new one is readable by its owner and group only: it says who talks to whom. */
final class DiskLogFile implements LogFile {

    private static final FileAttribute<?>[] NEW_FILE = newFileAttributes();

    private final FileChannel channel;
    private long size;

    private DiskLogFile(FileChannel channel, long size) {
        this.channel = channel;
        this.size = size;
    }

    /** Opens the file at its end; a last line that was cut off by a crash is ended first. */
    static LogFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(
                path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), NEW_FILE);
        try {
            long size = channel.size();
            channel.position(size);
            DiskLogFile file = new DiskLogFile(channel, size);
            if (size > 0 && file.lastByte() != '\n') {
                file.append(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            return file;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            try {
                channel.truncate(size);
            } catch (IOException half) {
                e.addSuppressed(half);
            }
            throw e;
        }
        size = channel.position();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private byte lastByte() throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, size - 1);
        return last.get(0);
    }

    private static FileAttribute<?>[] newFileAttributes() {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
        };
    }
}
