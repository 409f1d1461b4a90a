package labchat.broker.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;

/**
 * Puts the settings together: options over the environment over {@code broker.conf} over what they are unless set. All
 * problems are collected, so that staff see them together.
 */
public final class ConfigLoader {

    /** Read if it is there and no other is named. */
    public static final Path STANDARD_FILE = Path.of("broker.conf");

    private static final long MAX_PACKET_BYTES = 268_435_455;

    private final Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ConfigLoader() {}

    /**
     * What was put together.
     *
     * @param config to be used only if there are no problems
     * @param passwordIterations for the passwords that this program hashes
     * @param texts what each setting is, as it would be written
     * @param problems every mistake in options, environment and file
     */
    public record Loaded(
            BrokerConfig config, int passwordIterations, Map<Setting, String> texts, List<ConfigProblem> problems) {
        public Loaded {
            texts = Map.copyOf(texts);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Loads.
     *
     * @param options what the command line sets
     * @param environment all variables; an empty one counts as not set
     * @param file the file named on the command line
     * @param readyFile see {@link BrokerConfig#readyFile()}
     */
    public static Loaded load(
            Map<Setting, String> options,
            Map<String, String> environment,
            Optional<Path> file,
            Optional<Path> readyFile) {
        ConfigLoader loader = new ConfigLoader();
        loader.addFile(file);
        loader.addEnvironment(environment);
        loader.addOptions(options);
        return loader.read(readyFile);
    }

    private void addFile(Optional<Path> named) {
        if (named.isEmpty() && !Files.exists(STANDARD_FILE)) {
            return;
        }
        TextFile text = TextFile.read(named.orElse(STANDARD_FILE), "name another with --config");
        ConfFile file = ConfFile.parse(text);
        values.putAll(file.values());
        problems.addAll(file.problems());
    }

    private void addEnvironment(Map<String, String> environment) {
        for (Setting setting : Setting.values()) {
            String text = environment.getOrDefault(setting.variable(), "").strip();
            if (!text.isEmpty()) {
                values.put(setting, new SettingValue(setting.variable(), 0, setting.variable(), text));
            }
        }
    }

    private void addOptions(Map<Setting, String> options) {
        options.forEach((setting, text) -> {
            String name = setting.option().orElse(setting.word());
            SettingValue value = new SettingValue(name, 0, name, text);
            if (text.isBlank()) {
                problems.add(value.problem("has no value; expected %s".formatted(setting.allowed())));
            } else {
                values.put(setting, value);
            }
        });
    }

    private Loaded read(Optional<Path> readyFile) {
        ValueReader reader = new ValueReader(values);
        Path dataDir = reader.path(Setting.DATA_DIR);
        BrokerConfig config = new BrokerConfig(
                address(reader),
                reader.port(Setting.PORT),
                reader.port(Setting.WEBSOCKET_PORT),
                tls(reader),
                web(reader),
                reader.path(Setting.PASSWORD_FILE),
                reader.path(Setting.ACL_FILE),
                reader.flag(Setting.ALLOW_ANONYMOUS),
                reader.choice(Setting.ACL_SUBSCRIBE, AclSubscribe.class),
                dataDir,
                chatTopics(reader),
                lobby(reader),
                reader.pathOrOff(Setting.TRAFFIC_LOG, dataDir.resolve("traffic.jsonl")),
                reader.flag(Setting.TRAFFIC_LOG_PAYLOAD),
                reader.size(Setting.TRAFFIC_LOG_MAX_BYTES, 1024, Long.MAX_VALUE),
                reader.number(Setting.TRAFFIC_LOG_KEEP, 1, 1000),
                reader.choice(Setting.VALIDATION, ValidationMode.class),
                reader.flag(Setting.VERIFY_SENDER),
                // MQTT's own limit is one byte short of 256m.
                (int) Math.min(MAX_PACKET_BYTES, reader.size(Setting.MAX_PACKET_SIZE, 1024, MAX_PACKET_BYTES + 1)),
                reader.number(Setting.MAX_TEXT_LENGTH, 1, 1_000_000),
                Duration.ofSeconds(reader.number(Setting.CONNECT_TIMEOUT, 1, 300)),
                limits(reader),
                store(reader),
                reader.number(Setting.EVENT_LOOPS, 0, 256),
                Duration.ofSeconds(reader.number(Setting.SYS_INTERVAL, 0, 86_400)),
                readyFile,
                reader.flag(Setting.ALLOW_DEMO_PASSWORDS));
        int iterations = reader.number(Setting.PASSWORD_ITERATIONS, 1, 10_000_000);
        checkPorts(reader, config);
        problems.addAll(reader.problems());
        Map<Setting, String> texts = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            texts.put(setting, reader.text(setting));
        }
        return new Loaded(config, iterations, texts, problems);
    }

    private static TlsConfig tls(ValueReader reader) {
        TlsConfig tls = new TlsConfig(
                reader.port(Setting.TLS_PORT),
                reader.port(Setting.WSS_PORT),
                reader.pathOrNone(Setting.CERTFILE),
                reader.pathOrNone(Setting.KEYFILE),
                reader.pathOrNone(Setting.KEYFILE_PASSWORD_FILE),
                reader.pathOrNone(Setting.CAFILE),
                reader.pathOrNone(Setting.CRLFILE),
                reader.flag(Setting.REQUIRE_CERTIFICATE),
                reader.flag(Setting.USE_IDENTITY_AS_USERNAME));
        if (tls.port().isPresent() || tls.websocketPort().isPresent()) {
            Setting port = tls.port().isPresent() ? Setting.TLS_PORT : Setting.WSS_PORT;
            for (Setting file : List.of(Setting.CERTFILE, Setting.KEYFILE)) {
                if (!reader.isSet(file)) {
                    reader.problem(port, "needs %s too; broker.jar cert create makes one".formatted(file.word()));
                }
            }
        }
        if (tls.certFile().isPresent() != tls.keyFile().isPresent()) {
            Setting set = tls.certFile().isPresent() ? Setting.CERTFILE : Setting.KEYFILE;
            Setting missing = set == Setting.CERTFILE ? Setting.KEYFILE : Setting.CERTFILE;
            if (tls.port().isEmpty() && tls.websocketPort().isEmpty()) {
                reader.problem(set, "needs %s too".formatted(missing.word()));
            }
        }
        if ((tls.requireCertificate() || tls.useIdentityAsUsername())
                && tls.caFile().isEmpty()) {
            Setting why = tls.requireCertificate() ? Setting.REQUIRE_CERTIFICATE : Setting.USE_IDENTITY_AS_USERNAME;
            reader.problem(why, "needs cafile too: who signs clients' certificates");
        }
        if (tls.crlFile().isPresent() && (tls.caFile().isEmpty() || !tls.asksForCertificates())) {
            reader.problem(
                    Setting.CRLFILE,
                    "needs cafile, and require_certificate or use_identity_as_username: without them no client is asked for a certificate");
        }
        return tls;
    }

    private static WebConfig web(ValueReader reader) {
        SignUp signUp = reader.choice(Setting.SIGNUP, SignUp.class);
        Optional<Path> code = reader.pathOrNone(Setting.SIGNUP_CODE_FILE);
        if (signUp == SignUp.CODE && code.isEmpty()) {
            reader.problem(Setting.SIGNUP, "code needs signup_code_file too: a file whose first line is the code");
        }
        List<String> origins = reader.names(Setting.WEBSOCKET_ORIGINS);
        if (!origins.stream().allMatch(WebSocketOrigins::isValid)) {
            reader.notAllowed(Setting.WEBSOCKET_ORIGINS);
        }
        return new WebConfig(
                reader.port(Setting.HTTP_PORT),
                reader.names(Setting.STAFF),
                reader.flag(Setting.STAFF_SEES_MESSAGES),
                signUp,
                code,
                reader.onOrOff(Setting.METRICS),
                WebSocketOrigins.of(origins));
    }

    private static Limits limits(ValueReader reader) {
        return new Limits(
                reader.number(Setting.MAX_CONNECTIONS, 1, 1_000_000),
                reader.number(Setting.MAX_USER_CONNECTIONS, 1, 1_000_000),
                reader.number(Setting.MAX_ADDRESS_CONNECTIONS, 1, 1_000_000),
                reader.number(Setting.MAX_TOPIC_LEVELS, 4, Limits.TOPIC_LEVELS),
                reader.number(Setting.MAX_TOPIC_LENGTH, 64, Limits.TOPIC_LENGTH),
                reader.number(Setting.MAX_SUBSCRIPTIONS, 1, 100_000),
                reader.number(Setting.MAX_PUBLISH_RATE, 0, 10_000_000),
                reader.number(Setting.PUBLISH_BURST, 1, 10_000_000),
                Duration.ofSeconds(reader.number(Setting.MAX_THROTTLED, 1, 86_400)),
                reader.size(Setting.MAX_QUEUED_BYTES, 64L << 10, 1L << 30),
                Duration.ofSeconds(reader.number(Setting.MAX_QUEUED_TIME, 1, 86_400)),
                Duration.ofSeconds(reader.number(Setting.PACKET_TIMEOUT, 1, 300)),
                Duration.ofSeconds(reader.number(Setting.MAX_KEEPALIVE, 10, 43_000)),
                Duration.ofMillis(reader.number(Setting.LOGIN_DELAY, 0, 60_000)),
                reader.number(Setting.MAX_USER_SESSIONS, 1, 100_000),
                reader.age(Setting.PERSISTENT_CLIENT_EXPIRATION));
    }

    private static StoreConfig store(ValueReader reader) {
        return new StoreConfig(
                reader.onOrOff(Setting.STORE),
                reader.choice(Setting.STORE_SYNC, StoreSync.class),
                Duration.ofDays(reader.number(Setting.RETENTION_DAYS, 0, 36_500)),
                reader.size(Setting.RETENTION_SIZE, 0, Long.MAX_VALUE));
    }

    private static String address(ValueReader reader) {
        String text = reader.text(Setting.BIND_ADDRESS);
        try {
            // A name is kept as its address, so that it means the same to all listeners.
            return InetAddress.getByName(text).getHostAddress();
        } catch (UnknownHostException e) {
            reader.notAllowed(Setting.BIND_ADDRESS);
            return text;
        }
    }

    private static ChatTopics chatTopics(ValueReader reader) {
        try {
            return new ChatTopics(reader.text(Setting.CHAT_ROOT));
        } catch (IllegalArgumentException e) {
            reader.problem(Setting.CHAT_ROOT, e.getMessage());
            return ChatTopics.DEFAULT;
        }
    }

    private static Optional<ChatId> lobby(ValueReader reader) {
        String text = reader.text(Setting.LOBBY);
        if (text.equals("off")) {
            return Optional.empty();
        }
        ChatId.problem(text).ifPresent(why -> reader.problem(Setting.LOBBY, why));
        if (text.equals(ChatId.SERVER.value())) {
            reader.problem(Setting.LOBBY, "\"server\" is the server's own id; choose another, or off");
        }
        return ChatId.parse(text);
    }

    private static void checkPorts(ValueReader reader, BrokerConfig config) {
        Map<Setting, Optional<Integer>> mqtt = new EnumMap<>(Setting.class);
        mqtt.put(Setting.PORT, config.port());
        mqtt.put(Setting.WEBSOCKET_PORT, config.websocketPort());
        mqtt.put(Setting.TLS_PORT, config.tls().port());
        mqtt.put(Setting.WSS_PORT, config.tls().websocketPort());
        if (mqtt.values().stream().allMatch(Optional::isEmpty)) {
            reader.problem(Setting.PORT, "is off, and so are all others for MQTT; nobody could connect");
        }
        Map<Setting, Optional<Integer>> all = new EnumMap<>(mqtt);
        all.put(Setting.HTTP_PORT, config.web().port());
        Map<Integer, Setting> taken = new HashMap<>();
        all.forEach((setting, port) -> port.filter(number -> number != 0).ifPresent(number -> {
            Setting first = taken.putIfAbsent(number, setting);
            if (first != null) {
                reader.problem(setting, "%d is %s already; choose another".formatted(number, first.word()));
            }
        }));
    }
}
