package labchat.broker.users;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When each password and each certificate was last used, in the file {@code last-use} of the data directory: {@code user:name:time} lines,
 * times in UTC. Written some seconds behind; a broker that is killed forgets those seconds. May be used by any thread.
 */
public final class LastUses implements AutoCloseable {

    /** The file's name. */
    public static final String FILE_NAME = "last-use";

    private static final int EVERY_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(LastUses.class);

    private final Path file;
    private final Clock clock;
    private final Map<String, Instant> times = new ConcurrentSkipListMap<>();
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "labchat-last-use");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean changed;

    private LastUses(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** What the file says now, to be looked at only. */
    public static LastUses read(Path directory) {
        LastUses uses = new LastUses(directory.resolve(FILE_NAME), Clock.systemUTC());
        uses.writer.shutdown();
        uses.load();
        return uses;
    }

    /** Goes on with what the file says; it is written from now on. */
    public static LastUses open(Path directory, Clock clock) {
        LastUses uses = new LastUses(directory.resolve(FILE_NAME), clock);
        uses.load();
        uses.writer.scheduleWithFixedDelay(uses::write, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
        return uses;
    }

    private void load() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String[] parts = line.split(":", 3);
                if (parts.length == 3) {
                    times.put(parts[0] + ":" + parts[1], Instant.parse(parts[2]));
                }
            }
        } catch (IOException | DateTimeException e) {
            LOG.warn("{}: when passwords were last used is not known: {}", file, e.getMessage());
        }
    }

    /** By which word a certificate of this name is noted; no password can have it. */
    public static String ofCertificate(String name) {
        return "certificate/" + name;
    }

    /** Somebody has logged in by it. */
    public void used(String user, String password) {
        times.put(user + ":" + password, clock.instant().truncatedTo(ChronoUnit.SECONDS));
        changed = true;
    }

    /** When somebody has last logged in by it. */
    public Optional<Instant> of(String user, String password) {
        return Optional.ofNullable(times.get(user + ":" + password));
    }

    private synchronized void write() {
        if (!changed) {
            return;
        }
        changed = false;
        StringBuilder lines = new StringBuilder();
        times.forEach((key, time) -> lines.append(key).append(':').append(time).append('\n'));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path temporary = file.resolveSibling("." + FILE_NAME + ".tmp");
            Files.deleteIfExists(temporary);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(temporary, lines);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{}: when passwords were last used cannot be written: {}", file, e.getMessage());
        }
    }

    /** Writes what is not yet written. */
    @Override
    public void close() {
        writer.shutdownNow();
        write();
    }
}
