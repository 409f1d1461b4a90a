package labchat.broker.users;

import java.util.Base64;

/** Reads the fields that the forms of a password hash have in common. */
final class HashFields {

    /** What Debian's Mosquitto 2.0.11 reads; newer ones also write 64. */
    static final int SALT_BYTES = 12;

    static final int LONG_SALT_BYTES = 64;
    static final int SHA512_BYTES = 64;

    private HashFields() {}

    /** The fields between the dollars; {@code $7$a$b$c} has 7, a, b and c. */
    static String[] split(String encoded, int count, String form) {
        String[] fields = encoded.substring(1).split("\\$", -1);
        if (fields.length != count) {
            throw new IllegalArgumentException("malformed password hash: expected " + form);
        }
        return fields;
    }

    static byte[] salt(String field) {
        byte[] salt = base64(field, "salt");
        if (salt.length != SALT_BYTES && salt.length != LONG_SALT_BYTES) {
            throw new IllegalArgumentException("malformed password hash: the salt has %d bytes, expected %d or %d"
                    .formatted(salt.length, SALT_BYTES, LONG_SALT_BYTES));
        }
        return salt;
    }

    static byte[] sha512(String field) {
        byte[] hash = base64(field, "hash");
        if (hash.length != SHA512_BYTES) {
            throw new IllegalArgumentException(
                    "malformed password hash: the hash has %d bytes, expected %d".formatted(hash.length, SHA512_BYTES));
        }
        return hash;
    }

    /** Base64 with padding. */
    private static byte[] base64(String field, String what) {
        if (field.isEmpty() || field.length() % 4 != 0) {
            throw new IllegalArgumentException(
                    "malformed password hash: the %s is no Base64 with padding".formatted(what));
        }
        return decode(field, what);
    }

    /** Base64 with or without padding. */
    static byte[] decode(String field, String what) {
        try {
            return Base64.getDecoder().decode(field);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("malformed password hash: the %s is no Base64".formatted(what), e);
        }
    }

    static int number(String field, int min, int max, String what) {
        int value = -1;
        if (!field.isEmpty() && field.length() <= 9 && field.chars().allMatch(c -> c >= '0' && c <= '9')) {
            value = Integer.parseInt(field);
        }
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "malformed password hash: expected %s from %,d to %,d".formatted(what, min, max));
        }
        return value;
    }

    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
