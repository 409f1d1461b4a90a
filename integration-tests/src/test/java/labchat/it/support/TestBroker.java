package labchat.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import labchat.broker.BrokerApp;
import labchat.broker.acl.AclFile;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.CompiledAclPolicy;
import labchat.broker.config.AclSubscribe;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.Limits;
import labchat.broker.config.StoreConfig;
import labchat.broker.config.StoreSync;
import labchat.broker.config.TlsConfig;
import labchat.broker.config.ValidationMode;
import labchat.broker.config.WebConfig;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.store.Store;
import labchat.broker.store.sqlite.SqliteSettings;
import labchat.broker.store.sqlite.SqliteStore;
import labchat.broker.tls.ClassCertificates;
import labchat.broker.users.UserDirectory;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A broker in this process, on two free ports, with the class's accounts and rules; one for each test class, as a static
 * field with {@code @RegisterExtension}. Clients opened through it are closed after each test.
 */
public final class TestBroker implements BeforeAllCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {

    /** The class's rules, another part of the tree for everybody, and two users with lines of their own. */
    public static final String CLASS_ACL = """
            # chat
            pattern read  ttm4175/chat/%u/#
            pattern read  ttm4175/chat/+/presence
            pattern write ttm4175/chat/+/message
            pattern write ttm4175/chat/+/delivered
            pattern write ttm4175/chat/+/read
            pattern write ttm4175/chat/+/typing
            pattern write ttm4175/chat/server/+
            # not chat
            pattern readwrite ttm4175/other/#

            user staff
            topic read ttm4175/#

            user x6
            topic deny ttm4175/chat/x5/#
            """;

    /** As broker.conf has them, but for those that make one machine wait which is many clients at once. */
    private static final Limits UNHURRIED = new Limits(
            Limits.STANDARD.maxConnections(),
            Limits.STANDARD.maxUserConnections(),
            Limits.STANDARD.maxAddressConnections(),
            Limits.STANDARD.maxTopicLevels(),
            Limits.STANDARD.maxTopicLength(),
            Limits.STANDARD.maxSubscriptions(),
            0,
            Limits.STANDARD.publishBurst(),
            Limits.STANDARD.maxThrottled(),
            Limits.STANDARD.maxQueuedBytes(),
            Limits.STANDARD.maxQueuedTime(),
            Limits.STANDARD.packetTimeout(),
            Limits.STANDARD.maxKeepAlive(),
            Duration.ZERO,
            100,
            Duration.ofDays(30));

    private final Recorder recorder = new Recorder();
    private final List<RawMqtt> clients = new ArrayList<>();
    private String acl = CLASS_ACL;
    private UserDirectory users = MapUsers.CLASS;
    private boolean allowAnonymous;
    private AclSubscribe aclSubscribe = AclSubscribe.STRICT;
    private ValidationMode validation = ValidationMode.ENFORCE;
    private boolean verifySender = true;
    private Optional<ChatId> lobby = Optional.of(new ChatId("lobby"));
    private int maxPacketSize = 262_144;
    private Duration connectTimeout = Duration.ofSeconds(3);
    private boolean recorded = true;
    private Limits limits = UNHURRIED;
    private UnaryOperator<AclPolicy> policy = UnaryOperator.identity();
    private final List<BrokerEventListener> listeners = new ArrayList<>();
    /** Starts the broker on the files that are there. */
    private interface Launch {
        void run() throws IOException;
    }

    private Duration sysInterval = Duration.ZERO;
    private String bindAddress = "127.0.0.1";
    private boolean secure;
    private boolean certificateRequired;
    private boolean stored;
    private Launch launch;
    private Store store;
    private Path directory;
    private BrokerApp app;
    private int started;

    private TestBroker() {}

    /** A broker with the default settings, not started yet. */
    public static TestBroker ofTheClass() {
        return new TestBroker();
    }

    /** Lets clients without a name in; these lines are for them. */
    public TestBroker anonymous(String aclLines) {
        allowAnonymous = true;
        acl = aclLines + CLASS_ACL;
        return this;
    }

    public TestBroker aclSubscribe(AclSubscribe mode) {
        aclSubscribe = mode;
        return this;
    }

    public TestBroker validation(ValidationMode mode) {
        validation = mode;
        return this;
    }

    public TestBroker verifySender(boolean verify) {
        verifySender = verify;
        return this;
    }

    /** No room that everybody is in. */
    public TestBroker withoutLobby() {
        lobby = Optional.empty();
        return this;
    }

    /** More lines for {@code acl.conf}, behind those of the class. */
    public TestBroker moreRules(String aclLines) {
        acl = acl + aclLines;
        return this;
    }

    /** Publishes {@code $SYS}; unless this is called, it does not. */
    public TestBroker sysInterval(Duration interval) {
        sysInterval = interval;
        return this;
    }

    /** Other accounts than the class's. */
    public TestBroker users(UserDirectory directory) {
        users = directory;
        return this;
    }

    public TestBroker maxPacketSize(int bytes) {
        maxPacketSize = bytes;
        return this;
    }

    public TestBroker connectTimeout(Duration timeout) {
        connectTimeout = timeout;
        return this;
    }

    /** Other limits than the standard without delayed refusals and without a publish rate. */
    public TestBroker limits(Limits value) {
        limits = value;
        return this;
    }

    /** Puts something around the rules. */
    public TestBroker policy(UnaryOperator<AclPolicy> around) {
        policy = around;
        return this;
    }

    /** Listens on all addresses, so that it is reached by others than 127.0.0.1 too. */
    public TestBroker onAllAddresses() {
        bindAddress = "0.0.0.0";
        return this;
    }

    /** TLS and secure WebSocket too, with certificates of its own; a client's certificate logs it in. */
    public TestBroker secure() {
        secure = true;
        return this;
    }

    /** The same, and a client without a certificate is refused. */
    public TestBroker secureForCertificatesOnly() {
        certificateRequired = true;
        return secure();
    }

    /** Keeps messages on disk; without it a test finds nothing that an earlier one has left. */
    public TestBroker stored() {
        stored = true;
        return this;
    }

    /** One more listener, which is told before the recorder. */
    public TestBroker listener(BrokerEventListener listener) {
        listeners.add(listener);
        return this;
    }

    /** No recorder, which keeps everything: for tests of more packets than fit. */
    public TestBroker withoutRecorder() {
        recorded = false;
        return this;
    }

    /** Starts it; for use without {@code @RegisterExtension}. */
    public TestBroker start() throws IOException {
        directory = Files.createTempDirectory("labchat-it");
        Path aclFile = Files.writeString(directory.resolve("acl.conf"), acl);
        if (secure) {
            certificates().create("CA of a test", List.of("localhost"), Duration.ofDays(365));
        }
        AclFile rules = AclFile.read(aclFile);
        assertThat(rules.problems()).isEmpty();
        BrokerConfig config = new BrokerConfig(
                bindAddress,
                Optional.of(0),
                Optional.of(0),
                secure ? tls() : TlsConfig.OFF,
                WebConfig.OFF,
                directory.resolve("users.conf"),
                aclFile,
                allowAnonymous,
                aclSubscribe,
                directory.resolve("data"),
                ChatTopics.DEFAULT,
                lobby,
                Optional.empty(),
                false,
                64L << 20,
                14,
                validation,
                verifySender,
                maxPacketSize,
                4096,
                connectTimeout,
                limits,
                new StoreConfig(stored, StoreSync.FULL, Duration.ZERO, 0),
                0,
                sysInterval,
                Optional.empty(),
                false);
        if (recorded) {
            listeners.add(recorder);
        }
        AclPolicy compiled = policy.apply(new CompiledAclPolicy(rules.rules(), aclSubscribe, 0));
        launch = () -> {
            store = stored ? SqliteStore.open(storeFile(), SqliteSettings.STANDARD, Clock.systemUTC()) : Store.none();
            app = BrokerApp.start(config, users, compiled, store, listeners);
        };
        launch.run();
        return this;
    }

    /** The certificates of {@link #secure()}; further ones can be made with them. */
    public ClassCertificates certificates() {
        return new ClassCertificates(directory.resolve("certs"), Clock.systemUTC());
    }

    /** The settings of {@link #secure()}. */
    public TlsConfig tls() {
        ClassCertificates certificates = certificates();
        return new TlsConfig(
                Optional.of(0),
                Optional.of(0),
                Optional.of(certificates.serverFile()),
                Optional.of(certificates.serverKeyFile()),
                Optional.empty(),
                Optional.of(certificates.authorityFile()),
                certificateRequired,
                true);
    }

    /** The running broker. */
    public BrokerApp app() {
        return app;
    }

    /** Where it listens with TLS. */
    public int securePort(boolean webSocket) {
        return (webSocket ? app.secureWebsocketPort() : app.tlsPort()).orElseThrow();
    }

    /** Opens a connection with TLS and sends nothing. */
    public RawMqtt openSecure(Wire wire, SSLContext tls) throws IOException {
        started++;
        RawMqtt client = RawMqtt.openSecure(wire, securePort(wire.isWebSocket()), "client" + started, tls);
        clients.add(client);
        return client;
    }

    /** Where messages are kept. */
    public Path storeFile() {
        return directory.resolve("data").resolve(SqliteStore.FILE_NAME);
    }

    /** Stops the broker and starts another with the same files, on other ports. */
    public void restart() throws IOException {
        closeClients();
        app.close();
        store.close();
        launch.run();
    }

    /** What the broker told its listeners. */
    public Recorder recorder() {
        return recorder;
    }

    /** Where a rule stands, as refusals name it; the rule is given as it is written in {@link #CLASS_ACL}. */
    public String rule(String line) {
        int index = acl.lines().toList().indexOf(line);
        assertThat(index).as("line of \"%s\"", line).isNotNegative();
        return "acl.conf:" + (index + 1);
    }

    /** Where it listens. */
    public int port(boolean webSocket) {
        return (webSocket ? app.websocketPort() : app.mqttPort()).orElseThrow();
    }

    /** Opens a connection and sends nothing. */
    public RawMqtt open(Wire wire) throws IOException {
        return open(wire, 0);
    }

    /** Opens a connection whose socket takes little before somebody reads. */
    public RawMqtt openNarrow(Wire wire) throws IOException {
        return open(wire, 8_192);
    }

    private RawMqtt open(Wire wire, int receiveBuffer) throws IOException {
        started++;
        RawMqtt client = RawMqtt.open(wire, port(wire.isWebSocket()), "client" + started, receiveBuffer);
        clients.add(client);
        return client;
    }

    /** Opens a plain connection to the WebSocket port and sends nothing, no handshake either. */
    public RawMqtt openWithoutHandshake() throws IOException {
        RawMqtt client = RawMqtt.open(Wire.TCP_V3, port(true), "no-handshake");
        clients.add(client);
        return client;
    }

    /** The CONNECT by which a user logs in on the connection. */
    public static Connect loginOf(RawMqtt client, String user) {
        return Connect.as(client.wire()).clientId(client.name()).login(user, "secret-of-" + user);
    }

    /** Opens a connection and logs in. */
    public RawMqtt login(Wire wire, String user) throws IOException {
        RawMqtt client = open(wire);
        assertThat(client.connect(loginOf(client, user)).code())
                .as("CONNACK for %s", user)
                .isZero();
        return client;
    }

    /** Opens a connection, logs in and subscribes to the user's own tree. */
    public RawMqtt receiver(Wire wire, String user, int qos) throws IOException {
        RawMqtt client = login(wire, user);
        assertThat(client.subscribe("ttm4175/chat/" + user + "/#", qos)).isEqualTo(qos);
        return client;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        closeClients();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    private void closeClients() {
        clients.forEach(RawMqtt::close);
        clients.clear();
    }

    /** Stops the broker; its clients stay as they are. */
    public void stop() {
        app.close();
    }

    @Override
    public void close() {
        closeClients();
        if (app != null) {
            app.close();
        }
        if (store != null) {
            store.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
