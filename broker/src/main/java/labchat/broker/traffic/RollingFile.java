package labchat.broker.traffic;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import labchat.broker.traffic.RolledFiles.Rolled;

/**
 * Lines in a file that is set aside when the UTC day ends or its size is reached: {@code traffic.jsonl} becomes
 * {@code traffic-2026-11-20.1.jsonl}, the next one of that day {@code .2}, and the oldest beyond a number are deleted.
 *
 * <p>Lines are gathered in memory until {@link #flush()} or until 64 KiB are full. After an IOException nothing that was
 * accepted is forgotten, and the call may be repeated. Used by one thread at a time.
 */
final class RollingFile implements Closeable {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long MILLIS_PER_DAY = 86_400_000;

    private final Path path;
    private final long maxBytes;
    private final int keep;
    private final Clock clock;
    private final LogFile.Opener opener;
    private final RolledFiles aside;

    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private LogFile file;
    private LocalDate day;

    /**
     * Opens the file, and makes its folder if it is not there.
     *
     * @param maxBytes the size that a file does not exceed, unless a single line does
     * @param keep how many files that were set aside are kept
     * @param clock says which day it is
     */
    RollingFile(Path path, long maxBytes, int keep, Clock clock, LogFile.Opener opener) throws IOException {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("the size must be at least 1 byte, but is " + maxBytes);
        }
        if (keep < 0) {
            throw new IllegalArgumentException("the number of files to keep must not be negative, but is " + keep);
        }
        this.path = path.toAbsolutePath();
        this.maxBytes = maxBytes;
        this.keep = keep;
        this.clock = clock;
        this.opener = opener;
        this.aside = new RolledFiles(path);
        makeFolder();
        this.day = Files.exists(this.path)
                ? LocalDate.ofInstant(Files.getLastModifiedTime(this.path).toInstant(), ZoneOffset.UTC)
                : today();
        this.file = opener.open(this.path);
        if (file.size() == 0) {
            this.day = today();
        }
    }

    /** Adds a line, which ends in a line feed; rolls before it where it must. */
    void add(byte[] line, int length) throws IOException {
        if (file == null) {
            reopen();
        }
        long size = file.size() + buffer.position();
        if (size > 0 && (size + length > maxBytes || day.toEpochDay() != todayNumber())) {
            roll();
        }
        if (length > buffer.remaining()) {
            flush();
        }
        if (length > buffer.capacity()) {
            append(ByteBuffer.wrap(line, 0, length));
        } else {
            buffer.put(line, 0, length);
        }
    }

    /** Hands all lines to the operating system. */
    void flush() throws IOException {
        if (file == null) {
            reopen();
        }
        if (buffer.position() > 0) {
            append(buffer.duplicate().flip());
            buffer.clear();
        }
    }

    /** Whether lines wait for {@link #flush()}. */
    boolean hasUnwritten() {
        return buffer.position() > 0;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            LogFile open = file;
            file = null;
            open.close();
        }
    }

    private void append(ByteBuffer bytes) throws IOException {
        try {
            file.append(bytes);
        } catch (IOException e) {
            // Opened anew at the next try: the folder may have been replaced or mounted again meanwhile.
            try {
                close();
            } catch (IOException atClose) {
                e.addSuppressed(atClose);
            }
            throw e;
        }
    }

    private void reopen() throws IOException {
        makeFolder();
        file = opener.open(path);
        if (file.size() == 0 && !hasUnwritten()) {
            day = today();
        }
    }

    private void makeFolder() throws IOException {
        Path folder = path.getParent();
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(e.getFile() + " is a file, but must be a folder", e);
        }
    }

    private void roll() throws IOException {
        flush();
        close();
        List<Rolled> rolled = aside.oldestFirst();
        int next = 1
                + rolled.stream()
                        .filter(r -> r.day().equals(day.toString()))
                        .mapToInt(Rolled::number)
                        .max()
                        .orElse(0);
        Path target = aside.target(day.toString(), next);
        Files.move(path, target);
        rolled.add(new Rolled(target, day.toString(), next));
        day = today();
        file = opener.open(path);
        for (Rolled old : rolled.subList(0, Math.max(0, rolled.size() - keep))) {
            Files.deleteIfExists(old.path());
        }
    }

    private LocalDate today() {
        return LocalDate.ofEpochDay(todayNumber());
    }

    private long todayNumber() {
        return Math.floorDiv(clock.millis(), MILLIS_PER_DAY);
    }
}
