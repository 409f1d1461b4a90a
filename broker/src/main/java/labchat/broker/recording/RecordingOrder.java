package labchat.broker.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What is to be recorded.
 *
 * @param file must not be there yet
 * @param length after which it ends by itself
 * @param users only what these users' clients say and are told, and what others write to them; empty for everybody
 * @param keepTexts whether texts of messages stay as they are
 * @param watched whether somebody asks how it goes; if nobody does for a while, it ends
 */
public record RecordingOrder(Path file, Duration length, Set<String> users, boolean keepTexts, boolean watched) {

    /** The longest recording. */
    public static final Duration LONGEST = Duration.ofHours(12);

    /** @throws IllegalArgumentException for a length that is not above zero or above the longest */
    public RecordingOrder {
        users = Set.copyOf(users);
        if (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a recording takes more than 0 and at most 12 hours");
        }
    }
}
