package labchat.broker.users;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Successful logins of a short while, at most one for each account: HMAC-SHA256 of name and password, under a random key
 * that never leaves this object. May be used by any thread at once.
 */
final class RecentLogins {

    private static final String ALGORITHM = "HmacSHA256";

    private final Map<String, Login> logins = new ConcurrentHashMap<>();
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;
    private final SecretKeySpec key;

    /** To make one costs as much as to use it. */
    private final ThreadLocal<Mac> macs;

    RecentLogins(Duration lifetime, LongSupplier nanoTime, SecureRandom random) {
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoTime = nanoTime;
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, ALGORITHM);
        this.macs = ThreadLocal.withInitial(() -> macOf(key));
    }

    private RecentLogins(RecentLogins other) {
        this.lifetimeNanos = other.lifetimeNanos;
        this.nanoTime = other.nanoTime;
        this.key = other.key;
        this.macs = other.macs;
        logins.putAll(other.logins);
    }

    /** The same logins, for another generation of accounts: what this one learns from now on stays its own. */
    RecentLogins copy() {
        return new RecentLogins(this);
    }

    /** The account is gone, or has another password. */
    void forget(String user) {
        logins.remove(user);
    }

    byte[] digest(String user, byte[] password) {
        Mac mac = macs.get();
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        // The length in front keeps "ab" with "c" apart from "a" with "bc".
        mac.update(ByteBuffer.allocate(4).putInt(name.length).array());
        mac.update(name);
        return mac.doFinal(password);
    }

    private static Mac macOf(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA256", e);
        }
    }

    boolean has(String user, byte[] digest) {
        Login login = logins.get(user);
        if (login == null) {
            return false;
        }
        if (nanoTime.getAsLong() - login.since >= lifetimeNanos) {
            logins.remove(user, login);
            return false;
        }
        return MessageDigest.isEqual(login.digest, digest);
    }

    /** Only for accounts that exist: their number is the bound of this memory. */
    void add(String user, byte[] digest) {
        logins.put(user, new Login(digest, nanoTime.getAsLong()));
    }

    private static final class Login {
        private final byte[] digest;
        private final long since;

        Login(byte[] digest, long since) {
            this.digest = digest;
            this.since = since;
        }
    }
}
