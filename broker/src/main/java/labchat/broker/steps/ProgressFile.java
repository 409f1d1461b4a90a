package labchat.broker.steps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is done over a restart, in the file {@code lab-progress} of the data directory: {@code user:part:time}
 * lines, times in UTC. Written some seconds behind.
 */
public final class ProgressFile implements AutoCloseable {

    /** The file's name. */
    public static final String FILE_NAME = "lab-progress";

    private static final int EVERY_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(ProgressFile.class);

    private final Path file;
    private final LabProgress progress;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "labchat-progress");
        thread.setDaemon(true);
        return thread;
    });
    private String written = "";

    private ProgressFile(Path file, LabProgress progress) {
        this.file = file;
        this.progress = progress;
    }

    /** Goes on with what the file says; it is written from now on. A file that cannot be read is begun anew. */
    public static ProgressFile open(Path directory, LabProgress progress) {
        ProgressFile opened = new ProgressFile(directory.resolve(FILE_NAME), progress);
        opened.load();
        opened.writer.scheduleWithFixedDelay(opened::write, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
        return opened;
    }

    private void load() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String[] parts = line.split(":", 3);
                if (parts.length == 3) {
                    progress.restore(parts[0], LabPart.valueOf(parts[1]), Instant.parse(parts[2]));
                }
            }
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            LOG.warn("{}: the progress of before is not known in full: {}", file, e.getMessage());
        }
    }

    private synchronized void write() {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, Map<LabPart, Instant>> user : progress.done().entrySet()) {
            user.getValue()
                    .forEach((part, at) -> lines.append(user.getKey())
                            .append(':')
                            .append(part.name())
                            .append(':')
                            .append(at)
                            .append('\n'));
        }
        if (written.contentEquals(lines)) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path temporary = file.resolveSibling("." + FILE_NAME + ".tmp");
            Files.writeString(temporary, lines);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            written = lines.toString();
        } catch (IOException e) {
            LOG.warn("{}: the class's progress cannot be written: {}", file, e.getMessage());
        }
    }

    /** Writes what is not yet written. */
    @Override
    public void close() {
        writer.shutdownNow();
        write();
    }
}
