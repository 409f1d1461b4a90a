package labchat.broker.users;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/** {@code $7$<iterations>$<salt>$<hash>}: PBKDF2 (RFC 8018, section 5.2) with HMAC-SHA512 and 64 bytes of output. */
final class Pbkdf2Hash implements PasswordHash {

    private static final String ALGORITHM = "HmacSHA512";

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private Pbkdf2Hash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    static Pbkdf2Hash parse(String encoded) {
        String[] fields = HashFields.split(encoded, 4, "$7$<iterations>$<salt>$<hash>");
        int iterations = HashFields.number(fields[1], MIN_ITERATIONS, MAX_ITERATIONS, "iterations");
        return new Pbkdf2Hash(iterations, HashFields.salt(fields[2]), HashFields.sha512(fields[3]));
    }

    static Pbkdf2Hash create(byte[] password, int iterations, SecureRandom random) {
        if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException(
                    "%d iterations; expected %d to %d".formatted(iterations, MIN_ITERATIONS, MAX_ITERATIONS));
        }
        byte[] salt = new byte[HashFields.SALT_BYTES];
        random.nextBytes(salt);
        return new Pbkdf2Hash(iterations, salt, derive(password, salt, iterations));
    }

    @Override
    public boolean verify(byte[] password) {
        return MessageDigest.isEqual(hash, derive(password, salt, iterations));
    }

    @Override
    public PasswordHash decoy(SecureRandom random) {
        byte[] otherSalt = new byte[salt.length];
        byte[] otherHash = new byte[hash.length];
        random.nextBytes(otherSalt);
        random.nextBytes(otherHash);
        return new Pbkdf2Hash(iterations, otherSalt, otherHash);
    }

    @Override
    public String encoded() {
        return "$7$%d$%s$%s".formatted(iterations, HashFields.encode(salt), HashFields.encode(hash));
    }

    @Override
    public String toString() {
        return "Pbkdf2Hash[REDACTED]";
    }

    /**
     * The function itself, on the password's bytes: the JDK's own takes characters, and a client may send any bytes. Its
     * output is as long as that of the HMAC, so that there is one block only.
     */
    private static byte[] derive(byte[] password, byte[] salt, int iterations) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            // HMAC pads its key with zeros, so that one zero stands for the empty key, which the JDK does not take.
            mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, ALGORITHM));
            mac.update(salt);
            byte[] round = mac.doFinal(ByteBuffer.allocate(4).putInt(1).array());
            byte[] result = round.clone();
            for (int i = 1; i < iterations; i++) {
                mac.update(round);
                mac.doFinal(round, 0);
                for (int k = 0; k < result.length; k++) {
                    result[k] ^= round[k];
                }
            }
            return result;
        } catch (ShortBufferException e) {
            throw new IllegalStateException("HMAC-SHA512 is longer than 64 bytes", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA512", e);
        }
    }
}
