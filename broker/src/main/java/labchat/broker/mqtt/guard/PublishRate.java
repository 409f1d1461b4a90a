package labchat.broker.mqtt.guard;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import labchat.broker.config.Limits;

/**
 * How fast one user may publish over all connections: a burst at once, a steady rate in the long run (the generic cell
 * rate algorithm). May be used by any thread.
 */
final class PublishRate {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<Limits> limits;
    private long next = Long.MIN_VALUE;

    /** @param limits asked at each publish */
    PublishRate(Supplier<Limits> limits) {
        this.limits = limits;
    }

    /**
     * Counts a publish.
     *
     * @param now {@link System#nanoTime()}
     * @return how long to wait before the next one, in nanoseconds; 0 or less for not at all
     */
    long count(long now) {
        Limits most = limits.get();
        return most.maxPublishRate() == 0 ? 0 : countLimited(now, SECOND / most.maxPublishRate(), most.publishBurst());
    }

    private synchronized long countLimited(long now, long interval, int burst) {
        long tolerance = interval * burst;
        long from = next == Long.MIN_VALUE || next - now < 0 ? now : next;
        next = from + interval;
        return next - now - tolerance;
    }
}
