package labchat.broker.users;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** {@code $6$<salt>$<hash>}: SHA-512 of the password and the salt behind it, as Mosquitto wrote before 2.0. */
final class SaltedSha512Hash implements PasswordHash {

    private final byte[] salt;
    private final byte[] hash;

    private SaltedSha512Hash(byte[] salt, byte[] hash) {
        this.salt = salt;
        this.hash = hash;
    }

    static SaltedSha512Hash parse(String encoded) {
        String[] fields = HashFields.split(encoded, 3, "$6$<salt>$<hash>");
        return new SaltedSha512Hash(HashFields.salt(fields[1]), HashFields.sha512(fields[2]));
    }

    @Override
    public boolean verify(byte[] password) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            digest.update(password);
            return MessageDigest.isEqual(hash, digest.digest(salt));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-512", e);
        }
    }

    @Override
    public PasswordHash decoy(SecureRandom random) {
        byte[] otherHash = new byte[hash.length];
        random.nextBytes(otherHash);
        return new SaltedSha512Hash(salt, otherHash);
    }

    @Override
    public String encoded() {
        return "$6$%s$%s".formatted(HashFields.encode(salt), HashFields.encode(hash));
    }

    @Override
    public String toString() {
        return "SaltedSha512Hash[REDACTED]";
    }
}
