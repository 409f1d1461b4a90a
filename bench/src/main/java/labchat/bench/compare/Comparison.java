package labchat.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import labchat.bench.accounts.Accounts;
import labchat.bench.report.BenchException;

/** Runs each workload against each broker, in turn and more than once, each time freshly started. */
public final class Comparison {

    /**
     * How it is done.
     *
     * @param quick only what fits into a few minutes
     * @param rounds how often everything is run; fewer if the time is over
     * @param minutes no round is begun that would end later
     * @param workloads empty for all
     * @param candidates empty for all
     * @param page whose part between the markers is written anew; null to print only
     */
    public record Options(
            Path root,
            boolean quick,
            int rounds,
            double minutes,
            double warmUp,
            double seconds,
            Set<String> workloads,
            Set<String> candidates,
            Path page,
            String command) {}

    private static final String BEGIN = "<!-- bench/compare writes from here";
    private static final String END = "<!-- to here -->";
    /** A thousand for the workloads, and others whose first logins a server has done before it is measured. */
    private static final int USERS = 3100;

    private static final int MORE_RULES = 10_000;
    private static final int START_PATIENCE_SECONDS = 60;

    private final Options options;
    private final Clock clock;
    private final Installation installed;
    private final List<Candidate> candidates;
    private final List<Workload> workloads;
    private final Results results = new Results();
    private Path folder;
    private int roundsDone;

    public Comparison(Options options, Clock clock) {
        this.options = options;
        this.clock = clock;
        installed = new Installation(options.root());
        Set<String> quick = Set.of(Candidate.BASE, "labchat", "no-store-no-log", "moquette");
        candidates = Candidate.all(installed).stream()
                .filter(candidate -> options.candidates().isEmpty()
                        ? options.quick()
                                ? quick.contains(candidate.id())
                                : !candidate.id().equals(Candidate.MANY_RULES)
                        : options.candidates().contains(candidate.id()))
                .toList();
        workloads = Workload.all().stream()
                .filter(workload -> options.workloads().isEmpty()
                        ? !options.quick() || workload.quick()
                        : options.workloads().contains(workload.id()))
                .toList();
        check(
                "--workload",
                options.workloads(),
                Workload.all().stream().map(Workload::id).toList());
        check(
                "--server",
                options.candidates(),
                Candidate.all(installed).stream().map(Candidate::id).toList());
    }

    private static void check(String option, Set<String> given, List<String> known) {
        for (String one : given) {
            if (!known.contains(one)) {
                throw new BenchException("%s \"%s\": there is %s".formatted(option, one, String.join(", ", known)));
            }
        }
    }

    /** Runs all, prints the tables and writes them into the page. */
    public void run() {
        try {
            folder = Files.createTempDirectory("labchat-bench");
            try {
                long start = clock.millis();
                for (int round = 0; round < options.rounds(); round++) {
                    long used = clock.millis() - start;
                    if (round > 0 && used * (round + 1) / round > options.minutes() * 60_000) {
                        break;
                    }
                    round(round);
                    roundsDone++;
                }
            } finally {
                delete(folder);
            }
            String text = text();
            System.out.println(text);
            if (options.page() != null) {
                write(text);
            }
        } catch (IOException e) {
            throw new BenchException("cannot write: " + e.getMessage(), e);
        }
    }

    private void round(int round) throws IOException {
        List<Candidate> order = new ArrayList<>(candidates);
        Collections.rotate(order, -round);
        for (Workload workload : workloads) {
            for (Candidate candidate : order) {
                if (workload.isFor(candidate)) {
                    one(round, workload, candidate);
                }
            }
        }
    }

    private void one(int round, Workload workload, Candidate candidate) throws IOException {
        System.err.printf("round %d: %s, %s ... ", round + 1, workload.id(), candidate.title());
        Path own = Files.createDirectories(folder.resolve(round + "-" + workload.id() + "-" + candidate.id()));
        int port = freePort();
        files(own, port);
        long begun = System.nanoTime();
        Process server = new ProcessBuilder(candidate.start().command(own, port))
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("server.log").toFile())
                .start();
        // So that nothing goes on when somebody stops the comparison.
        Thread stop = new Thread(server::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            double startMillis = awaitPort(server, port, begun, own);
            List<String> command = new ArrayList<>(
                    List.of(installed.java(), "-XX:+UseSerialGC", "-Xms1g", "-jar", installed.benchJar()));
            command.addAll(workload.arguments());
            command.addAll(List.of(
                    "--port",
                    Integer.toString(port),
                    "--pid",
                    Long.toString(server.pid()),
                    "--users",
                    Integer.toString(USERS)));
            if (workload.measured()) {
                command.addAll(List.of(
                        "--warm-up",
                        Double.toString(options.warmUp()),
                        "--seconds",
                        Double.toString(options.seconds())));
            }
            if (workload.isFanoutToRoom() && candidate.keepsRooms()) {
                command.add("--membership");
            }
            Path output = own.resolve("load.json");
            Path errors = own.resolve("load.err");
            Process load = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!load.waitFor(5, TimeUnit.MINUTES)) {
                load.destroyForcibly();
            }
            String json = Files.readString(output).trim();
            if (load.waitFor() != 0 || json.isEmpty()) {
                System.err.println("failed: " + Files.readString(errors).trim());
                return;
            }
            results.add(workload.id(), candidate.id(), round, json, startMillis);
            System.err.println(json.replaceAll(
                    ".*?\"(?:messages|deliveries|first|connects|stored)_per_second\":([0-9.]+).*", "$1/s"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } finally {
            server.destroy();
            removeHook(stop);
            try {
                if (!server.waitFor(10, TimeUnit.SECONDS)) {
                    server.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                server.destroyForcibly();
                Thread.currentThread().interrupt();
            }
            delete(own);
            settle();
        }
    }

    /** What one run has left in memory for the disk must not be written during the next. */
    private static void settle() throws IOException {
        try {
            new ProcessBuilder("sync").inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The same users and rules for all who read them. */
    private void files(Path own, int port) throws IOException {
        Path users = folder.resolve("users.conf");
        if (!Files.exists(users)) {
            Accounts.write(
                    users,
                    USERS,
                    number -> Accounts.PATTERN.formatted(number + 1),
                    Accounts.PASSWORD,
                    Accounts.ITERATIONS);
        }
        Files.copy(users, own.resolve("users.conf"));
        // Where rooms have no members, a rule lets everybody read the one that is used; where they have, members
        // decide.
        String rules = Files.readString(options.root().resolve("acl.conf"))
                .replaceFirst("(?m)^user ", "pattern read ttm4175/chat/bench_room/#\n\nuser ");
        Files.writeString(own.resolve("acl.conf"), rules);
        Files.writeString(own.resolve("many.conf"), rules + "\n" + manyRules());
        String limits = """
                max_publish_rate 0
                max_connections 100000
                max_user_connections 100000
                max_address_connections 100000
                """;
        Files.writeString(own.resolve("broker.conf"), limits);
        Files.writeString(own.resolve("unchecked.conf"), limits + "validation off\n");
        Files.writeString(own.resolve("mosquitto.conf"), """
                listener %d 127.0.0.1
                set_tcp_nodelay true
                allow_anonymous false
                password_file %s
                acl_file %s
                user %s
                """.formatted(
                        port, own.resolve("users.conf"), own.resolve("acl.conf"), System.getProperty("user.name")));
    }

    /** About others' topics, half of them users' own and half patterns. */
    private static String manyRules() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < MORE_RULES; i += 2) {
            lines.append("user other%d%ntopic read lab/group%d/+/data%npattern read lab/group%d/%%u/#%n"
                    .formatted(i % 1000, i, i));
        }
        return lines.toString();
    }

    private static double awaitPort(Process server, int port, long begun, Path own)
            throws IOException, InterruptedException {
        while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(START_PATIENCE_SECONDS)) {
            if (!server.isAlive()) {
                throw new BenchException("the server ended at its start: " + log(own));
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return (System.nanoTime() - begun) / 1e6;
            } catch (IOException e) {
                Thread.sleep(5);
            }
        }
        throw new BenchException("the server takes no connections: " + log(own));
    }

    private static String log(Path own) throws IOException {
        return Files.readString(own.resolve("server.log")).trim();
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private String text() {
        return """
                %s: medians of %d %s on %s, by

                <!-- test: skip, takes minutes -->
                ```sh
                %s
                ```

                on %s. Broker and load share the cores.

                %s
                %s
                %s
                \\* = in at least one run something that was sent did not arrive.
                """.formatted(
                        options.quick() ? "The short comparison" : "The comparison",
                        roundsDone,
                        roundsDone == 1 ? "round" : "rounds",
                        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC),
                        options.command(),
                        installed.machine(),
                        results.table("more is better", Metric.RATES, candidates),
                        results.table("less is better", Metric.COSTS, candidates),
                        results.losses(candidates));
    }

    private void write(String text) throws IOException {
        String page = Files.readString(options.page(), StandardCharsets.UTF_8);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new BenchException("%s has no line \"%s\" with \"%s\" behind it, so nothing was written into it"
                    .formatted(options.page(), BEGIN, END));
        }
        int from = page.indexOf('\n', begin) + 1;
        Files.writeString(options.page(), page.substring(0, from) + "\n" + text + "\n" + page.substring(end));
        System.err.println("written into " + options.page());
    }
}
