package labchat.broker.mqtt;

import io.moquette.broker.ISslContextCreator;
import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.Consumer;
import labchat.broker.config.BrokerConfig;
import labchat.broker.event.BrokerCounts;
import labchat.broker.mqtt.MqttListeners.Kind;
import labchat.broker.mqtt.guard.Guard;
import labchat.broker.mqtt.guard.GuardInitializer;
import labchat.broker.mqtt.guard.GuardServices;
import labchat.broker.mqtt.guard.LiveClient;
import labchat.broker.mqtt.guard.Revoked;
import labchat.broker.tls.ServerTls;
import labchat.broker.weather.WeatherStation;

/**
 * Moquette with the guard before it. Moquette keeps connections, SUBSCRIBE and keep-alive, and no state beyond a
 * connection's life; the guard publishes, retains and delivers.
 */
public final class MoquetteBroker implements AutoCloseable {

    /** The path of MQTT over WebSocket. */
    public static final String WEBSOCKET_PATH = "/mqtt";

    private static final Duration SELF_CHECK = Duration.ofSeconds(3);
    private static final String OFF = "disabled";

    private final Guard guard;
    private final Server server;
    private final Map<Kind, Integer> ports;
    private volatile WeatherStation weather;

    static {
        // Before Netty's classes are loaded: this is what calls the guard in.
        System.setProperty(GuardInitializer.SWITCH, GuardInitializer.SWITCH_VALUE);
    }

    private MoquetteBroker(Guard guard, Server server, Map<Kind, Integer> ports) {
        this.guard = guard;
        this.server = server;
        this.ports = ports;
    }

    /**
     * Starts the listeners; returns when the guard was seen in the way of each.
     *
     * @param config which listeners, and whether a certificate names its user
     * @param tls there if one of them needs it
     * @param onLoopDeath called when one of Moquette's threads has died and its clients hang
     * @throws IOException if a port cannot be bound, in one line that names it
     */
    public static MoquetteBroker start(
            BrokerConfig config, Optional<ServerTls> tls, GuardServices services, Consumer<Throwable> onLoopDeath)
            throws IOException {
        MqttListeners wanted = MqttListeners.of(config);
        if (wanted.needTls() && tls.isEmpty()) {
            throw new IOException("a port with TLS needs certfile and keyfile");
        }
        Guard guard = new Guard(services, config.tls().useIdentityAsUsername());
        MoquetteInterceptor interceptor =
                new MoquetteInterceptor(services.events(), guard::identityOf, services.clock(), reason -> {
                    // While it stops, its threads may find their work gone.
                    if (!guard.isClosing()) {
                        onLoopDeath.accept(reason);
                    }
                });
        MoquetteAuthorizator authorizator = new MoquetteAuthorizator(services.acl(), guard::subjectOf);
        Server server = new Server();
        ISslContextCreator certificates = () -> new EngineSslContext(tls.orElseThrow()::newMqttEngine);
        try {
            GuardInitializer.whileStarting(guard, () -> {
                server.startServer(
                        settings(wanted, services),
                        List.of(interceptor),
                        certificates,
                        new MoquetteAuthenticator(),
                        authorizator);
                return null;
            });
        } catch (Exception e) {
            guard.close();
            throw startProblem(e, wanted, guard);
        }
        List<InetSocketAddress> listeners = guard.listenerAddresses();
        if (listeners.size() != wanted.all().size()) {
            int expected = wanted.all().size();
            stop(guard, server);
            throw new IOException("the guard does not stand in the way of every listener (%d of %d): refusing to serve"
                    .formatted(listeners.size(), expected));
        }
        Map<Kind, Integer> ports = new EnumMap<>(Kind.class);
        for (int i = 0; i < listeners.size(); i++) {
            ports.put(wanted.all().get(i).kind(), listeners.get(i).getPort());
        }
        MoquetteBroker broker = new MoquetteBroker(guard, server, ports);
        for (int i = 0; i < listeners.size(); i++) {
            broker.checkGuardOf(listeners.get(i), wanted.all().get(i).kind());
        }
        return broker;
    }

    private static IOException startProblem(Exception problem, MqttListeners wanted, Guard guard) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    || cause.getClass().getSimpleName().contains("NativeIoException")) {
                // The listener that failed is the one after those that have an address.
                List<MqttListeners.Entry> all = wanted.all();
                MqttListeners.Entry failed = all.get(Math.min(guard.boundListeners(), all.size() - 1));
                return new IOException("cannot listen on %s:%d (%s): %s"
                        .formatted(
                                wanted.bindAddress(),
                                failed.port(),
                                failed.kind().setting().word(),
                                bindReason(cause)));
            }
        }
        return new IOException("cannot start the listeners: " + problem.getMessage(), problem);
    }

    private static String bindReason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("in use")) {
            return "the port is in use by another program; stop that or choose another port";
        }
        return message.contains("ermission denied")
                ? "this user may not; ports below 1024 are for root, so choose a higher one"
                : message;
    }

    private static IConfig settings(MqttListeners wanted, GuardServices services) {
        Properties settings = new Properties();
        settings.setProperty(IConfig.HOST_PROPERTY_NAME, wanted.bindAddress());
        settings.setProperty(IConfig.PORT_PROPERTY_NAME, port(wanted, Kind.TCP));
        settings.setProperty(IConfig.WEB_SOCKET_PORT_PROPERTY_NAME, port(wanted, Kind.WEB_SOCKET));
        if (wanted.needTls()) {
            settings.setProperty(IConfig.SSL_PORT_PROPERTY_NAME, port(wanted, Kind.TLS));
            settings.setProperty(IConfig.WSS_PORT_PROPERTY_NAME, port(wanted, Kind.SECURE_WEB_SOCKET));
        }
        settings.setProperty("websocket_path", WEBSOCKET_PATH);
        settings.setProperty(
                "websocket_max_frame_size", String.valueOf(services.settings().maxPacketSize()));
        settings.setProperty(
                IConfig.NETTY_MAX_BYTES_PROPERTY_NAME,
                String.valueOf(services.settings().maxPacketSize()));
        settings.setProperty(IConfig.ALLOW_ANONYMOUS_PROPERTY_NAME, String.valueOf(services.allowAnonymous()));
        settings.setProperty(IConfig.PERSISTENCE_ENABLED_PROPERTY_NAME, "false");
        settings.setProperty(IConfig.ENABLE_TELEMETRY_NAME, "false");
        settings.setProperty(IConfig.TOPIC_ALIAS_MAXIMUM_PROPERTY_NAME, "0");
        settings.setProperty(IConfig.BUFFER_FLUSH_MS_PROPERTY_NAME, "0");
        // 1024 drops commands, and acknowledged messages with them, without a word.
        settings.setProperty(IConfig.SESSION_QUEUE_SIZE, "65536");
        settings.setProperty("netty.so_backlog", "4096");
        // Before CONNACK the guard has its own, shorter and longer, times.
        settings.setProperty("netty.channel_timeout.seconds", "600");
        settings.setProperty("netty.native", "true");
        settings.setProperty("allow_zero_byte_client_id", "true");
        return new MemoryConfig(settings);
    }

    private static String port(MqttListeners wanted, Kind kind) {
        return wanted.port(kind).map(String::valueOf).orElse(OFF);
    }

    /** Connects to a listener of its own and sees whether the guard is there, and TLS where it should be. */
    private void checkGuardOf(InetSocketAddress listener, Kind kind) throws IOException {
        InetAddress address =
                listener.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : listener.getAddress();
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(address, listener.getPort()), (int) SELF_CHECK.toMillis());
            Optional<String> seen = guard.awaitGuarded(probe.getLocalSocketAddress(), SELF_CHECK);
            if (seen.isEmpty()) {
                throw new IOException("the guard is not in the way: refusing to serve");
            }
            if (!seen.get().equals(kind.word())) {
                throw new IOException(
                        "it serves %s instead of %s: refusing to serve".formatted(seen.get(), kind.word()));
            }
        } catch (IOException e) {
            close();
            throw new IOException(
                    "the self-check of port %d failed: %s".formatted(listener.getPort(), e.getMessage()), e);
        }
    }

    /** The port that MQTT over TCP is served on; empty if it is off. */
    public OptionalInt mqttPort() {
        return port(Kind.TCP);
    }

    /** The port that MQTT over WebSocket is served on; empty if it is off. */
    public OptionalInt websocketPort() {
        return port(Kind.WEB_SOCKET);
    }

    /** The port that MQTT over TLS is served on; empty if it is off. */
    public OptionalInt tlsPort() {
        return port(Kind.TLS);
    }

    /** The port that MQTT over secure WebSocket is served on; empty if it is off. */
    public OptionalInt secureWebsocketPort() {
        return port(Kind.SECURE_WEB_SOCKET);
    }

    private OptionalInt port(Kind kind) {
        Integer port = ports.get(kind);
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** Who is connected, and what they are subscribed to. */
    public List<LiveClient> liveClients() {
        return guard.liveClients();
    }

    /** What was counted since the start; any thread. */
    public BrokerCounts counts() {
        return guard.counts();
    }

    /** Accounts or rules were replaced: cuts off who has lost them; returns when that is done. */
    public Revoked revoke() {
        return guard.revoke();
    }

    /** From now on users have the lab weather that this station gives them. */
    public void under(WeatherStation station) {
        weather = station;
        guard.under(station);
    }

    /** Who has lab weather; null before {@link #under}. */
    public WeatherStation weather() {
        return weather;
    }

    /** Whether clients can connect. */
    public boolean isListening() {
        return !guard.isClosing();
    }

    /** Ends all connections of a user; gives how many there were. Any thread. */
    public int disconnect(String user, String why) {
        return guard.disconnect(user, why);
    }

    /** Says goodbye to all clients and stops; takes at most three seconds. */
    @Override
    public void close() {
        stop(guard, server);
    }

    private static void stop(Guard guard, Server server) {
        guard.close();
        server.stopServer();
    }
}
