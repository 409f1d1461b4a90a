package labchat.broker.mqtt;

import java.util.Optional;

/**
 * The login that the guard has checked and is handing to Moquette on this very thread. Moquette asks its authenticator
 * within that call, so no password need reach it.
 */
public final class AdmittedLogin {

    private static final ThreadLocal<String> USER = new ThreadLocal<>();

    private AdmittedLogin() {}

    /** Runs the hand-over of a user's CONNECT; empty for a client without a name. */
    public static void during(Optional<String> user, Runnable handOver) {
        user.ifPresent(USER::set);
        try {
            handOver.run();
        } finally {
            USER.remove();
        }
    }

    /** Whether this is the user whose CONNECT is being handed over. */
    static boolean is(String user) {
        return user != null && user.equals(USER.get());
    }
}
