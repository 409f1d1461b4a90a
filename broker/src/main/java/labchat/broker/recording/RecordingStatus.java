package labchat.broker.recording;

import java.time.Duration;
import java.util.Optional;

/**
 * How a recording goes, or how the last one went.
 *
 * @param file where it is written
 * @param running whether it goes on
 * @param elapsed since its beginning, up to its end
 * @param length after which it ends by itself
 * @param publishes how many publishes are in it, so far
 * @param bytes of the file
 * @param dropped how many packets are missing in it, because the disk was too slow
 * @param problem why it ended too early, in words; empty if it did not
 */
public record RecordingStatus(
        String file,
        boolean running,
        Duration elapsed,
        Duration length,
        long publishes,
        long bytes,
        long dropped,
        Optional<String> problem) {}
