package labchat.broker.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import labchat.broker.config.BrokerConfig;
import labchat.broker.store.StoreException;
import labchat.broker.store.sqlite.SqliteStore;
import labchat.broker.store.sqlite.StoreLook;
import labchat.cli.Finding;

/** Where the broker writes: rights, room, and what is in the store. */
final class DataChecks {

    private static final long MEGABYTE = 1_000_000;
    private static final long LITTLE = 1_000 * MEGABYTE;
    private static final long TOO_LITTLE = 100 * MEGABYTE;

    private DataChecks() {}

    static List<Finding> of(BrokerConfig config) {
        List<Finding> findings = new ArrayList<>();
        Path directory = config.dataDir();
        Path there = existing(directory);
        findings.add(rights(directory, there));
        findings.add(room(there));
        if (config.store().isOn()) {
            Path file = directory.resolve(SqliteStore.FILE_NAME);
            findings.add(store(file));
            owners(directory, file).ifPresent(findings::add);
        } else {
            findings.add(Finding.warning(
                    "store",
                    "off: who is not connected gets no messages, and there is no history",
                    "Set store to on."));
        }
        config.trafficLog()
                .map(log -> log.toAbsolutePath().getParent())
                .filter(parent -> !Files.isWritable(existing(parent)))
                .ifPresent(parent -> findings.add(Finding.problem(
                        "traffic_log",
                        "%s cannot be written by %s".formatted(parent, System.getProperty("user.name")),
                        "Change its owner or mode, or name another file with traffic_log.")));
        return findings;
    }

    private static Path existing(Path directory) {
        Path there = directory.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static Finding rights(Path directory, Path there) {
        String subject = "data_dir " + directory;
        if (!Files.isDirectory(there)) {
            return Finding.problem(subject, "%s is no directory".formatted(there), "Name another with data_dir.");
        }
        if (!Files.isWritable(there)) {
            return Finding.problem(
                    subject,
                    "%s cannot be written by %s".formatted(there, System.getProperty("user.name")),
                    "If the broker runs as another user, run doctor as that one; else change owner or mode.");
        }
        return Files.exists(directory)
                ? Finding.ok(subject, "can be written by %s".formatted(System.getProperty("user.name")))
                : Finding.ok(subject, "not there yet; made at the first start");
    }

    private static Finding room(Path there) {
        try {
            FileStore disk = Files.getFileStore(there);
            return room(disk.getUsableSpace(), disk.getTotalSpace());
        } catch (IOException e) {
            return Finding.warning("disk", "cannot be asked how full it is (%s)".formatted(e.getMessage()), "df -h");
        }
    }

    static Finding room(long free, long total) {
        String found = "%s of %s free".formatted(size(free), size(total));
        String advice =
                "Remove what is not needed: old traffic logs (traffic_log_keep), old messages (retention_days, retention_size).";
        if (free < TOO_LITTLE) {
            return Finding.problem("disk", found + "; without room no message can be kept", advice);
        }
        return free < LITTLE ? Finding.warning("disk", found, advice) : Finding.ok("disk", found);
    }

    static String size(long bytes) {
        if (bytes < MEGABYTE) {
            return "%d kB".formatted(bytes / 1_000);
        }
        return bytes >= 1_000 * MEGABYTE
                ? String.format(Locale.ROOT, "%.1f GB", bytes / (1_000.0 * MEGABYTE))
                : "%d MB".formatted(bytes / MEGABYTE);
    }

    private static Finding store(Path file) {
        if (!Files.exists(file)) {
            return Finding.ok("store", "%s is not there yet; made at the first start".formatted(file));
        }
        try {
            StoreLook look = StoreLook.at(file);
            String version = look.version() == look.newest()
                    ? "its tables have version %d".formatted(look.version())
                    : "its tables have version %d, and the next start makes them version %d"
                            .formatted(look.version(), look.newest());
            return Finding.ok(
                    "store",
                    "%s opens (%s), %s, %s"
                            .formatted(
                                    file,
                                    size(look.bytes()),
                                    version,
                                    look.wholeFile()
                                            ? "no damage"
                                            : "too large to read all of it here (broker.jar backup reads all)"));
        } catch (StoreException e) {
            return Finding.problem(
                    "store", String.valueOf(e.getMessage()), "docs/store.md says what else can be done.");
        }
    }

    /** What root has started once, the broker's own user cannot write afterwards. */
    private static Optional<Finding> owners(Path directory, Path file) {
        try {
            if (!Files.exists(file) || Files.getOwner(directory).equals(Files.getOwner(file))) {
                return Optional.empty();
            }
            return Optional.of(Finding.warning(
                    "data_dir " + directory,
                    "belongs to %s, but %s to %s: somebody has started the broker as another user"
                            .formatted(
                                    Files.getOwner(directory).getName(),
                                    file.getFileName(),
                                    Files.getOwner(file).getName()),
                    "chown -R %s '%s'".formatted(Files.getOwner(directory).getName(), directory)));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
