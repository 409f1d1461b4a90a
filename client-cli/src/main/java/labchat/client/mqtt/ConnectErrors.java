package labchat.client.mqtt;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import labchat.client.session.ConnectSettings;
import labchat.client.session.MqttVersion;
import labchat.client.session.SessionFailure;
import labchat.client.tls.ClientTls;

/** Puts the library's exceptions of a connection attempt into words that say what to do. */
final class ConnectErrors {

    private ConnectErrors() {}

    static LinkException of(Throwable thrown, ConnectSettings settings) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof Mqtt5ConnAckException refused) {
            return refused(refused, settings);
        }
        if (cause instanceof Mqtt3ConnAckException refused) {
            return refused(refused, settings);
        }
        Optional<LinkException> tls = TlsErrors.of(cause, settings);
        if (tls.isPresent()) {
            return tls.get();
        }
        return new LinkException(SessionFailure.Kind.UNAVAILABLE, unreachable(deepest(cause), cause, settings), thrown);
    }

    /** The reason for the end of a connection, in a few words. */
    static String lost(Throwable thrown) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof Mqtt5DisconnectException disconnect) {
            return switch (disconnect.getMqttMessage().getReasonCode()) {
                case SERVER_SHUTTING_DOWN -> "the server is shutting down";
                case SESSION_TAKEN_OVER -> "another client took over this one's id";
                case ADMINISTRATIVE_ACTION -> "the server ended it";
                case KEEP_ALIVE_TIMEOUT -> "the server heard nothing from here";
                default ->
                    "the server ended it: "
                            + words(disconnect.getMqttMessage().getReasonCode().name());
            };
        }
        if (cause instanceof ConnectionClosedException) {
            return cause.getMessage() != null && cause.getMessage().contains("PINGRESP")
                    ? "the server does not answer any more"
                    : "the server closed it";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message.toLowerCase(Locale.ROOT);
    }

    /** The exception inside those that only carry one. */
    static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** A code's name as words. */
    static String words(String codeName) {
        return codeName.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static LinkException refused(Mqtt5ConnAckException refused, ConnectSettings settings) {
        Mqtt5ConnAckReasonCode code = refused.getMqttMessage().getReasonCode();
        return switch (code) {
            // Mosquitto answers a wrong password with "not authorized" in this version.
            case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED -> loginRefused(settings, refused);
            case UNSUPPORTED_PROTOCOL_VERSION -> unsupportedVersion(settings, refused);
            case SERVER_UNAVAILABLE, SERVER_BUSY, CONNECTION_RATE_EXCEEDED, QUOTA_EXCEEDED ->
                new LinkException(
                        SessionFailure.Kind.UNAVAILABLE,
                        "the server at %s takes no more clients now (%s). Try again later."
                                .formatted(settings.address(), words(code.name())),
                        refused);
            default ->
                new LinkException(
                        SessionFailure.Kind.OTHER,
                        "the server at %s refuses the connection: %s."
                                .formatted(settings.address(), words(code.name())),
                        refused);
        };
    }

    private static LinkException refused(Mqtt3ConnAckException refused, ConnectSettings settings) {
        Mqtt3ConnAckReturnCode code = refused.getMqttMessage().getReturnCode();
        return switch (code) {
            case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED -> loginRefused(settings, refused);
            case UNSUPPORTED_PROTOCOL_VERSION -> unsupportedVersion(settings, refused);
            case SERVER_UNAVAILABLE ->
                new LinkException(
                        SessionFailure.Kind.UNAVAILABLE,
                        "the server at %s takes no clients now. Try again later.".formatted(settings.address()),
                        refused);
            default ->
                new LinkException(
                        SessionFailure.Kind.OTHER,
                        "the server at %s refuses the connection: %s."
                                .formatted(settings.address(), words(code.name())),
                        refused);
        };
    }

    private static LinkException loginRefused(ConnectSettings settings, Throwable cause) {
        if (settings.password().isEmpty()
                && settings.tls().flatMap(ClientTls::identity).isPresent()) {
            return new LinkException(
                    SessionFailure.Kind.LOGIN_REFUSED,
                    "the server at %s does not take the certificate for a login of its own, or whom it names has no account; give a password too, with LABCHAT_PASSWORD or --password-file."
                            .formatted(settings.address()),
                    cause);
        }
        return new LinkException(
                SessionFailure.Kind.LOGIN_REFUSED,
                "user \"%s\" or its password is wrong: the server at %s refused the login."
                        .formatted(settings.user(), settings.address()),
                cause);
    }

    private static LinkException unsupportedVersion(ConnectSettings settings, Throwable cause) {
        MqttVersion other = settings.version() == MqttVersion.V5 ? MqttVersion.V3_1_1 : MqttVersion.V5;
        return new LinkException(
                SessionFailure.Kind.OTHER,
                "the server at %s does not speak MQTT %s. Try the other version with -V %s."
                        .formatted(settings.address(), settings.version(), other),
                cause);
    }

    private static String unreachable(Throwable deepest, Throwable cause, ConnectSettings settings) {
        String address = settings.address();
        if (deepest instanceof UnknownHostException) {
            return "cannot reach %s: no host has the name \"%s\". Name another with -h."
                    .formatted(address, settings.host());
        }
        if (deepest instanceof NoRouteToHostException) {
            return "cannot reach %s: there is no way to that host from here. Check the network, or name another host with -h."
                    .formatted(address);
        }
        String text = String.valueOf(deepest.getMessage()).toLowerCase(Locale.ROOT);
        if (deepest instanceof ConnectException && text.contains("refused")) {
            return ("cannot reach %s: connection refused. Is the broker running? Start it with ./run, or name another"
                            + " host with -h.")
                    .formatted(address);
        }
        if (deepest instanceof SocketTimeoutException
                || deepest instanceof TimeoutException
                || text.contains("timed out")
                || text.contains("timeout")) {
            return ("cannot reach %s: no answer within %d s. Check the host (-h), the port (-p) and the network."
                    .formatted(address, HiveMqLinks.CONNECT_TIMEOUT.toSeconds()));
        }
        if (cause instanceof ConnectionClosedException) {
            return (settings.tls().isPresent()
                            ? "cannot log in at %s: the server closed the connection without a word. Is -p the port of MQTT over TLS?"
                                    + " Or it wants a certificate (--cert, --key)."
                            : "cannot log in at %s: the server closed the connection without a word. Is -p the port of MQTT over TCP?"
                                    + " If it is the one with TLS, add --tls.")
                    .formatted(address);
        }
        return "cannot reach %s: %s.".formatted(address, text);
    }

    private static Throwable deepest(Throwable thrown) {
        Throwable deepest = thrown;
        for (int depth = 0; depth < 10 && deepest.getCause() != null; depth++) {
            // Netty's own subclasses of the JDK's exceptions carry the original as their cause.
            deepest = deepest.getCause();
        }
        return deepest;
    }
}
