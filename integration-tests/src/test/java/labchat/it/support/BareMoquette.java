package labchat.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import io.moquette.broker.security.IAuthorizatorPolicy;
import io.moquette.broker.subscriptions.Topic;
import io.moquette.interception.AbstractInterceptHandler;
import io.moquette.interception.InterceptHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A Moquette without our guard, in this process, on a free TCP port, to show what it does by itself. Any user may log in
 * with any password.
 */
public final class BareMoquette implements AutoCloseable {

    /** Long enough for an answer that does come, short enough to wait for one that does not. */
    public static final Duration MOMENT = Duration.ofMillis(400);

    private final Server server = new Server();
    private final Properties settings = new Properties();
    private final List<InterceptHandler> handlers = new ArrayList<>();
    private final List<RawMqtt> clients = new ArrayList<>();
    private final CompletableFuture<Throwable> loopDeath = new CompletableFuture<>();
    private IAuthorizatorPolicy policy = allowing(topic -> true, topic -> true);

    private BareMoquette() {}

    /** With default settings, but no persistence; everybody may do everything. Not started yet. */
    public static BareMoquette create() {
        BareMoquette bare = new BareMoquette();
        bare.set(IConfig.HOST_PROPERTY_NAME, "127.0.0.1");
        bare.set(IConfig.PORT_PROPERTY_NAME, "0");
        bare.set(IConfig.PERSISTENCE_ENABLED_PROPERTY_NAME, "false");
        bare.set(IConfig.ENABLE_TELEMETRY_NAME, "false");
        bare.set(IConfig.NETTY_MAX_BYTES_PROPERTY_NAME, "262144");
        bare.handlers.add(new AbstractInterceptHandler() {
            @Override
            public String getID() {
                return "loop-death";
            }

            @Override
            public void onSessionLoopError(Throwable error) {
                bare.loopDeath.complete(error);
            }
        });
        return bare;
    }

    /** One of Moquette's own settings. */
    public BareMoquette set(String name, String value) {
        settings.setProperty(name, value);
        return this;
    }

    public BareMoquette policy(IAuthorizatorPolicy value) {
        policy = value;
        return this;
    }

    public BareMoquette handler(InterceptHandler handler) {
        handlers.add(handler);
        return this;
    }

    /** A policy that asks of the topic alone. */
    public static IAuthorizatorPolicy allowing(Predicate<String> write, Predicate<String> read) {
        return new IAuthorizatorPolicy() {
            @Override
            public boolean canWrite(Topic topic, String user, String client) {
                return write.test(topic.toString());
            }

            @Override
            public boolean canRead(Topic topic, String user, String client) {
                return read.test(topic.toString());
            }
        };
    }

    public BareMoquette start() throws IOException {
        server.startServer(new MemoryConfig(settings), handlers, null, (client, user, password) -> true, policy);
        // Moquette notes its port on another thread, a moment later.
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> port() > 0);
        return this;
    }

    public Server server() {
        return server;
    }

    public int port() {
        return server.getPort();
    }

    /** Opens a connection and sends nothing. */
    public RawMqtt open(Wire wire, String clientId) throws IOException {
        return open(wire, clientId, 0);
    }

    /** Opens a connection whose socket takes little before somebody reads. */
    public RawMqtt openNarrow(Wire wire, String clientId) throws IOException {
        return open(wire, clientId, 8_192);
    }

    private RawMqtt open(Wire wire, String clientId, int receiveBuffer) throws IOException {
        RawMqtt client = RawMqtt.open(wire, port(), clientId, receiveBuffer);
        clients.add(client);
        return client;
    }

    /** A user's CONNECT with the connection's name as its client id. */
    public static Connect loginOf(RawMqtt client, String user) {
        return Connect.as(client.wire()).clientId(client.name()).login(user, "any");
    }

    /** Opens a connection and logs in; see {@link #connect}. */
    public RawMqtt login(Wire wire, String user, String clientId) throws IOException {
        RawMqtt client = open(wire, clientId);
        connect(client, loginOf(client, user));
        return client;
    }

    /**
     * Connects, and goes on when Moquette takes packets: some time after its CONNACK, until when it loses what comes. The
     * client id is the connection's name.
     */
    public void connect(RawMqtt client, Connect connect) throws IOException {
        assertThat(client.connect(connect).code()).isZero();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .ignoreExceptions()
                .until(() -> server.listConnectedClients().stream()
                        .anyMatch(connected -> connected.getClientID().equals(client.name())));
        client.ping();
    }

    /** Waits until one of the session loops has died; gives the reason. */
    public Throwable awaitLoopDeath() {
        try {
            return loopDeath.get(RawMqtt.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError("no session loop has died", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Whether one of the session loops has died, or does within this time. */
    public boolean losesALoopWithin(Duration patience) {
        try {
            loopDeath.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("no session loop has died", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Whether a session loop has died. */
    public boolean hasLostALoop() {
        return loopDeath.isDone();
    }

    /** A client id that Moquette serves by the same session loop as another. */
    public static String onTheLoopOf(String clientId) {
        int loops = Runtime.getRuntime().availableProcessors();
        for (int i = 0; ; i++) {
            String candidate = "neighbour" + i;
            if (Math.abs(candidate.hashCode()) % loops == Math.abs(clientId.hashCode()) % loops) {
                return candidate;
            }
        }
    }

    /** Closes its clients. The server stops by itself on a thread of its own: Moquette takes two seconds for that. */
    @Override
    public void close() {
        clients.forEach(RawMqtt::close);
        Thread stop = new Thread(server::stopServer, "stop-bare-moquette");
        stop.setDaemon(true);
        stop.start();
    }
}
