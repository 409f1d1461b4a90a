package labchat.broker.traffic;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The lines of a file that somebody may be writing to. Used by one thread at a time. */
final class LogLines implements Closeable {

    /** No line of a log is longer; a file that is no log must not fill the memory. */
    private static final int MAX_LINE_BYTES = 64 << 20;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    private long number;

    LogLines(Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.READ);
    }

    /** Goes to the end: only lines that are yet to come. A line that is being written there counts as one of them. */
    void skipToEnd() throws IOException {
        while (next() != null) {
            // Counted, so that the numbers of those to come are right.
        }
    }

    /** The next whole line without its end; null if there is none yet. */
    String next() throws IOException {
        while (true) {
            while (buffer.hasRemaining()) {
                byte b = buffer.get();
                if (b == '\n') {
                    number++;
                    String text = line.toString(StandardCharsets.UTF_8);
                    line.reset();
                    return text;
                }
                if (line.size() < MAX_LINE_BYTES) {
                    line.write(b);
                }
            }
            buffer.clear();
            int read = channel.read(buffer);
            buffer.flip();
            if (read <= 0) {
                buffer.limit(0).position(0);
                return null;
            }
        }
    }

    /** The number of the line that was given last, from 1 on. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
