package labchat.client.session;

import java.util.Objects;
import java.util.concurrent.CompletionException;

/**
 * Why a session, or one publish of it, failed.
 *
 * @param message one line for the user that says what failed and what to do
 */
public record SessionFailure(Kind kind, String message) {

    public SessionFailure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
    }

    /** The failure that an exception of a session's future carries. */
    public static SessionFailure of(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof SessionException told
                ? told.failure()
                : new SessionFailure(Kind.OTHER, String.valueOf(cause.getMessage()));
    }

    /** The causes that a caller may want to tell apart. */
    public enum Kind {
        /** No server answers there. */
        UNAVAILABLE,
        /** The server knows no such user with that password. */
        LOGIN_REFUSED,
        /** The login is good, but the server forbids what was asked. */
        NOT_AUTHORISED,
        /** The server refuses a publish for what is in it, such as an unknown receiver. */
        REFUSED,
        /** No answer in time. */
        TIMED_OUT,
        /** Whatever else. */
        OTHER
    }
}
