package labchat.protocol.identity;

import java.util.Objects;
import java.util.Optional;

/**
 * The id of a user or of a room: one topic level of 1 to {@value #MAX_LENGTH} characters out of
 * {@code A-Z a-z 0-9 _ -}. A user's id is its MQTT user name.
 *
 * @param value the id as it stands in a topic
 */
public record ChatId(String value) implements Comparable<ChatId> {

    /** The longest id, in characters. */
    public static final int MAX_LENGTH = 32;

    /** The server's own id, which is nobody's login. */
    public static final ChatId SERVER = new ChatId("server");

    /** @throws IllegalArgumentException if the value is no id; the message says why and where */
    public ChatId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(problem(value).orElseThrow());
        }
    }

    /** Whether the value is an id. Allocates nothing. */
    public static boolean isValid(String value) {
        if (value == null || value.isEmpty() || value.length() > MAX_LENGTH) {
            return false;
        }
        return firstForbidden(value) < 0;
    }

    /** The id, or nothing if the value is none. */
    public static Optional<ChatId> parse(String value) {
        return isValid(value) ? Optional.of(new ChatId(value)) : Optional.empty();
    }

    /** Why the value is no id, in words for its author; empty if it is one. */
    public static Optional<String> problem(String value) {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty()) {
            return Optional.of("an id must not be empty");
        }
        if (value.length() > MAX_LENGTH) {
            return Optional.of(
                    "an id has at most %d characters, this one has %d".formatted(MAX_LENGTH, value.length()));
        }
        int at = firstForbidden(value);
        if (at < 0) {
            return Optional.empty();
        }
        char c = value.charAt(at);
        String shown = c < 0x20 || c > 0x7e ? "U+%04X".formatted((int) c) : "'" + c + "'";
        return Optional.of(
                "an id has letters A-Z a-z, digits, _ and - only, found %s at index %d".formatted(shown, at));
    }

    private static int firstForbidden(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean allowed =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
            if (!allowed) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int compareTo(ChatId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
