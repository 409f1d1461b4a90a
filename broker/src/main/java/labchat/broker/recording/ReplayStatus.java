package labchat.broker.recording;

import java.util.Optional;

/**
 * How a replay goes, or how the last one went.
 *
 * @param file the recording
 * @param prefix what stands before each topic
 * @param speed as it is written: a number or {@code max}
 * @param running whether it goes on
 * @param position milliseconds from the recording's beginning up to which it has come
 * @param length of the recording, in milliseconds
 * @param published how many publishes so far
 * @param publishes how many there are
 * @param problem why it ended too early, in words; empty if it did not
 */
public record ReplayStatus(
        String file,
        String prefix,
        String speed,
        boolean running,
        long position,
        long length,
        long published,
        long publishes,
        Optional<String> problem) {}
