package labchat.broker.mqtt;

import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.Consumer;
import labchat.broker.mqtt.guard.Guard;
import labchat.broker.mqtt.guard.GuardInitializer;
import labchat.broker.mqtt.guard.GuardServices;

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
    private final OptionalInt mqttPort;
    private final OptionalInt websocketPort;

    static {
        // Before Netty's classes are loaded: this is what calls the guard in.
        System.setProperty(GuardInitializer.SWITCH, GuardInitializer.SWITCH_VALUE);
    }

    private MoquetteBroker(Guard guard, Server server, OptionalInt mqttPort, OptionalInt websocketPort) {
        this.guard = guard;
        this.server = server;
        this.mqttPort = mqttPort;
        this.websocketPort = websocketPort;
    }

    /**
     * Starts the listeners; returns when the guard was seen in the way of each.
     *
     * @param port for MQTT over TCP; empty for none, 0 for any free port
     * @param websocketPort for MQTT over WebSocket; likewise
     * @param onLoopDeath called when one of Moquette's threads has died and its clients hang
     * @throws IOException if a port cannot be bound, in one line that names it
     */
    public static MoquetteBroker start(
            String bindAddress,
            Optional<Integer> port,
            Optional<Integer> websocketPort,
            GuardServices services,
            Consumer<Throwable> onLoopDeath)
            throws IOException {
        Guard guard = new Guard(services);
        IConfig config = settings(bindAddress, port, websocketPort, services);
        MoquetteInterceptor interceptor =
                new MoquetteInterceptor(services.events(), guard::identityOf, services.clock(), reason -> {
                    // While it stops, its threads may find their work gone.
                    if (!guard.isClosing()) {
                        onLoopDeath.accept(reason);
                    }
                });
        MoquetteAuthorizator authorizator = new MoquetteAuthorizator(services.acl(), guard::subjectOf);
        Server server = new Server();
        try {
            GuardInitializer.whileStarting(guard, () -> {
                server.startServer(config, List.of(interceptor), null, new MoquetteAuthenticator(), authorizator);
                return null;
            });
        } catch (Exception e) {
            guard.close();
            throw startProblem(e, bindAddress, port, websocketPort, guard);
        }
        List<InetSocketAddress> listeners = guard.listenerAddresses();
        int expected = (port.isPresent() ? 1 : 0) + (websocketPort.isPresent() ? 1 : 0);
        if (listeners.size() != expected) {
            stop(guard, server);
            throw new IOException("the guard does not stand in the way of every listener (%d of %d): refusing to serve"
                    .formatted(listeners.size(), expected));
        }
        // Moquette opens TCP first, then WebSocket.
        OptionalInt mqtt = port.isPresent() ? OptionalInt.of(listeners.get(0).getPort()) : OptionalInt.empty();
        OptionalInt ws = websocketPort.isPresent()
                ? OptionalInt.of(listeners.get(expected - 1).getPort())
                : OptionalInt.empty();
        MoquetteBroker broker = new MoquetteBroker(guard, server, mqtt, ws);
        for (InetSocketAddress listener : listeners) {
            broker.checkGuardOf(listener);
        }
        return broker;
    }

    private static IOException startProblem(
            Exception problem,
            String bindAddress,
            Optional<Integer> port,
            Optional<Integer> websocketPort,
            Guard guard) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    || cause.getClass().getSimpleName().contains("NativeIoException")) {
                // The listener that failed is the one after those that have an address.
                boolean first = guard.boundListeners() == 0 && port.isPresent();
                int failed = first ? port.get() : websocketPort.orElseGet(() -> port.orElse(0));
                return new IOException("cannot listen on %s:%d (%s): %s"
                        .formatted(bindAddress, failed, first ? "port" : "websocket_port", bindReason(cause)));
            }
        }
        return new IOException("cannot start the listeners: " + problem.getMessage(), problem);
    }

    private static String bindReason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("in use")
                ? "the port is in use by another program; stop that or choose another port"
                : message;
    }

    private static IConfig settings(
            String bindAddress, Optional<Integer> port, Optional<Integer> websocketPort, GuardServices services) {
        Properties settings = new Properties();
        settings.setProperty(IConfig.HOST_PROPERTY_NAME, bindAddress);
        settings.setProperty(
                IConfig.PORT_PROPERTY_NAME, port.map(String::valueOf).orElse(OFF));
        settings.setProperty(
                IConfig.WEB_SOCKET_PORT_PROPERTY_NAME,
                websocketPort.map(String::valueOf).orElse(OFF));
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

    /** Connects to a listener of its own and sees whether the guard is there. */
    private void checkGuardOf(InetSocketAddress listener) throws IOException {
        InetAddress address =
                listener.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : listener.getAddress();
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(address, listener.getPort()), (int) SELF_CHECK.toMillis());
            if (!guard.awaitGuarded(probe.getLocalSocketAddress(), SELF_CHECK)) {
                throw new IOException("the guard is not in the way: refusing to serve");
            }
        } catch (IOException e) {
            close();
            throw new IOException(
                    "the self-check of port %d failed: %s".formatted(listener.getPort(), e.getMessage()), e);
        }
    }

    /** The port that MQTT over TCP is served on. */
    public OptionalInt mqttPort() {
        return mqttPort;
    }

    /** The port that MQTT over WebSocket is served on. */
    public OptionalInt websocketPort() {
        return websocketPort;
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
