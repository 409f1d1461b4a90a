package labchat.broker.mqtt.guard;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import labchat.broker.event.Refusal;

/** Hears how a TLS handshake ends, and says in words why one failed; stands behind the handler of TLS. */
final class TlsHandshakeHandler extends ChannelInboundHandlerAdapter {

    private static final String ALERT = "received fatal alert: ";

    private final Connection connection;
    private final TlsGuard tls;
    private boolean over;

    TlsHandshakeHandler(Connection connection, TlsGuard tls) {
        this.connection = connection;
        this.tls = tls;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent end && !over) {
            over = true;
            if (end.isSuccess()) {
                SslHandler handler = ctx.pipeline().get(SslHandler.class);
                connection.handshakeEnds(tls.user(handler), TlsGuard.certificate(handler));
            } else {
                failed(end.cause());
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private void failed(Throwable cause) {
        boolean hungUp = isHangUp(cause);
        if (hungUp && !connection.hasSpoken()) {
            // Somebody looked whether the port is open, and went away again.
            return;
        }
        connection.closeFor(
                MqttReasonCodes.Disconnect.PROTOCOL_ERROR,
                "TLS handshake",
                hungUp
                        ? Refusal.of("tls_handshake", "the client hung up during the TLS handshake")
                                .withHint("Perhaps it does not trust the certificate: give it the CA's (--cafile).")
                        : refusal(cause));
    }

    private static boolean isHangUp(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // Also what is thrown when the broker's own part of the handshake cannot be written any more.
            if (cause instanceof IOException && !(cause instanceof SSLException)) {
                return true;
            }
        }
        return false;
    }

    /** What an exception of a handshake means, for staff who read the log and for whoever wrote the client. */
    static Refusal refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return Refusal.of("tls_handshake", "the client's certificate has run out")
                        .withHint("Make a new one: broker.jar cert client.");
            }
            if (cause instanceof CertificateNotYetValidException) {
                return Refusal.of("tls_handshake", "the client's certificate is not valid yet")
                        .withHint("Compare this machine's clock with that of the one that made it.");
            }
        }
        if (isUnknownSigner(failure)) {
            return Refusal.of("tls_handshake", "the client's certificate is not signed by cafile")
                    .withHint("Use one that was made with the class's CA: broker.jar cert client.");
        }
        String text = oneLine(failure);
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith(ALERT)) {
            return alert(lower.substring(ALERT.length()));
        }
        if (lower.contains("aead")) {
            // What cannot be decrypted here is an alert that was sent in the clear.
            return Refusal.of(
                            "tls_handshake",
                            "the client ended the TLS handshake, probably because of the broker's certificate")
                    .withHint("Give it the CA's certificate (--cafile), and the name that is in the certificate.");
        }
        if (lower.contains("empty client certificate chain")) {
            return Refusal.of("tls_handshake", "the client has sent no certificate, and require_certificate is true")
                    .withHint("Give it one (--cert and --key); broker.jar cert client makes it.");
        }
        if (lower.contains("protocol version") || lower.contains("is not enabled or supported")) {
            return Refusal.of("tls_handshake", "the client speaks no TLS 1.2 or 1.3")
                    .withHint("Older versions are broken; use a newer TLS library.");
        }
        if (lower.contains("no cipher suites in common")) {
            return Refusal.of("tls_handshake", "client and broker have no cipher in common")
                    .withHint("Use a newer TLS library.");
        }
        return Refusal.of("tls_handshake", "the TLS handshake failed: " + text);
    }

    private static boolean isUnknownSigner(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathValidatorException || cause instanceof CertPathBuilderException) {
                return true;
            }
        }
        return false;
    }

    private static Refusal alert(String name) {
        return switch (name) {
            case "unknown_ca", "certificate_unknown", "bad_certificate", "unsupported_certificate", "access_denied" ->
                Refusal.of("tls_handshake", "the client does not accept the broker's certificate (%s)".formatted(name))
                        .withHint("Give it the CA's certificate (--cafile), and the name that is in the certificate.");
            case "certificate_expired" ->
                Refusal.of("tls_handshake", "the client says that the broker's certificate has run out")
                        .withHint("Make a new one with broker.jar cert renew, or set the client's clock.");
            default -> Refusal.of("tls_handshake", "the client ended the TLS handshake (%s)".formatted(name));
        };
    }

    private static String oneLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable inner = cause.getCause() == null ? cause : cause.getCause();
        if (inner instanceof SSLException && connection.isInHandshake()) {
            // Was told as the handshake's end.
            ctx.close();
            return;
        }
        ctx.fireExceptionCaught(cause);
    }
}
