package labchat.broker.web;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's web server. Its port is taken at once, so that a mistake is told at the start; all else is made on a
 * thread of its own, while MQTT already works, and whoever connects meanwhile waits.
 */
public final class WebServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("labchat.web");

    /** No request of ours is larger; announcements and sign-ups are a few hundred bytes. */
    private static final long MAX_REQUEST_BYTES = 64 * 1_024;

    private static final int MAX_HEADER_BYTES = 16 * 1_024;
    private static final int MAX_CONNECTIONS = 2_000;
    private static final int MAX_THREADS = 64;
    private static final int BACKLOG = 1_024;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofMillis(500);

    /** A whole class behind one address opens the page at once: 36 times 30 files. */
    private static final int REQUESTS_AT_ONCE = 3_000;

    private static final double REQUESTS_PER_SECOND = 100;

    private final WebSettings settings;
    private final ServerSocketChannel socket;
    private final int port;
    private final List<WebRoutes> features;
    private final Site site = new Site();
    private final SecurityHeaders headers;
    private final RequestRate rate;
    private final Thread starter;
    private volatile Javalin javalin;
    private boolean closed;

    private WebServer(WebSettings settings, ServerSocketChannel socket, List<WebRoutes> features, Clock clock)
            throws IOException {
        this.settings = settings;
        this.socket = socket;
        this.port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
        this.features = List.copyOf(features);
        this.headers = new SecurityHeaders(settings.page(), settings.tls().isPresent());
        this.rate = new RequestRate(REQUESTS_PER_SECOND, REQUESTS_AT_ONCE, clock);
        this.starter = new Thread(this::run, "labchat-web-start");
        starter.setDaemon(true);
    }

    /**
     * Takes the port and returns; requests are answered as soon as the server has come up behind it.
     *
     * @param signUps makes accounts
     * @param features add their paths
     * @throws IOException if the port cannot be had; the message is one line that names it
     */
    public static WebServer start(WebSettings settings, SignUps signUps, List<WebRoutes> features, Clock clock)
            throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(new InetSocketAddress(settings.bindAddress(), settings.port()), BACKLOG);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw new IOException(
                    "cannot listen on %s:%d (http_port): %s"
                            .formatted(settings.bindAddress(), settings.port(), bindReason(e)),
                    e);
        }
        List<WebRoutes> all = new ArrayList<>(features);
        all.add(0, new StudentPage(settings.page(), signUps, clock));
        WebServer server = new WebServer(settings, socket, all, clock);
        server.starter.start();
        return server;
    }

    private static String bindReason(Exception problem) {
        String message = String.valueOf(problem.getMessage());
        if (message.contains("in use")) {
            return "the port is in use by another program; stop that, choose another port, or set http_port off";
        }
        return message.contains("ermission denied")
                ? "this user may not; ports below 1024 are for root, so choose a higher one or set http_port off"
                : message;
    }

    private void run() {
        try {
            Javalin started = Javalin.create(this::configure);
            javalin = started;
            started.start();
        } catch (RuntimeException | LinkageError e) {
            if (socket.isOpen()) {
                LOG.error("the pages are not served, chat is: {}", String.valueOf(e.getMessage()));
                LOG.debug("why the web server did not start", e);
            }
        }
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.defaultContentType = "text/plain; charset=utf-8";
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4, (int) IDLE.toMillis());
        threads.setName("labchat-web");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(this::limit);
        config.jetty.addConnector(this::connector);
        config.routes.before(this::admit);
        config.routes.exception(HttpResponseException.class, WebServer::refuse);
        config.routes.exception(Exception.class, WebServer::fail);
        features.forEach(feature -> feature.addTo(config.routes, site));
    }

    private void limit(Server server) {
        server.setStopTimeout(STOP.toMillis());
        server.setStopAtShutdown(false);
        server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, server));
    }

    private Connector connector(Server server, HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setResponseHeaderSize(MAX_HEADER_BYTES);
        ServerConnector connector;
        if (settings.tls().isPresent()) {
            // Browsers name the host in SNI; certificates of a lab are for addresses too, which SNI cannot hold.
            SecureRequestCustomizer secure = new SecureRequestCustomizer();
            secure.setSniHostCheck(false);
            http.addCustomizer(secure);
            SslConnectionFactory tls = new SslConnectionFactory(
                    new EnginesFromOutside(settings.tls().get()), "http/1.1");
            // Who types http:// is sent to https:// at the same port.
            connector = new ServerConnector(
                    server, 1, 1, new DetectorConnectionFactory(tls), new HttpConnectionFactory(http));
        } else {
            connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        }
        connector.setIdleTimeout(IDLE.toMillis());
        try {
            connector.open(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return connector;
    }

    private void admit(Context context) {
        headers.addTo(context);
        if (settings.tls().isPresent() && !context.scheme().equals("https")) {
            // Not for ever: a lab's broker may be without TLS tomorrow.
            context.redirect("https://" + context.host() + context.path(), HttpStatus.TEMPORARY_REDIRECT);
            context.skipRemainingHandlers();
            return;
        }
        if (!rate.allows(context.ip())) {
            context.header("Retry-After", String.valueOf(rate.secondsToWait()));
            throw new HttpResponseException(429, "Too many requests from this address. Wait a little.");
        }
    }

    private static void refuse(HttpResponseException refusal, Context context) {
        context.status(refusal.getStatus());
        context.contentType("text/plain; charset=utf-8");
        context.result(refusal.getMessage() + "\n");
    }

    private static void fail(Exception problem, Context context) {
        LOG.error("{} {} failed: {}", context.method(), context.path(), problem.toString());
        LOG.debug("how it failed", problem);
        context.status(500);
        context.result("This broke on the broker's side; its log says more.\n");
    }

    /** The port that the pages are served on. */
    public int port() {
        return port;
    }

    /** Whether that is HTTPS. */
    public boolean isSecure() {
        return settings.tls().isPresent();
    }

    /** Closes the port and all connections; takes at most about a second. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            starter.join(STOP.toMillis());
            Javalin running = javalin;
            if (running != null) {
                running.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JavalinException e) {
            // Such as a client that has a request open: its connection ends all the same.
            LOG.debug("closing the port", e);
        } finally {
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing the port", e);
        }
    }
}
