package labchat.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The packaged broker as staff start it, on free ports, with the repository's own files unless told otherwise. */
public final class BrokerProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);

    private final TestProcess process;
    private final Path directory;
    private final String ready;

    private BrokerProcess(TestProcess process, Path directory, String ready) {
        this.process = process;
        this.directory = directory;
        this.ready = ready;
    }

    /** The repository's top directory. */
    public static Path root() {
        return Path.of(System.getProperty("labchat.root"));
    }

    /**
     * Runs the jar with any arguments.
     *
     * @param directory where it runs, empty at first, so that nothing of the machine is picked up
     */
    public static TestProcess run(Path directory, List<String> arguments) throws IOException {
        return run(directory, List.of(), arguments);
    }

    private static TestProcess run(Path directory, List<String> javaOptions, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.add("-jar");
        command.add(root().resolve("broker/target/broker.jar").toString());
        command.addAll(arguments);
        return TestProcess.start(directory, Map.of(), command);
    }

    /**
     * Starts it and waits until it says in its ready file that it answers.
     *
     * @param options behind those for free ports, files, data directory and ready file, so that they win
     */
    public static BrokerProcess start(Path directory, String... options) throws IOException {
        return startWith(directory, List.of(), options);
    }

    /** The same, in a virtual machine with these options. */
    public static BrokerProcess startWith(Path directory, List<String> javaOptions, String... options)
            throws IOException {
        Path readyFile = directory.resolve("ready.json");
        // A broker that was killed has left it.
        Files.deleteIfExists(readyFile);
        List<String> arguments = new ArrayList<>(List.of("serve"));
        arguments.addAll(List.of("--ready-file", readyFile.toString()));
        arguments.addAll(List.of("--data", directory.resolve("data").toString()));
        List<String> given = List.of(options);
        addUnlessGiven(arguments, given, "--bind", "127.0.0.1");
        addUnlessGiven(arguments, given, "--port", "0");
        addUnlessGiven(arguments, given, "--ws-port", "0");
        addUnlessGiven(arguments, given, "--http-port", "0");
        addUnlessGiven(arguments, given, "--users", root().resolve("users.conf").toString());
        addUnlessGiven(arguments, given, "--acl", root().resolve("acl.conf").toString());
        arguments.addAll(given);
        TestProcess process = run(directory, javaOptions, arguments);
        try {
            Awaitility.await()
                    .atMost(START)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> Files.exists(readyFile)
                                    && Files.readString(readyFile).contains("}")
                            || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            AssertionError failure = new AssertionError(process.describe("the broker is not ready after " + START), e);
            process.close();
            throw failure;
        }
        if (!Files.exists(readyFile)) {
            process.exitCode(START);
            throw new AssertionError(process.describe("the broker ended before it was ready"));
        }
        return new BrokerProcess(process, directory, Files.readString(readyFile));
    }

    private static void addUnlessGiven(List<String> arguments, List<String> given, String option, String value) {
        if (!given.contains(option)) {
            arguments.add(option);
            arguments.add(value);
        }
    }

    /** The ready file's text. */
    public String ready() {
        return ready;
    }

    public int mqttPort() {
        return port("mqtt");
    }

    public int webSocketPort() {
        return port("ws");
    }

    public int httpPort() {
        return port("http");
    }

    /** The port of a listener by its name in the ready file. */
    public int port(String listener) {
        Matcher port = Pattern.compile("\"" + listener + "\"\\s*:\\s*(\\d+)").matcher(ready);
        if (!port.find()) {
            throw new AssertionError("no port of %s in the ready file: %s".formatted(listener, ready));
        }
        return Integer.parseInt(port.group(1));
    }

    /** The port of a transport. */
    public int port(Wire wire) {
        return wire.isWebSocket() ? webSocketPort() : mqttPort();
    }

    public TestProcess process() {
        return process;
    }

    /** The process's resident memory, in megabytes, as Linux counts it. */
    public long residentMegabytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .map(line -> line.replaceAll("[^0-9]", ""))
                            .mapToLong(Long::parseLong)
                            .findFirst()
                            .orElseThrow()
                    / 1024;
        }
    }

    /** The traffic log's lines so far. */
    public List<String> traffic() throws IOException {
        return Files.readAllLines(directory.resolve("data/traffic.jsonl"));
    }

    @Override
    public void close() {
        process.close();
    }
}
