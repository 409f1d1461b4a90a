package labchat.protocol.topic;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Rules for a topic name, to which one publishes: MQTT 3.1.1 and 5, section 4.7, plus this broker's limits.
 */
public final class TopicName {

    /** The most levels a topic or filter may have. */
    public static final int MAX_LEVELS = 16;

    /** The longest topic or filter, in bytes of UTF-8. */
    public static final int MAX_BYTES = 256;

    private TopicName() {}

    /** Why the text is no topic name, in words for its author; empty if it is one. */
    public static Optional<String> problem(String topic) {
        int wildcard = firstWildcard(topic);
        if (wildcard >= 0) {
            // [MQTT-3.3.2-2]
            return Optional.of("a topic to publish to has no wildcard, found '%c' at index %d"
                    .formatted(topic.charAt(wildcard), wildcard));
        }
        return problemOfText(topic);
    }

    /** What topics and filters have in common: not empty [MQTT-4.7.3-1], no NUL [MQTT-4.7.3-2], limits. */
    static Optional<String> problemOfText(String text) {
        if (text.isEmpty()) {
            return Optional.of("it is empty");
        }
        int levels = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/') {
                levels++;
            } else if (isForbidden(text, i, c)) {
                return Optional.of("it has the forbidden character U+%04X at index %d".formatted((int) c, i));
            }
        }
        if (levels > MAX_LEVELS) {
            return Optional.of("it has %d levels, at most %d are allowed".formatted(levels, MAX_LEVELS));
        }
        if (text.length() * 3 > MAX_BYTES) {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                return Optional.of("it is %d bytes long, at most %d are allowed".formatted(bytes, MAX_BYTES));
            }
        }
        return Optional.empty();
    }

    private static boolean isForbidden(String text, int index, char c) {
        if (c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0xfffd || c == 0xfffe || c == 0xffff) {
            return true;
        }
        if (Character.isHighSurrogate(c)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }

    private static int firstWildcard(String topic) {
        for (int i = 0; i < topic.length(); i++) {
            char c = topic.charAt(i);
            if (c == '+' || c == '#') {
                return i;
            }
        }
        return -1;
    }
}
