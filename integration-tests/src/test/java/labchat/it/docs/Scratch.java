package labchat.it.docs;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import labchat.it.support.PythonPeer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The folder in which a page's blocks are run, one after the other: with the jars, the files of the repository's top
 * folder, a home of its own, and free ports in place of those that the page names.
 */
final class Scratch implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** The ports that pages name, with the setting of the broker that has each as its default, if one has. */
    private static final Map<String, Optional<String>> PORTS = ports();

    /** Begins elsewhere in each run, so that two at a time on one machine rarely meet. */
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 1_000) * 10);

    /** The hosts that pages name. */
    private static final List<String> HOSTS = List.of("lab.example.org", "broker.example.org", "broker.example");

    /** A block that goes on. */
    private record Running(Process process, Path output, Block block, List<String> shown) {}

    private final Path directory;
    private final Path home;
    private final Path programs;
    private final Map<String, String> replacements = new LinkedHashMap<>();
    private final List<Running> running = new ArrayList<>();
    private final Path state;
    private Optional<Running> broker = Optional.empty();
    private int count;

    Scratch(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory.resolve("labchat"));
        this.home = Files.createDirectories(directory.resolve("home/.config/labchat"))
                .getParent()
                .getParent();
        this.programs = Files.createDirectories(directory.resolve("bin"));
        this.state = directory.resolve("state");
        for (String port : PORTS.keySet()) {
            replacements.put(port, Integer.toString(freePort()));
        }
        lay();
    }

    /**
     * A port that nobody listens on, out of those that the system gives to no connection and to nobody who asks for any
     * port: it has to stay free until a block of the page uses it.
     */
    private static int freePort() {
        while (true) {
            int port = NEXT_PORT.getAndIncrement();
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken; the next one.
                if (port > 32_000) {
                    throw new IllegalStateException("no free port below 32000", e);
                }
            }
        }
    }

    private static Map<String, Optional<String>> ports() {
        Map<String, Optional<String>> ports = new LinkedHashMap<>();
        ports.put("1883", Optional.of("LABCHAT_PORT"));
        ports.put("8083", Optional.of("LABCHAT_WEBSOCKET_PORT"));
        ports.put("8080", Optional.of("LABCHAT_HTTP_PORT"));
        ports.put("8883", Optional.empty());
        ports.put("8084", Optional.empty());
        return ports;
    }

    private void lay() throws IOException {
        Path root = BrokerProcess.root();
        for (String jar : List.of("broker", "client-cli")) {
            Path built = root.resolve(jar + "/target/" + jar + ".jar");
            Files.createSymbolicLink(directory.resolve(jar + ".jar"), built);
            Files.createDirectories(directory.resolve(jar + "/target"));
            Files.createSymbolicLink(directory.resolve(jar + "/target/" + jar + ".jar"), built);
        }
        for (String file : List.of("users.conf", "acl.conf")) {
            Files.copy(root.resolve(file), directory.resolve(file));
        }
        for (String folder : List.of("examples", "docker")) {
            if (Files.exists(root.resolve(folder))) {
                Files.createSymbolicLink(directory.resolve(folder), root.resolve(folder));
            }
        }
        // ./run builds first, which is done already.
        program(directory.resolve("run"), "exec java -jar broker/target/broker.jar serve \"$@\"");
        program(
                programs.resolve("java"),
                "exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m \"$@\""
                        .formatted(Path.of(System.getProperty("java.home"), "bin", "java")));
        program(programs.resolve("labchat"), "exec java -jar '%s/client-cli.jar' \"$@\"".formatted(directory));
        program(programs.resolve("labchat-broker"), "exec java -jar '%s/broker.jar' \"$@\"".formatted(directory));
        program(programs.resolve("python3"), "exec '%s' -u \"$@\"".formatted(PythonPeer.PYTHON));
        // Who gives no port means the standard one.
        Files.writeString(home.resolve(".config/labchat/config"), "port " + replacements.get("1883") + "\n");
        for (String client : List.of("mosquitto_pub", "mosquitto_sub")) {
            Files.writeString(home.resolve(".config/" + client), "-p " + replacements.get("1883") + "\n");
        }
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + text + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }

    private String replaced(String text) {
        String result = text;
        for (Map.Entry<String, String> port : replacements.entrySet()) {
            result = result.replaceAll("(?<![\\d.])" + port.getKey() + "(?![\\d.]\\d|\\d)", port.getValue());
        }
        for (String host : HOSTS) {
            result = result.replace(host, "localhost");
        }
        return result;
    }

    /** Starts a broker on the repository's accounts and rules, for a page that says that one runs. */
    void startBroker(Path page) throws IOException {
        run(new Block(
                page,
                1,
                "sh",
                Mark.of("background, until \"is ready\""),
                List.of("java -jar broker.jar --bind 127.0.0.1")));
        broker = Optional.of(running.remove(running.size() - 1));
    }

    /** Runs a block, or writes it to its file. */
    void run(Block block) throws IOException {
        if (block.mark().stop()) {
            stop();
        }
        if (block.mark().stopBroker()) {
            broker.ifPresent(one -> end(one.process()));
        }
        Optional<String> file = Page.fileOf(block);
        if (file.isPresent()) {
            Path written = directory.resolve(file.get());
            Files.createDirectories(written.getParent());
            Files.writeString(written, replaced(block.text()));
            return;
        }
        count++;
        List<List<String>> shown = new ArrayList<>();
        String commands = block.language().equals("python") ? python(block) : shell(block, shown);
        Path script = directory.resolveSibling("block" + count + ".sh");
        Path output = directory.resolveSibling("block" + count + ".out");
        Files.writeString(script, """
                set %6$so pipefail
                if [ -e '%1$s' ]; then . '%1$s'; cd "$PWD"; fi
                %2$s
                %3$s
                %4$s
                %5$s
                """.formatted(
                        state,
                        block.mark()
                                .in()
                                .map(folder -> "mkdir -p '%1$s' && cd '%1$s'".formatted(directory.resolve(folder)))
                                .orElse(""),
                        block.mark()
                                .user()
                                .map(user -> "export LABCHAT_PASSWORD=" + user)
                                .orElse(""),
                        replaced(prepared(block) + commands),
                        block.mark().background() || block.mark().user().isPresent()
                                ? ""
                                : "rc=$?; declare -px >'" + state + "'; exit $rc",
                        // The first line that fails ends a block, unless one is to fail.
                        block.mark().exit() == 0 ? "-e" : "-"));
        ProcessBuilder builder = new ProcessBuilder("setsid", "bash", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("LABCHAT_") || name.startsWith("XDG_"));
        environment.put("HOME", home.toString());
        environment.put("PATH", programs + ":/usr/sbin:" + environment.get("PATH"));
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("TZ", "UTC");
        environment.put("TERM", "dumb");
        for (Map.Entry<String, Optional<String>> port : PORTS.entrySet()) {
            port.getValue().ifPresent(name -> environment.put(name, replacements.get(port.getKey())));
        }
        Process process = builder.start();
        if (block.mark().background()) {
            Running started = new Running(
                    process, output, block, shown.stream().flatMap(List::stream).toList());
            running.add(started);
            block.mark()
                    .until()
                    .ifPresent(text -> await(
                            started,
                            "\"" + text + "\" in its output",
                            () -> Files.readString(output).contains(text)));
            type(block.mark().input(), process);
            return;
        }
        type(block.mark().input(), process);
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                end(process);
                throw failure(block, "did not end within " + PATIENCE, output);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        // What the block has left behind.
        signal("-KILL", process);
        if (block.mark().exit() != Mark.ANY
                && process.exitValue() != block.mark().exit()) {
            throw failure(
                    block,
                    "ended with exit status " + process.exitValue() + ", not "
                            + block.mark().exit(),
                    output);
        }
        replacePortsInSettings();
        List<String> sections = List.of(Files.readString(output).split("\u001e\n", -1));
        for (int i = 0; i < shown.size(); i++) {
            Optional<String> missing = ShownOutput.missing(
                    shown.get(i).stream().map(this::replaced).toList(),
                    sections.get(i + 1).lines().toList());
            if (missing.isPresent()) {
                throw failure(block, "the page shows a line that was not printed: " + missing.get(), output);
            }
        }
    }

    private static void type(String input, Process process) throws IOException {
        try {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            // It has ended already; a block with an input that it does not wait for is its own affair.
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    /** A page's broker.conf names ports too, when a command has made it. */
    private void replacePortsInSettings() throws IOException {
        try (Stream<Path> files = Files.walk(directory, 3)) {
            for (Path file : files.filter(path -> path.endsWith("broker.conf")).toList()) {
                String text = Files.readString(file);
                if (!replaced(text).equals(text)) {
                    Files.writeString(file, replaced(text));
                }
            }
        }
    }

    private String python(Block block) throws IOException {
        Path program = directory.resolve("block" + count + ".py");
        String text = block.text();
        if (block.mark().inside().isPresent()) {
            String frame = resource(block.mark().inside().get());
            text = frame.replace("# BLOCK\n", text);
        }
        Files.writeString(program, replaced(text));
        return "python3 " + program.getFileName();
    }

    private static String prepared(Block block) throws IOException {
        return block.mark().after().isPresent() ? resource(block.mark().after().get()) : "";
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Scratch.class.getResourceAsStream("/docs/" + name)) {
            if (in == null) {
                throw new AssertionError("no " + name + " in integration-tests/src/test/resources/docs");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String shell(Block block, List<List<String>> shown) {
        if (!block.language().equals("console")) {
            return block.text();
        }
        StringBuilder commands = new StringBuilder();
        boolean goesOn = false;
        for (String line : block.lines()) {
            if (line.startsWith("$ ")) {
                commands.append("printf '\\036\\n'\n").append(line.substring(2)).append('\n');
                shown.add(new ArrayList<>());
                goesOn = line.endsWith("\\");
            } else if (goesOn) {
                commands.append(line).append('\n');
                goesOn = line.endsWith("\\");
            } else if (shown.isEmpty()) {
                throw new AssertionError(block.where() + "a console block begins with \"$ \" and a command");
            } else {
                shown.get(shown.size() - 1).add(line);
            }
        }
        return commands.toString();
    }

    private interface Check {
        boolean isTrue() throws IOException;
    }

    private static void await(Running running, String what, Check check) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> check.isTrue() || !running.process().isAlive());
            if (!check.isTrue()) {
                throw failure(running.block(), "ended before there was " + what, running.output());
            }
        } catch (ConditionTimeoutException e) {
            throw failure(running.block(), "there was no " + what, running.output());
        } catch (IOException e) {
            throw new AssertionError(running.block().where() + e.getMessage(), e);
        }
    }

    private static AssertionError failure(Block block, String what, Path output) {
        String printed;
        try {
            printed = Files.readString(output);
        } catch (IOException e) {
            printed = e.getMessage();
        }
        return new AssertionError("%s%s%n%s--- printed:%n%s".formatted(block.where(), what, block.text(), printed));
    }

    /** Ends what goes on, the newest first; each must have printed what the page shows of it. */
    private void stop() {
        for (int i = running.size() - 1; i >= 0; i--) {
            Running one = running.get(i);
            running.remove(i);
            try {
                List<String> shown = one.shown().stream().map(this::replaced).toList();
                await(
                        one,
                        "line as the page shows it",
                        () -> ShownOutput.missing(shown, Files.readAllLines(one.output()))
                                .isEmpty());
            } finally {
                end(one.process());
            }
        }
    }

    /** Sends it to all processes of a block, which is the leader of their group. */
    private static void signal(String signal, Process process) {
        try {
            new ProcessBuilder("kill", signal, "--", "-" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new AssertionError("cannot signal a process", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void end(Process process) {
        try {
            for (String signal : List.of("-TERM", "-KILL")) {
                signal(signal, process);
                if (process.waitFor(10, TimeUnit.SECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Ends what goes on and compares what it has printed. */
    void finish() {
        stop();
    }

    @Override
    public void close() throws IOException {
        running.forEach(one -> end(one.process()));
        broker.ifPresent(one -> end(one.process()));
        // Links to the repository must not be there when JUnit deletes the folder.
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }
}
