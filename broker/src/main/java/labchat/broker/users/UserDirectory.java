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

    /**
     * Whether the same login was found to be right a short while ago. Quick; false says nothing about the password.
     */
    default boolean isRecent(String user, byte[] password) {
        return false;
    }

    /**
     * What a user can log in with, to be compared with what it was before; says nothing to anybody. Empty if there is no
     * such account.
     */
    default Set<String> credentials(String user) {
        return contains(user) ? Set.of(user) : Set.of();
    }

    /**
     * Which of a user's accounts and passwords counts: another number after a password was taken away, or the account was
     * removed and made again. A login that began under one number must not end under another.
     *
     * @return below 0 if there is no such account
     */
    default long version(String user) {
        return contains(user) ? 0 : -1;
    }
}
