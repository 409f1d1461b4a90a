package labchat.broker.traffic;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the traffic log, the files that were set aside first, line by line and without keeping any. A broker may write to
 * it meanwhile: {@link #next()} is empty at the end, and finds what has come when it is asked again, also when the log has
 * rolled in between. Used by one thread at a time.
 */
public final class TrafficReader implements Closeable {

    /** How a line begins that {@link TrafficLine} wrote, up to its time; such times are ordered as texts. */
    private static final String BEFORE_TIME = "{\"time\":\"";

    private static final int TIME_LENGTH = "2026-11-20T10:15:30.123456Z".length();

    private final Path log;
    private final TrafficFilter filter;
    private final String sinceText;
    private final Set<Object> done = new HashSet<>();

    private Object key;
    private Path path;
    private LogLines lines;
    private long unreadable;

    private TrafficReader(Path log, TrafficFilter filter) {
        this.log = log;
        this.filter = filter;
        this.sinceText = filter.since().map(TrafficLine::text).orElse("");
    }

    /**
     * Opens the log at its oldest line.
     *
     * @param log the file that the broker writes to; those that it set aside are found beside it
     * @throws NoSuchFileException if there is neither the file nor one that was set aside
     * @throws IOException if one of them cannot be read
     */
    public static TrafficReader open(Path log, TrafficFilter filter) throws IOException {
        TrafficReader reader = new TrafficReader(log.toAbsolutePath(), filter);
        reader.skipOldFiles();
        if (!reader.openNextFile() && reader.done.isEmpty()) {
            throw new NoSuchFileException(log.toString());
        }
        return reader;
    }

    /** Opens the log at its end: only what is written from now on. */
    public static TrafficReader openAtEnd(Path log, TrafficFilter filter) throws IOException {
        TrafficReader reader = new TrafficReader(log.toAbsolutePath(), filter);
        for (RolledFiles.Rolled rolled : new RolledFiles(reader.log).oldestFirst()) {
            reader.done.add(key(rolled.path(), Files.readAttributes(rolled.path(), BasicFileAttributes.class)));
        }
        if (reader.openNextFile()) {
            reader.lines.skipToEnd();
        } else if (reader.done.isEmpty()) {
            throw new NoSuchFileException(log.toString());
        }
        return reader;
    }

    /** The next record that the filter wants; empty if there is none yet. Gaps are given whatever the filter asks for. */
    public Optional<TrafficRecord> next() throws IOException {
        while (lines != null || openNextFile()) {
            // Asked before the end is seen: what is written before the log rolls is in this file.
            boolean isLast = !hasRolled();
            for (String line = lines.next(); line != null; line = lines.next()) {
                Optional<TrafficRecord> wanted = wanted(line);
                if (wanted.isPresent()) {
                    return wanted;
                }
            }
            if (isLast || !openNextFile()) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** How many lines so far are none of the traffic log's, such as one that a crash cut off. */
    public long unreadable() {
        return unreadable;
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }

    private Optional<TrafficRecord> wanted(String line) {
        if (line.isEmpty() || isTooOld(line)) {
            return Optional.empty();
        }
        TrafficRecord.Place place = new TrafficRecord.Place(path.getFileName().toString(), lines.number());
        Optional<TrafficRecord> found = TrafficLineReader.read(line, place);
        if (found.isEmpty()) {
            unreadable++;
        }
        return found.filter(r -> filter.wants(r.time()))
                .filter(r -> !(r instanceof TrafficRecord.Packet p) || filter.wants(p.packet()));
    }

    /** Most lines of a large log are, and need not be taken apart for it. */
    private boolean isTooOld(String line) {
        int start = BEFORE_TIME.length();
        return !sinceText.isEmpty()
                && line.startsWith(BEFORE_TIME)
                && line.length() > start + TIME_LENGTH
                && line.charAt(start + TIME_LENGTH) == '"'
                && line.substring(start, start + TIME_LENGTH).compareTo(sinceText) < 0;
    }

    /** A file that was last written before what is wanted has none of it. */
    private void skipOldFiles() throws IOException {
        if (filter.since().isEmpty()) {
            return;
        }
        Instant since = filter.since().get();
        for (Path file : files()) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                // A file system may keep whole seconds only.
                if (!file.equals(log)
                        && attributes
                                .lastModifiedTime()
                                .toInstant()
                                .plusSeconds(2)
                                .isBefore(since)) {
                    done.add(key(file, attributes));
                }
            } catch (NoSuchFileException e) {
                // Deleted, or set aside, just now; if the latter, it is found there.
            }
        }
    }

    private boolean hasRolled() throws IOException {
        try {
            return !key(path, Files.readAttributes(log, BasicFileAttributes.class))
                    .equals(key);
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** Goes on to the oldest file that has not been read yet; false if there is none. */
    private boolean openNextFile() throws IOException {
        Map<Object, Path> files = new LinkedHashMap<>();
        for (Path file : files()) {
            try {
                files.putIfAbsent(key(file, Files.readAttributes(file, BasicFileAttributes.class)), file);
            } catch (NoSuchFileException e) {
                // Deleted, or set aside, just now; the next look finds it there.
            }
        }
        // The key of a file that is deleted may become that of a new one.
        done.retainAll(files.keySet());
        for (Map.Entry<Object, Path> file : files.entrySet()) {
            if (done.contains(file.getKey()) || file.getKey().equals(key)) {
                continue;
            }
            LogLines opened = new LogLines(file.getValue());
            if (lines != null) {
                lines.close();
                done.add(key);
            }
            lines = opened;
            key = file.getKey();
            path = file.getValue();
            return true;
        }
        return false;
    }

    private List<Path> files() throws IOException {
        return Stream.concat(new RolledFiles(log).oldestFirst().stream().map(RolledFiles.Rolled::path), Stream.of(log))
                .toList();
    }

    /** What stays the same when the file gets another name; without such a thing, when it was made. */
    private static Object key(Path file, BasicFileAttributes attributes) {
        return attributes.fileKey() != null ? attributes.fileKey() : attributes.creationTime();
    }
}
