package labchat.broker.command;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.Setting;
import picocli.CommandLine.Option;

/** Which files a command works on: found as {@code serve} finds them. */
final class FileOptions {

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

    @Option(
            order = 2,
            names = "--users",
            paramLabel = "FILE",
            description = "Names and passwords (default: users.conf).")
    void users(String text) {
        settings.put(Setting.PASSWORD_FILE, text);
    }

    @Option(order = 3, names = "--acl", paramLabel = "FILE", description = "Who may do what (default: acl.conf).")
    void acl(String text) {
        settings.put(Setting.ACL_FILE, text);
    }

    @Option(order = 4, names = "--acl-subscribe", paramLabel = "MODE", description = "strict (default) or mosquitto.")
    void aclSubscribe(String text) {
        settings.put(Setting.ACL_SUBSCRIBE, text);
    }

    /** @throws CommandFailure with every problem of the settings */
    ConfigLoader.Loaded load() {
        ConfigLoader.Loaded loaded = ConfigLoader.load(settings, System.getenv(), config, Optional.empty());
        if (!loaded.problems().isEmpty()) {
            throw CommandFailure.problems(loaded.problems());
        }
        return loaded;
    }
}
