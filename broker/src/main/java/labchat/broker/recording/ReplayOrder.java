package labchat.broker.recording;

import java.nio.file.Path;

/**
 * What is to be played back.
 *
 * @param file the recording
 * @param speed how many times as fast as it was; {@link #MAX} for no waiting
 * @param prefix what stands before each topic; see {@link ReplayPrefix}
 */
public record ReplayOrder(Path file, double speed, String prefix) {

    /** Without the pauses; still no more than {@link Replay#MOST_PER_SECOND}. */
    public static final double MAX = Double.POSITIVE_INFINITY;

    /** The highest speed that is not {@link #MAX}. */
    public static final double HIGHEST = 1_000;

    private static final double LOWEST = 0.01;

    /** @throws IllegalArgumentException for another speed */
    public ReplayOrder {
        if (Double.isNaN(speed) || speed < LOWEST || speed > HIGHEST && speed != MAX) {
            throw new IllegalArgumentException("speed %s; expected 0.01 to 1000, or max".formatted(speed));
        }
    }

    /** The speed as it is written. */
    public String speedText() {
        if (speed == MAX) {
            return "max";
        }
        return speed == Math.rint(speed) ? String.valueOf((long) speed) : String.valueOf(speed);
    }
}
