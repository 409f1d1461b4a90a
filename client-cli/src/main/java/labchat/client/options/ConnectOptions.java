package labchat.client.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import labchat.client.session.ConnectSettings;
import labchat.client.session.MqttVersion;
import labchat.client.session.Password;
import labchat.client.tls.ClientIdentity;
import labchat.client.tls.ClientTls;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The options that all commands share. What is given on the command line wins over the profile asked for, that over the
 * rest of the configuration file, that over the defaults.
 */
public final class ConnectOptions {

    /** The port of MQTT over TCP. */
    static final int DEFAULT_PORT = 1883;

    /** Seconds. */
    static final int DEFAULT_KEEP_ALIVE = 60;

    @Option(
            names = {"-h", "--host"},
            scope = ScopeType.INHERIT,
            paramLabel = "HOST",
            description = "The server's name or address; localhost unless given.")
    String host;

    @Option(
            names = {"-p", "--port"},
            scope = ScopeType.INHERIT,
            paramLabel = "PORT",
            description = "Its port for MQTT over TCP; " + DEFAULT_PORT + " unless given, " + TlsOptions.DEFAULT_PORT
                    + " with TLS.")
    String port;

    @Option(
            names = {"-u", "--user"},
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "Your user name, which is also your id in the chat.")
    String user;

    @Option(
            names = "--password-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = {
                "A file whose first line is the password.",
                "Without it: the variable LABCHAT_PASSWORD, else a prompt."
            })
    String passwordFile;

    @Mixin
    TlsOptions tls = new TlsOptions();

    @Option(
            names = {"-V", "--mqtt-version"},
            scope = ScopeType.INHERIT,
            paramLabel = "VERSION",
            description = "3.1.1 or 5; 5 unless given.")
    String mqttVersion;

    @Option(
            names = {"-q", "--qos"},
            scope = ScopeType.INHERIT,
            paramLabel = "QOS",
            description = "0, 1 or 2 for messages, receipts and subscriptions; 1 unless given.")
    String qos;

    @Option(
            names = {"-k", "--keepalive"},
            scope = ScopeType.INHERIT,
            paramLabel = "SECONDS",
            description = "At most so long without a packet, 0 for no limit; " + DEFAULT_KEEP_ALIVE + " unless given.")
    String keepAlive;

    @Option(
            names = "--chat-root",
            scope = ScopeType.INHERIT,
            paramLabel = "TOPIC",
            description = "The topic below which the chat lives; ttm4175/chat unless given.")
    String chatRoot;

    @Option(
            names = "--profile",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "A profile of the configuration file.")
    String profile;

    @Option(
            names = "--color",
            scope = ScopeType.INHERIT,
            paramLabel = "WHEN",
            description = "auto, always or never; auto unless given.")
    String color;

    @Option(
            names = "--wire",
            scope = ScopeType.INHERIT,
            description = {"Show each MQTT packet, both ways; a command for scripts", "writes them to standard error."})
    boolean wire;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where in the program an error came from.")
    boolean debug;

    /** Takes the place of {@code -u}. */
    public void as(String name) {
        user = name;
    }

    /** The version of MQTT given on the command line, if one was. */
    public Optional<String> mqttVersion() {
        return Optional.ofNullable(mqttVersion);
    }

    /** When to colour, if the command line says it. */
    public Optional<String> color() {
        return Optional.ofNullable(color);
    }

    /** Whether stack traces are wanted. */
    public boolean debug() {
        return debug;
    }

    /**
     * Puts all sources together.
     *
     * @param prompt asked for the password if no other source has it; empty where nobody can be asked
     * @throws UsageException with every problem found
     */
    public ResolvedOptions resolve(Map<String, String> environment, Optional<PasswordPrompt> prompt)
            throws UsageException {
        return resolve(environment, prompt, Optional.empty(), Optional.empty());
    }

    /**
     * The same where nobody logs in: no password is needed, nor a user name.
     *
     * @param otherwise the user, if none is given
     * @throws UsageException with every problem found
     */
    public ResolvedOptions resolveWithoutLogin(Map<String, String> environment, ChatId otherwise)
            throws UsageException {
        return resolve(environment, Optional.empty(), Optional.of(otherwise), Optional.empty());
    }

    /**
     * Whether the connection is to be made with TLS.
     *
     * @throws UsageException if the TLS options or the file of settings cannot be used
     */
    public boolean usesTls(Map<String, String> environment) throws UsageException {
        Optional<Path> path = ConfigFile.path(environment);
        ConfigFile file = path.isPresent() ? ConfigFile.read(path.get()) : ConfigFile.parse(Path.of("config"), "");
        return tls.choose(file.settings(Optional.ofNullable(profile)), path.map(Path::getParent))
                .on();
    }

    /**
     * Whom a connection with TLS would trust, without asking a person; empty without TLS.
     *
     * @throws UsageException if the server is not known to this computer, or an option or file cannot be used
     */
    public Optional<ClientTls> trust(Map<String, String> environment) throws UsageException {
        Optional<Path> path = ConfigFile.path(environment);
        ConfigFile file = path.isPresent() ? ConfigFile.read(path.get()) : ConfigFile.parse(Path.of("config"), "");
        Optional<Path> directory = path.map(Path::getParent);
        ConnectSettings settings =
                resolveWithoutLogin(environment, new ChatId("nobody")).connection();
        return TlsOptions.trust(
                tls.choose(file.settings(Optional.ofNullable(profile)), directory),
                settings.host(),
                settings.port(),
                directory,
                Optional.empty());
    }

    /** The broker's page: where it is, and whether it asks for HTTPS. */
    public interface Page {
        int port();

        /** Whether the page at this host is served over HTTPS, if no option says so. */
        boolean isSecure(String host);
    }

    /**
     * Puts all sources together for the broker's page in the place of MQTT.
     *
     * @throws UsageException with every problem found
     */
    public ResolvedOptions resolveForPage(Map<String, String> environment, Optional<PasswordPrompt> prompt, Page page)
            throws UsageException {
        return resolve(environment, prompt, Optional.empty(), Optional.of(page));
    }

    /**
     * @param nameless who it is if nobody is named, where nobody logs in
     * @param page what is asked for in the place of MQTT
     */
    private ResolvedOptions resolve(
            Map<String, String> environment,
            Optional<PasswordPrompt> prompt,
            Optional<ChatId> nameless,
            Optional<Page> page)
            throws UsageException {
        Optional<Path> path = ConfigFile.path(environment);
        ConfigFile file = path.isPresent() ? ConfigFile.read(path.get()) : ConfigFile.parse(Path.of("config"), "");
        Map<Setting, String> values = file.settings(Optional.ofNullable(profile));
        // A relative path in the file is meant from the file, one on the command line from where one stands.
        Path configured = path.map(Path::getParent)
                .map(parent -> parent.resolve(values.getOrDefault(Setting.PASSWORD_FILE, "")))
                .orElse(Path.of(""));
        Problems problems = new Problems();
        problems.override(values, Setting.HOST, "-h/--host", host);
        problems.override(values, Setting.PORT, "-p/--port", port);
        problems.override(values, Setting.USER, "-u/--user", user);
        problems.override(values, Setting.PASSWORD_FILE, "--password-file", passwordFile);
        problems.override(values, Setting.MQTT_VERSION, "-V/--mqtt-version", mqttVersion);
        problems.override(values, Setting.QOS, "-q/--qos", qos);
        problems.override(values, Setting.KEEPALIVE, "-k/--keepalive", keepAlive);
        problems.override(values, Setting.CHAT_ROOT, "--chat-root", chatRoot);
        problems.override(values, Setting.COLOR, "--color", color);
        TlsOptions.Chosen secure = tls.choose(values, path.map(Path::getParent));
        if (!values.containsKey(Setting.USER) && user == null) {
            secure.identity()
                    .flatMap(ClientIdentity::name)
                    .filter(ChatId::isValid)
                    .ifPresent(name -> values.put(Setting.USER, name));
        }
        nameless.ifPresent(id -> values.putIfAbsent(Setting.USER, id.value()));
        if (!values.containsKey(Setting.USER) && user == null) {
            problems.add("no user name given: name yourself with -u, such as -u team1a");
        }
        problems.throwIfAny();

        ChatId me = new ChatId(values.get(Setting.USER));
        Optional<Path> passwordPath = passwordFile != null
                ? Optional.of(Path.of(passwordFile))
                : values.containsKey(Setting.PASSWORD_FILE) ? Optional.of(configured) : Optional.empty();
        String server = values.getOrDefault(Setting.HOST, "localhost");
        int serverPort = page.map(Page::port).orElseGet(() -> number(values, Setting.PORT, secure.defaultPort()));
        TlsOptions.Chosen chosen =
                secure.on() || page.isEmpty() || !page.get().isSecure(server) ? secure : secure.switchedOn();
        // Before the password: whoever is not sure of the server should not be asked for one.
        Optional<ClientTls> trusted = nameless.isPresent()
                ? Optional.empty()
                : TlsOptions.trust(chosen, server, serverPort, path.map(Path::getParent), prompt);
        boolean byCertificate =
                secure.identity().isPresent() && passwordPath.isEmpty() && !PasswordSource.isIn(environment);
        Password password = nameless.isPresent() || byCertificate
                ? new Password("")
                : PasswordSource.find(passwordPath, environment, prompt, me);
        ConnectSettings settings = new ConnectSettings(
                server,
                serverPort,
                me,
                password,
                MqttVersion.parse(values.getOrDefault(Setting.MQTT_VERSION, "5"))
                        .orElseThrow(),
                values.containsKey(Setting.QOS)
                        ? OptionalInt.of(Integer.parseInt(values.get(Setting.QOS)))
                        : OptionalInt.empty(),
                Duration.ofSeconds(number(values, Setting.KEEPALIVE, DEFAULT_KEEP_ALIVE)),
                new ChatTopics(values.getOrDefault(Setting.CHAT_ROOT, ChatTopics.DEFAULT.root())),
                trusted);
        Optional<List<ChatId>> contacts = Optional.ofNullable(values.get(Setting.CONTACTS))
                .map(list -> Setting.words(list).stream().map(ChatId::new).toList());
        return new ResolvedOptions(
                settings,
                contacts,
                ColorMode.parse(values.getOrDefault(Setting.COLOR, "auto")).orElseThrow(),
                preferences(values),
                keeper(path, Optional.ofNullable(profile)),
                wire);
    }

    private static Preferences preferences(Map<Setting, String> values) {
        return new Preferences(
                values.getOrDefault(Setting.RECEIPTS, "on").equals("on"),
                values.getOrDefault(Setting.TYPING, "on").equals("on"),
                Preferences.Notify.parse(values.getOrDefault(Setting.NOTIFY, "bell"))
                        .orElseThrow(),
                values.getOrDefault(Setting.MOUSE, "on").equals("on"),
                Preferences.Background.parse(values.getOrDefault(Setting.BACKGROUND, "auto"))
                        .orElseThrow());
    }

    private static Preferences.Keeper keeper(Optional<Path> path, Optional<String> profile) {
        return path.<Preferences.Keeper>map(file -> (name, value) ->
                        ConfigFile.change(file, profile, Setting.of(name).orElseThrow(), value))
                .orElse(Preferences.Keeper.NONE);
    }

    private static int number(Map<Setting, String> values, Setting setting, int otherwise) {
        return values.containsKey(setting) ? Integer.parseInt(values.get(setting)) : otherwise;
    }

    /** Collects what is wrong, so that all of it is said at once. */
    private static final class Problems {
        private final List<String> lines = new ArrayList<>();

        void override(Map<Setting, String> values, Setting setting, String option, String given) {
            if (given == null) {
                return;
            }
            if (setting.allows(given)) {
                values.put(setting, given);
            } else {
                add("%s must be %s, found \"%s\"".formatted(option, setting.allowed(), given));
            }
        }

        void add(String line) {
            lines.add(line);
        }

        void throwIfAny() throws UsageException {
            if (!lines.isEmpty()) {
                throw new UsageException(lines);
            }
        }
    }
}
