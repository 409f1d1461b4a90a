package labchat.protocol.identity;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What tells one message of a pair of users from another: 1 to {@value #MAX_LENGTH} visible ASCII characters, otherwise
 * opaque. The lab's text has 8 hex digits, its code 32.
 *
 * @param value the characters
 */
public record MessageUuid(String value) {

    /** The longest uuid, in characters. */
    public static final int MAX_LENGTH = 64;

    /** @throws IllegalArgumentException if the value is no uuid */
    public MessageUuid {
        if (!isValid(value)) {
            throw new IllegalArgumentException("a uuid is 1 to %d visible ASCII characters".formatted(MAX_LENGTH));
        }
    }

    /** Whether the value is a uuid. Allocates nothing. */
    public static boolean isValid(String value) {
        if (value == null || value.isEmpty() || value.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= 0x20 || c > 0x7e) {
                return false;
            }
        }
        return true;
    }

    /** A fresh one of 32 hex digits. It need not be unguessable, only never repeated by its sender. */
    public static MessageUuid random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return new MessageUuid(hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()));
    }

    @Override
    public String toString() {
        return value;
    }
}
