package labchat.broker.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import labchat.broker.reload.NewFiles;
import labchat.broker.store.sqlite.SqliteStore;
import labchat.cli.Finding;

/** Clock, Java, memory, open files. */
final class MachineChecks {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /** A while before this was written: no clock that is right says less. */
    private static final Instant WRITTEN = Instant.parse("2025-01-01T00:00:00Z");

    /** Files of another machine's clock may be a little ahead. */
    private static final Duration AHEAD = Duration.ofHours(1);

    private static final int OLDEST_JAVA = 17;
    private static final long LITTLE_MEMORY = 500_000_000;

    /** Libraries, the store, logs: what is open beside connections, and some to spare. */
    private static final long OTHER_FILES = 200;

    private MachineChecks() {}

    static List<Finding> of(NewFiles files, Clock clock) {
        List<Finding> findings = new ArrayList<>();
        findings.add(clock(clock.instant(), newest(files)));
        findings.add(java(Runtime.version().feature(), System.getProperty("java.runtime.version", "")));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            findings.add(memory(available(system), system.getTotalMemorySize()));
        }
        maxOpenFiles()
                .ifPresent(limit ->
                        findings.add(openFiles(limit, files.config().limits().maxConnections())));
        return findings;
    }

    /** A file and when it was last written. */
    record Written(Path file, Instant time) {}

    static Finding clock(Instant now, Optional<Written> newest) {
        String advice = "Set the clock (timedatectl set-ntp true): certificates, receipts and logs go by it.";
        if (now.isBefore(WRITTEN)) {
            return Finding.problem(
                    "clock", "says %s, which is before this program was made".formatted(MINUTE.format(now)), advice);
        }
        if (newest.isPresent() && newest.get().time().isAfter(now.plus(AHEAD))) {
            return Finding.warning(
                    "clock",
                    "says %s, but %s was written at %s: it is behind now, or was ahead then"
                            .formatted(
                                    MINUTE.format(now),
                                    newest.get().file(),
                                    MINUTE.format(newest.get().time())),
                    advice);
        }
        return Finding.ok(
                "clock",
                "says %s, and no file of the broker is from later; whether it is right to the second cannot be known from here"
                        .formatted(MINUTE.format(now)));
    }

    private static Optional<Written> newest(NewFiles files) {
        Path data = files.config().dataDir();
        List<Path> candidates = new ArrayList<>(
                List.of(files.config().passwordFile(), files.config().aclFile(), data.resolve(SqliteStore.FILE_NAME)));
        files.config().trafficLog().ifPresent(candidates::add);
        Optional<Written> newest = Optional.empty();
        for (Path file : candidates) {
            try {
                Instant time = Files.getLastModifiedTime(file).toInstant();
                if (newest.isEmpty() || time.isAfter(newest.get().time())) {
                    newest = Optional.of(new Written(file, time));
                }
            } catch (IOException e) {
                // It is not there, or others say why it cannot be read.
                continue;
            }
        }
        return newest;
    }

    static Finding java(int feature, String version) {
        return feature < OLDEST_JAVA
                ? Finding.problem("Java", version, "Install Java %d or newer.".formatted(OLDEST_JAVA))
                : Finding.ok("Java", version);
    }

    /** What can be had without hurting others; Linux knows better than the free memory that caches leave. */
    private static long available(OperatingSystemMXBean system) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return system.getFreeMemorySize();
        }
        return system.getFreeMemorySize();
    }

    static Finding memory(long available, long total) {
        String found = "%s of %s available".formatted(DataChecks.size(available), DataChecks.size(total));
        return available < LITTLE_MEMORY
                ? Finding.warning(
                        "memory", found, "The broker needs about 300 MB: end other programs, or use a larger machine.")
                : Finding.ok("memory", found);
    }

    /** Of this process, which is what a broker started from the same place would get; empty if it is not known. */
    private static OptionalLong maxOpenFiles() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    String soft =
                            line.substring("Max open files".length()).strip().split("\\s+")[0];
                    return soft.equals("unlimited")
                            ? OptionalLong.of(Long.MAX_VALUE)
                            : OptionalLong.of(Long.parseLong(soft));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    static Finding openFiles(long limit, long connections) {
        return limit < connections + OTHER_FILES
                ? Finding.warning(
                        "open files",
                        "at most %d are allowed here, and max_connections is %d".formatted(limit, connections),
                        "ulimit -n %d before the start (LimitNOFILE in a unit), or lower max_connections."
                                .formatted(connections + OTHER_FILES))
                : Finding.ok(
                        "open files",
                        "%s are allowed here, enough for max_connections %d"
                                .formatted(limit == Long.MAX_VALUE ? "all" : Long.toString(limit), connections));
    }
}
