package labchat.client.session;

/**
 * Where a session stands.
 *
 * <pre>
 * CONNECTING → CONNECTED → WAITING → CONNECTING → …
 *      any of them → CLOSED
 * </pre>
 */
public enum SessionState {
    /** On the way: connection, login, subscriptions. */
    CONNECTING,
    /** Logged in and subscribed. */
    CONNECTED,
    /** The connection was lost; the next attempt is due later. */
    WAITING,
    /** Ended for good, by its user or by a failure that trying again cannot mend. */
    CLOSED
}
