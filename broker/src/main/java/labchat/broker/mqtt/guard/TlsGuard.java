package labchat.broker.mqtt.guard;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import labchat.broker.tls.CertificateNames;

/** The guard on the listeners with TLS: whose threads do the arithmetic of handshakes, and who a certificate is. */
final class TlsGuard {

    /** Moquette's name for the handler. */
    static final String HANDLER = "ssl";

    /** A peer that does not read does not get the goodbye either. */
    private static final long GOODBYE_MILLIS = 500;

    private final boolean certificateNamesUser;
    private final ThreadPoolExecutor threads;

    /** @param certificateNamesUser Mosquitto's {@code use_identity_as_username} */
    TlsGuard(boolean certificateNamesUser) {
        this.certificateNamesUser = certificateNamesUser;
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(count, count, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "labchat-tls-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    static boolean isIn(ChannelPipeline pipeline) {
        return pipeline.get(HANDLER) != null;
    }

    /**
     * Puts our own handler into the place of Moquette's, which does a handshake's arithmetic, milliseconds of it, on the
     * event loop that serves everybody; and watches the handshake. Nothing was read yet.
     */
    void install(ChannelPipeline pipeline, Connection connection) {
        SslHandler moquettes = (SslHandler) pipeline.get(HANDLER);
        SslHandler ours = new SslHandler(moquettes.engine(), threads);
        // The time from accept to CONNECT counts for both together.
        ours.setHandshakeTimeoutMillis(0);
        ours.setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
        pipeline.replace(HANDLER, HANDLER, ours);
        pipeline.addAfter(HANDLER, "tlsHandshake", new TlsHandshakeHandler(connection, this));
        connection.handshakeBegins();
    }

    /** The user that the client's certificate names; empty if it has sent none, or that is not to count. */
    Optional<String> user(SslHandler handler) {
        // One without a name is the user with the empty name, which cannot log in.
        return certificateNamesUser
                ? certificate(handler)
                        .map(certificate ->
                                CertificateNames.commonName(certificate).orElse(""))
                : Optional.empty();
    }

    /** The client's certificate; empty if it has sent none. */
    static Optional<X509Certificate> certificate(SslHandler handler) {
        try {
            Certificate[] sent = handler.engine().getSession().getPeerCertificates();
            return sent.length > 0 && sent[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    void close() {
        threads.shutdownNow();
    }
}
