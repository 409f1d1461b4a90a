package labchat.broker.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import labchat.protocol.identity.ChatId;

/** Keeps when each account was there. Written soon, not at once. Any thread. */
public interface AccountStore {

    /**
     * What is known of an account.
     *
     * @param online whether it was connected when the broker last ran
     * @param since when it went online or offline; empty if it never was online
     */
    record KeptAccount(
            ChatId id,
            Optional<Instant> firstLogin,
            Optional<Instant> lastLogin,
            boolean online,
            Optional<Instant> since) {
        public KeptAccount {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(firstLogin, "firstLogin");
            Objects.requireNonNull(lastLogin, "lastLogin");
            Objects.requireNonNull(since, "since");
        }
    }

    /** All accounts that ever logged in. Reads from disk. */
    List<KeptAccount> accounts();

    /** A login was good. */
    void loggedIn(ChatId id, Instant time);

    /** The account is online or offline from now on. */
    void presence(ChatId id, boolean online, Instant since);

    /** When the broker was last known to run, as it was at its start; empty for a new store. */
    Optional<Instant> lastAlive();

    /** Keeps nothing. */
    static AccountStore none() {
        return NoFeatureStores.INSTANCE;
    }
}
