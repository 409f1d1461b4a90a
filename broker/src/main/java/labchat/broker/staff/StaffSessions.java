package labchat.broker.staff;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in to the staff's page. A session ends {@link #IDLE} after it was last used and {@link #LONGEST} after it
 * began, whatever comes first; all end with the broker. Any thread.
 */
public final class StaffSessions {

    /** How long a session lasts that nobody uses. */
    public static final Duration IDLE = Duration.ofMinutes(60);

    /** How long it lasts at most. */
    public static final Duration LONGEST = Duration.ofHours(12);

    private static final int MAX_SESSIONS = 1_000;
    private static final int KEY_BYTES = 32;

    /**
     * A session.
     *
     * @param csrf what a request that changes something must bring, beside the cookie
     */
    public record Session(String user, String csrf, Instant expires) {
        @Override
        public String toString() {
            return "Session[user=" + user + ", csrf=[REDACTED], expires=" + expires + "]";
        }

        /** Whether this is the session's token; takes the same time wherever the two differ. */
        public boolean hasToken(String token) {
            return MessageDigest.isEqual(csrf.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
        }
    }

    private record Held(String user, String csrf, Instant began, Instant used) {
        Instant expires() {
            Instant idle = used.plus(IDLE);
            Instant longest = began.plus(LONGEST);
            return idle.isBefore(longest) ? idle : longest;
        }
    }

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** By the keys' digests, the oldest first: what the memory shows is no key. */
    private final Map<String, Held> sessions = new LinkedHashMap<>();

    public StaffSessions(Clock clock) {
        this.clock = clock;
    }

    /** Opens one; gives the key that the browser keeps in its cookie. */
    public synchronized String open(String user) {
        Instant now = clock.instant();
        sessions.values().removeIf(held -> !now.isBefore(held.expires()));
        if (sessions.size() >= MAX_SESSIONS) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        String key = secret();
        sessions.put(digest(key), new Held(user, secret(), now, now));
        return key;
    }

    /** The session of this key, which is used by that; empty if there is none or it has ended. */
    public synchronized Optional<Session> use(String key) {
        return find(key, true);
    }

    /** The session of this key, which is not used by that: for what goes on by itself, such as a feed. */
    public synchronized Optional<Session> look(String key) {
        return find(key, false);
    }

    /** Ends it. */
    public synchronized void close(String key) {
        sessions.remove(digest(key));
    }

    /** Ends all of a user: the password is another now, or the user is no staff any more. */
    public synchronized void closeAll(String user) {
        sessions.values().removeIf(held -> held.user().equals(user));
    }

    private Optional<Session> find(String key, boolean use) {
        String digest = digest(key);
        Held held = sessions.get(digest);
        Instant now = clock.instant();
        if (held == null) {
            return Optional.empty();
        }
        if (!now.isBefore(held.expires())) {
            sessions.remove(digest);
            return Optional.empty();
        }
        Held after = use ? new Held(held.user(), held.csrf(), held.began(), now) : held;
        sessions.put(digest, after);
        return Optional.of(new Session(after.user(), after.csrf(), after.expires()));
    }

    private String secret() {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String digest(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
