package labchat.client.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between attempts to connect: 1 s, doubled up to 30 s, each made up to a fifth shorter or longer, so that a
 * whole class does not come back at one instant.
 */
final class Backoff {

    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 30_000;
    private static final double JITTER = 0.2;

    private final RandomGenerator random;
    private long nextMillis = FIRST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The pause before the next attempt. */
    Duration next() {
        double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
        long pause = Math.round(nextMillis * factor);
        nextMillis = Math.min(LONGEST_MILLIS, nextMillis * 2);
        return Duration.ofMillis(pause);
    }

    /** Starts over, after a success. */
    void reset() {
        nextMillis = FIRST_MILLIS;
    }
}
