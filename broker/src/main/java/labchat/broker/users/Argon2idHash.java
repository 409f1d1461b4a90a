package labchat.broker.users;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * {@code $argon2id$v=19$m=<KiB>,t=<passes>,p=<lanes>$<salt>$<hash>}: Argon2id (RFC 9106), which Mosquitto 2.1 writes.
 * Read, never written, because older ones do not know it.
 */
final class Argon2idHash implements PasswordHash {

    private static final String FORM = "$argon2id$v=19$m=<KiB>,t=<passes>,p=<lanes>$<salt>$<hash>";
    private static final Pattern COSTS = Pattern.compile("m=(\\d+),t=(\\d+),p=(\\d+)");

    /** Memory for one login, in KiB: a quarter of a gigabyte. */
    private static final int MAX_MEMORY_KIB = 262_144;

    private static final int MAX_PASSES = 100;
    private static final int MAX_LANES = 64;

    private final int memoryKib;
    private final int passes;
    private final int lanes;
    private final byte[] salt;
    private final byte[] hash;
    private final String encoded;

    private Argon2idHash(int memoryKib, int passes, int lanes, byte[] salt, byte[] hash, String encoded) {
        this.memoryKib = memoryKib;
        this.passes = passes;
        this.lanes = lanes;
        this.salt = salt;
        this.hash = hash;
        this.encoded = encoded;
    }

    static Argon2idHash parse(String encoded) {
        String[] fields = HashFields.split(encoded, 5, FORM);
        Matcher costs = COSTS.matcher(fields[2]);
        if (!fields[1].equals("v=19") || !costs.matches()) {
            throw new IllegalArgumentException("malformed password hash: expected " + FORM);
        }
        int lanes = HashFields.number(costs.group(3), 1, MAX_LANES, "p (lanes)");
        byte[] salt = HashFields.decode(fields[3], "salt");
        byte[] hash = HashFields.decode(fields[4], "hash");
        if (salt.length < 8 || salt.length > 64 || hash.length < 16 || hash.length > 128) {
            throw new IllegalArgumentException(
                    "malformed password hash: expected a salt of 8 to 64 bytes and a hash of 16 to 128");
        }
        return new Argon2idHash(
                HashFields.number(costs.group(1), 8 * lanes, MAX_MEMORY_KIB, "m (memory in KiB)"),
                HashFields.number(costs.group(2), 1, MAX_PASSES, "t (passes)"),
                lanes,
                salt,
                hash,
                encoded);
    }

    @Override
    public boolean verify(byte[] password) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] derived = new byte[hash.length];
        generator.generateBytes(password, derived);
        return MessageDigest.isEqual(hash, derived);
    }

    @Override
    public PasswordHash decoy(SecureRandom random) {
        byte[] otherHash = new byte[hash.length];
        random.nextBytes(otherHash);
        return new Argon2idHash(memoryKib, passes, lanes, salt, otherHash, encoded);
    }

    @Override
    public String encoded() {
        return encoded;
    }

    @Override
    public String toString() {
        return "Argon2idHash[REDACTED]";
    }
}
