package labchat.broker.users;

import java.util.Set;

/** Who may log in. May be used by any thread at once. */
public interface UserDirectory {

    /** Whether there is an account of this name. */
    boolean contains(String user);

    /** All accounts' names, in the file's order. */
    Set<String> names();

    /**
     * Whether this is the user's password. Slow on purpose (tens of milliseconds) unless the same login was seen a short
     * while ago: never call it on a connection's thread. Takes about the same time for a name that does not exist.
     */
    boolean verify(String user, byte[] password);
}
