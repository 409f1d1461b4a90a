package labchat.broker.command;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.Setting;
import labchat.broker.store.sqlite.SqliteStore;
import picocli.CommandLine.Option;

/** Which store a command works on: found as {@code serve} finds it. */
final class DataOptions {

    private final Map<Setting, String> settings = new EnumMap<>(Setting.class);
    private Optional<Path> config = Optional.empty();

    @Option(
            order = 1,
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The settings (default: broker.conf, if there is one).")
    void config(Path file) {
        config = Optional.of(file);
    }

    @Option(order = 2, names = "--data", paramLabel = "DIR", description = "Where the store is (default: data).")
    void data(String text) {
        settings.put(Setting.DATA_DIR, text);
    }

    /**
     * The store's file, which need not be there.
     *
     * @throws CommandFailure with every problem of the settings
     */
    Path file() {
        return directory(true).resolve(SqliteStore.FILE_NAME);
    }

    /** The data directory of a broker that may be running already; mistakes in other settings are its business. */
    Path directory() {
        return directory(false);
    }

    private Path directory(boolean strict) {
        ConfigLoader.Loaded loaded = ConfigLoader.load(settings, System.getenv(), config, Optional.empty());
        if (strict && !loaded.problems().isEmpty()) {
            throw CommandFailure.problems(loaded.problems());
        }
        return loaded.config().dataDir();
    }
}
