package labchat.client.mqtt;

import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import labchat.client.session.ConnectSettings;
import labchat.client.session.SessionFailure;
import labchat.client.tls.UntrustedServerException;

/** Puts the failures of TLS into words that say what to do. */
final class TlsErrors {

    private static final String ALERT = "received fatal alert: ";

    private TlsErrors() {}

    /** Empty if it was not TLS that failed. */
    static Optional<LinkException> of(Throwable thrown, ConnectSettings settings) {
        Throwable cause = thrown;
        for (int depth = 0; depth < 10 && cause != null; depth++, cause = cause.getCause()) {
            if (cause instanceof UntrustedServerException untrusted) {
                return Optional.of(failure(
                        "not connected to %s: %s."
                                .formatted(settings.address(), withoutFullStop(untrusted.getMessage())),
                        thrown));
            }
            if (cause instanceof ClosedChannelException && settings.tls().isPresent()) {
                return Optional.of(new LinkException(
                        SessionFailure.Kind.UNAVAILABLE,
                        "the server at %s closed the connection during the TLS handshake. Is -p its port for TLS? Without TLS, leave out --tls and its kin."
                                .formatted(settings.address()),
                        thrown));
            }
            String type = cause.getClass().getSimpleName();
            if (type.equals("NotSslRecordException")) {
                return Optional.of(failure(
                        "the server at %s does not speak TLS there. Is -p its port for TLS? Without TLS, leave out --tls and its kin."
                                .formatted(settings.address()),
                        thrown));
            }
            if (cause instanceof SSLException && cause.getMessage() != null) {
                String text = cause.getMessage().toLowerCase(Locale.ROOT);
                if (text.startsWith(ALERT)) {
                    return Optional.of(failure(alert(text.substring(ALERT.length()), settings), thrown));
                }
            }
        }
        return Optional.empty();
    }

    private static LinkException failure(String words, Throwable thrown) {
        return new LinkException(SessionFailure.Kind.OTHER, words, thrown);
    }

    private static String withoutFullStop(String text) {
        return text.replaceFirst("\\.$", "");
    }

    private static String alert(String name, ConnectSettings settings) {
        boolean shown = settings.tls().flatMap(tls -> tls.identity()).isPresent();
        return switch (name) {
            case "certificate_required" ->
                "the server at %s wants a certificate of yours: give it with --cert and --key."
                        .formatted(settings.address());
            case "certificate_expired" ->
                "the server at %s says that your certificate has run out; ask the staff for another."
                        .formatted(settings.address());
            case "bad_certificate", "certificate_unknown", "unknown_ca", "unsupported_certificate" ->
                shown
                        ? "the server at %s does not accept your certificate (%s); ask the staff for one of the class's CA."
                                .formatted(settings.address(), name)
                        : "the server at %s wants a certificate of yours: give it with --cert and --key."
                                .formatted(settings.address());
            case "protocol_version", "handshake_failure" ->
                "the server at %s and this client have no version or cipher of TLS in common (%s)."
                        .formatted(settings.address(), name);
            default -> "the server at %s ended the TLS handshake: %s.".formatted(settings.address(), name);
        };
    }
}
