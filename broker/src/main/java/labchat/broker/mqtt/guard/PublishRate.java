package labchat.broker.mqtt.guard;

import java.util.concurrent.TimeUnit;

/**
 * How fast one user may publish over all connections: a burst at once, a steady rate in the long run (the generic cell
 * rate algorithm). May be used by any thread.
 */
final class PublishRate {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long interval;
    private final long tolerance;
    private long next = Long.MIN_VALUE;

    /** @param perSecond 0 for no limit */
    PublishRate(int perSecond, int burst) {
        interval = perSecond == 0 ? 0 : SECOND / perSecond;
        tolerance = interval * burst;
    }

    /**
     * Counts a publish.
     *
     * @param now {@link System#nanoTime()}
     * @return how long to wait before the next one, in nanoseconds; 0 or less for not at all
     */
    long count(long now) {
        return interval == 0 ? 0 : countLimited(now);
    }

    private synchronized long countLimited(long now) {
        long from = next == Long.MIN_VALUE || next - now < 0 ? now : next;
        next = from + interval;
        return next - now - tolerance;
    }
}
