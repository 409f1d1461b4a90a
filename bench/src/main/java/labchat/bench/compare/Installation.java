package labchat.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import labchat.bench.report.BenchException;

/** What there is to start. */
final class Installation {

    private final Path root;
    private final String mosquitto;
    private final String mosquittoVersion;

    /** @param root the project's folder */
    Installation(Path root) {
        this.root = root;
        mosquitto = Stream.of("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElseThrow(() -> new BenchException(
                        "there is no mosquitto to compare with; on Debian or Ubuntu: sudo apt-get install mosquitto"));
        mosquittoVersion = version(mosquitto);
        if (!Files.exists(Path.of(brokerJar()))) {
            throw new BenchException("there is no %s; run bench/compare, which builds it".formatted(brokerJar()));
        }
    }

    private static String version(String mosquitto) {
        try {
            Process process = new ProcessBuilder(mosquitto, "-h")
                    .redirectErrorStream(true)
                    .start();
            String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = Pattern.compile("mosquitto version (\\S+)").matcher(help);
            return version.find() ? version.group(1) : "";
        } catch (IOException e) {
            throw new BenchException("%s cannot be run: %s".formatted(mosquitto, e.getMessage()), e);
        }
    }

    Path root() {
        return root;
    }

    String mosquitto() {
        return mosquitto;
    }

    String mosquittoVersion() {
        return mosquittoVersion;
    }

    String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    String brokerJar() {
        return root.resolve("broker/target/broker.jar").toString();
    }

    String benchJar() {
        return root.resolve("bench/target/bench.jar").toString();
    }

    /** Those of ./run. */
    List<String> brokerJavaOptions() {
        List<String> options = new ArrayList<>();
        try {
            Matcher run =
                    Pattern.compile("LABCHAT_JAVA_OPTIONS:-([^}]*)}").matcher(Files.readString(root.resolve("run")));
            options.addAll(List.of((run.find() ? run.group(1) : "").trim().split(" +")));
        } catch (IOException e) {
            throw new BenchException("cannot read ./run, which says how the broker is started: " + e.getMessage(), e);
        }
        if (Runtime.version().feature() >= 23) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        return options;
    }

    /** Empty if its libraries could not be had. */
    Optional<String> hiveMqClassPath() {
        Path file = root.resolve("bench/hivemq/target/class-path.txt");
        Path classes = root.resolve("bench/hivemq/target/classes");
        try {
            return Files.exists(file) && Files.exists(classes.resolve("labchat/bench/hivemq/HiveMqPeer.class"))
                    ? Optional.of(classes + ":" + Files.readString(file).trim())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** This machine in a sentence. */
    String machine() {
        return "%d cores (%s), %d GB of memory, Linux %s, Java %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        field("/proc/cpuinfo", "model name"),
                        Math.round(Long.parseLong(
                                        field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""))
                                / 1e6),
                        System.getProperty("os.version"),
                        Runtime.version());
    }

    private static String field(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("0");
        } catch (IOException e) {
            return "0";
        }
    }
}
