package labchat.client.mqtt;

import labchat.client.session.SessionFailure;

/** A connection, or one request on it, failed. */
final class LinkException extends Exception {

    private static final long serialVersionUID = 1L;

    private final SessionFailure.Kind kind;
    private final boolean connectionLost;

    /** A failure of one request; the connection lives on. */
    LinkException(SessionFailure.Kind kind, String message, Throwable cause) {
        this(kind, message, cause, false);
    }

    private LinkException(SessionFailure.Kind kind, String message, Throwable cause, boolean connectionLost) {
        super(message, cause);
        this.kind = kind;
        this.connectionLost = connectionLost;
    }

    /** A request has no answer because the connection broke. */
    static LinkException connectionLost(Throwable cause) {
        return new LinkException(SessionFailure.Kind.UNAVAILABLE, "the connection was lost", cause, true);
    }

    SessionFailure.Kind kind() {
        return kind;
    }

    boolean isConnectionLost() {
        return connectionLost;
    }
}
