package labchat.broker.web;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often one address may ask: so many at once, and so many a second after that. Remembers the addresses that asked
 * last, up to a bound. May be used by any thread.
 */
public final class RequestRate {

    private static final int MAX_ADDRESSES = 10_000;

    private final double perSecond;
    private final double burst;
    private final Clock clock;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private record Bucket(double left, long at) {}

    /**
     * @param perSecond requests a second that one address may make in the long run
     * @param burst requests that it may make at once
     */
    public RequestRate(double perSecond, int burst, Clock clock) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.clock = clock;
    }

    /** Whether the address may ask once more now; if so, that is counted. */
    public synchronized boolean allows(String address) {
        long now = clock.millis();
        Bucket before = buckets.getOrDefault(address, new Bucket(burst, now));
        double left = Math.min(burst, before.left() + Math.max(0, now - before.at()) * perSecond / 1_000);
        boolean allowed = left >= 1;
        buckets.put(address, new Bucket(allowed ? left - 1 : left, now));
        return allowed;
    }

    /** In how many seconds an address that was refused may ask again; at least 1. */
    public long secondsToWait() {
        return (long) Math.max(1, Math.ceil(1 / perSecond));
    }
}
