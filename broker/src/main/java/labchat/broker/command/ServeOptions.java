package labchat.broker.command;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.Setting;
import picocli.CommandLine.Option;

/** The options of {@code serve}; what they hold is checked with the other settings, so that all problems come together. */
final class ServeOptions {

    private static final String FLAG = "true";

    private final Map<Setting, String> settings = new EnumMap<>(Setting.class);
    private Optional<Path> config = Optional.empty();
    private Optional<Path> readyFile = Optional.empty();
    private boolean check;

    @Option(
            order = 1,
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The settings (default: broker.conf, if there is one).")
    void config(Path file) {
        config = Optional.of(file);
    }

    @Option(order = 2, names = "--bind", paramLabel = "ADDRESS", description = "Where to listen (default: 0.0.0.0).")
    void bind(String text) {
        settings.put(Setting.BIND_ADDRESS, text);
    }

    @Option(
            order = 3,
            names = "--port",
            paramLabel = "PORT",
            description = "MQTT over TCP (default: 1883); 0 any, off none.")
    void port(String text) {
        settings.put(Setting.PORT, text);
    }

    @Option(
            order = 4,
            names = "--ws-port",
            paramLabel = "PORT",
            description = "MQTT over WebSocket, path /mqtt (default: 8083); 0 any, off none.")
    void websocketPort(String text) {
        settings.put(Setting.WEBSOCKET_PORT, text);
    }

    @Option(order = 5, names = "--tls-port", paramLabel = "PORT", description = "MQTT over TLS (default: off); 0 any.")
    void tlsPort(String text) {
        settings.put(Setting.TLS_PORT, text);
    }

    @Option(
            order = 6,
            names = "--wss-port",
            paramLabel = "PORT",
            description = "MQTT over secure WebSocket, path /mqtt (default: off); 0 any.")
    void wssPort(String text) {
        settings.put(Setting.WSS_PORT, text);
    }

    @Option(order = 7, names = "--certfile", paramLabel = "FILE", description = "The server's certificate, PEM.")
    void certFile(String text) {
        settings.put(Setting.CERTFILE, text);
    }

    @Option(order = 8, names = "--keyfile", paramLabel = "FILE", description = "Its private key, PEM.")
    void keyFile(String text) {
        settings.put(Setting.KEYFILE, text);
    }

    @Option(order = 9, names = "--cafile", paramLabel = "FILE", description = "Who signs clients' certificates, PEM.")
    void caFile(String text) {
        settings.put(Setting.CAFILE, text);
    }

    @Option(
            order = 10,
            names = "--http-port",
            paramLabel = "PORT",
            description = "The pages (default: 8080); 0 any, off none.")
    void httpPort(String text) {
        settings.put(Setting.HTTP_PORT, text);
    }

    @Option(
            order = 11,
            names = "--users",
            paramLabel = "FILE",
            description = "Names and passwords (default: users.conf).")
    void users(String text) {
        settings.put(Setting.PASSWORD_FILE, text);
    }

    @Option(order = 12, names = "--acl", paramLabel = "FILE", description = "Who may do what (default: acl.conf).")
    void acl(String text) {
        settings.put(Setting.ACL_FILE, text);
    }

    @Option(
            order = 13,
            names = "--allow-anonymous",
            arity = "0..1",
            fallbackValue = FLAG,
            paramLabel = "true|false",
            description = "Let clients without a user name in.")
    void allowAnonymous(String text) {
        settings.put(Setting.ALLOW_ANONYMOUS, text);
    }

    @Option(
            order = 14,
            names = "--acl-subscribe",
            paramLabel = "MODE",
            description =
                    "strict (default): grant only filters that may be read wholly; mosquitto: check each delivery.")
    void aclSubscribe(String text) {
        settings.put(Setting.ACL_SUBSCRIBE, text);
    }

    @Option(order = 15, names = "--data", paramLabel = "DIR", description = "Store and logs (default: data).")
    void data(String text) {
        settings.put(Setting.DATA_DIR, text);
    }

    @Option(order = 16, names = "--store", paramLabel = "on|off", description = "Keep messages on disk (default: on).")
    void store(String text) {
        settings.put(Setting.STORE, text);
    }

    @Option(
            order = 17,
            names = "--chat-root",
            paramLabel = "TOPIC",
            description = "Where the chat lives (default: ttm4175/chat).")
    void chatRoot(String text) {
        settings.put(Setting.CHAT_ROOT, text);
    }

    @Option(
            order = 18,
            names = "--traffic-log",
            paramLabel = "FILE",
            description = "One JSON object a packet (default: data/traffic.jsonl); off none.")
    void trafficLog(String text) {
        settings.put(Setting.TRAFFIC_LOG, text);
    }

    @Option(
            order = 19,
            names = "--allow-demo-passwords",
            arity = "0..1",
            fallbackValue = FLAG,
            paramLabel = "true|false",
            description = "Serve other machines although some password is the name itself.")
    void allowDemoPasswords(String text) {
        settings.put(Setting.ALLOW_DEMO_PASSWORDS, text);
    }

    @Option(
            order = 20,
            names = "--ready-file",
            paramLabel = "FILE",
            description = "Written as JSON when all ports answer, removed at the end.")
    void readyFile(Path file) {
        readyFile = Optional.of(file);
    }

    @Option(order = 21, names = "--check", description = "Check settings and files, and end.")
    void check(boolean on) {
        check = on;
    }

    /** These options, where they are set, over those in front of the command's name. */
    ServeOptions over(ServeOptions outer) {
        ServeOptions merged = new ServeOptions();
        merged.settings.putAll(outer.settings);
        merged.settings.putAll(settings);
        merged.config = config.or(() -> outer.config);
        merged.readyFile = readyFile.or(() -> outer.readyFile);
        merged.check = check || outer.check;
        return merged;
    }

    /** Puts them together with environment and file. */
    ConfigLoader.Loaded load() {
        return ConfigLoader.load(settings, System.getenv(), config, readyFile);
    }

    /** The file of settings, if it is named. */
    Optional<Path> config() {
        return config;
    }

    boolean isCheck() {
        return check;
    }
}
