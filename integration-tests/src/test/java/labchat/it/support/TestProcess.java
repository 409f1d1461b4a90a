package labchat.it.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process whose output is kept line by line; every failure shows the command and the output so far. */
public final class TestProcess implements AutoCloseable {

    private final List<String> command;
    private final Process process;
    private final List<String> stdout = new ArrayList<>();
    private final List<String> stderr = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private TestProcess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
    }

    /**
     * Starts a command.
     *
     * @param environment added to this process's own
     */
    public static TestProcess start(Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        TestProcess started = new TestProcess(List.copyOf(command), builder.start());
        started.collect(started.process.getInputStream(), started.stdout, "stdout");
        started.collect(started.process.getErrorStream(), started.stderr, "stderr");
        return started;
    }

    private void collect(InputStream from, List<String> into, String what) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            synchronized (this) {
                                into.add(line);
                                notifyAll();
                            }
                        }
                    } catch (IOException e) {
                        // The process was ended while its output was read.
                        synchronized (this) {
                            notifyAll();
                        }
                    }
                },
                what + "-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        readers.add(reader);
    }

    /** Writes a line to the process's standard input. */
    public void say(String line) {
        try {
            process.getOutputStream().write(Bytes.utf8(line + "\n"));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(describe("cannot write to it"), e);
        }
    }

    /** Waits for a line on standard output, from the first line on. */
    public String awaitLine(String what, Predicate<String> fits) {
        long end = System.nanoTime() + RawMqtt.PATIENCE.toNanos() * 2;
        synchronized (this) {
            while (true) {
                for (String line : stdout) {
                    if (fits.test(line)) {
                        return line;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || !process.isAlive() && readers.stream().noneMatch(Thread::isAlive)) {
                    throw new AssertionError(describe("waited for " + what));
                }
                try {
                    // Bounded, because the end of a process wakes nobody here.
                    wait(Math.min(left, 200));
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted", e);
                }
            }
        }
    }

    /** Waits for the end and returns the exit code. */
    public int exitCode(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(describe("did not end within " + within));
            }
            for (Thread reader : readers) {
                reader.join(RawMqtt.PATIENCE.toMillis());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sends SIGTERM. */
    public void terminate() {
        // Process.destroy would close the streams too, and what the process says at its end would be lost.
        process.toHandle().destroy();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        process.toHandle().destroyForcibly();
        exitCode(RawMqtt.PATIENCE);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public synchronized List<String> stdout() {
        return List.copyOf(stdout);
    }

    public synchronized List<String> stderr() {
        return List.copyOf(stderr);
    }

    /** What happened, with the command and all output so far. */
    public synchronized String describe(String what) {
        return "%s%n$ %s%n%s%n--- stderr%n%s%n--- %s"
                .formatted(
                        what,
                        String.join(" ", command),
                        String.join("\n", stdout),
                        String.join("\n", stderr),
                        process.isAlive() ? "still running" : "exit code " + process.exitValue());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
