package labchat.broker.users;

import java.security.SecureRandom;

/**
 * A password as {@code password_file} keeps it. Implementations are immutable and print nothing of what they hold.
 */
public sealed interface PasswordHash permits Pbkdf2Hash, SaltedSha512Hash, Argon2idHash {

    /** The fewest and the most iterations that are accepted; the most take about ten seconds. */
    int MIN_ITERATIONS = 1;

    int MAX_ITERATIONS = 10_000_000;

    /** Whether this is the password. Takes the same time whether it is or not. */
    boolean verify(byte[] password);

    /** A hash of some other password that costs as much to verify as this one. */
    PasswordHash decoy(SecureRandom random);

    /** As it stands in the file behind the colon. */
    String encoded();

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none; the message says what is wrong and holds nothing of the value
     */
    static PasswordHash parse(String encoded) {
        if (encoded.startsWith("$7$")) {
            return Pbkdf2Hash.parse(encoded);
        }
        if (encoded.startsWith("$6$")) {
            return SaltedSha512Hash.parse(encoded);
        }
        if (encoded.startsWith("$argon2id$")) {
            return Argon2idHash.parse(encoded);
        }
        throw new IllegalArgumentException(
                "no password hash of a known form; expected $7$…, $6$… or $argon2id$…, as \"users passwd\" or"
                        + " mosquitto_passwd write it");
    }

    /**
     * Hashes a password as Mosquitto 2.0 and newer read it: {@code $7$}, PBKDF2 with HMAC-SHA512.
     *
     * @param iterations {@value #MIN_ITERATIONS} to {@value #MAX_ITERATIONS}; more cost an attacker more, and each login
     */
    static PasswordHash create(byte[] password, int iterations, SecureRandom random) {
        return Pbkdf2Hash.create(password, iterations, random);
    }
}
