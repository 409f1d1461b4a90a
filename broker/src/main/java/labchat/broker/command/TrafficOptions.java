package labchat.broker.command;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.Setting;
import picocli.CommandLine.Option;

/** Which traffic log a command reads: found as {@code serve} finds it. */
final class TrafficOptions {

    private final Map<Setting, String> settings = new EnumMap<>(Setting.class);
    private Optional<Path> config = Optional.empty();

    @Option(
            order = 20,
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The settings (default: broker.conf, if there is one).")
    void config(Path file) {
        config = Optional.of(file);
    }

    @Option(order = 21, names = "--data", paramLabel = "DIR", description = "Where the log is (default: data).")
    void data(String text) {
        settings.put(Setting.DATA_DIR, text);
    }

    @Option(
            order = 22,
            names = {"--log", "--traffic-log"},
            paramLabel = "FILE",
            description = {
                "The traffic log (default: traffic.jsonl there). Files that were set aside",
                "are found beside it."
            })
    void log(String text) {
        settings.put(Setting.TRAFFIC_LOG, text);
    }

    /** @throws CommandFailure with every problem of the settings */
    BrokerConfig load() {
        ConfigLoader.Loaded loaded = ConfigLoader.load(settings, System.getenv(), config, Optional.empty());
        if (!loaded.problems().isEmpty()) {
            throw CommandFailure.problems(loaded.problems());
        }
        return loaded.config();
    }

    /** @throws CommandFailure if the settings say that there is none */
    static Path log(BrokerConfig config) {
        return config.trafficLog()
                .orElseThrow(() -> CommandFailure.failure(
                        "traffic_log is off, so this broker writes no traffic log; name an older one with --log FILE"));
    }

    /** What to say if there is no such log. */
    static CommandFailure missing(Path log) {
        return CommandFailure.failure(
                "%s: no such traffic log; a broker writes it when it runs, --data DIR or --log FILE names another"
                        .formatted(log));
    }
}
