package labchat.bench.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.bench.report.BenchException;

/** What the kernel and the JVM tell of a process on this machine (Linux). */
public final class ServerProcess {

    /** Of {@code /proc/PID/stat}; the same on all Linux machines that we know. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final Pattern CLASS_HISTOGRAM_TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    private final long pid;

    /** @throws BenchException if there is no such process */
    public ServerProcess(long pid) {
        this.pid = pid;
        if (!Files.exists(Path.of("/proc/" + pid + "/stat"))) {
            throw new BenchException("--pid %d: no such process".formatted(pid));
        }
    }

    public static ServerProcess self() {
        return new ServerProcess(ProcessHandle.current().pid());
    }

    /** CPU time that it has used so far, user and system, in nanoseconds; exact to 10 ms. */
    public long cpuNanos() {
        String stat = read("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
    }

    /** The memory that it has in RAM, in bytes. */
    public long residentBytes() {
        return statusBytes("VmRSS");
    }

    /** The most that it ever had in RAM, in bytes. */
    public long peakResidentBytes() {
        return statusBytes("VmHWM");
    }

    private long statusBytes(String name) {
        return read("status")
                        .lines()
                        .filter(line -> line.startsWith(name + ":"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElse(0)
                * 1024;
    }

    public int threads() {
        String[] names = Path.of("/proc/" + pid + "/task").toFile().list();
        return names == null ? 0 : names.length;
    }

    /** What lives in a JVM's heap after a collection, in bytes; empty if it is no JVM or {@code jcmd} is not there. */
    public OptionalLong liveHeapBytes() {
        try {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            Path output = Files.createTempFile("bench", ".jcmd");
            try {
                // Counts live objects only, so it collects first.
                Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return OptionalLong.empty();
                }
                Matcher total = CLASS_HISTOGRAM_TOTAL.matcher(Files.readString(output, StandardCharsets.UTF_8));
                return total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : OptionalLong.empty();
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchException("process %d has ended: the server died during the run".formatted(pid), e);
        }
    }
}
