package labchat.broker.mqtt.guard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Counts wrong passwords by address, so that guessing gets slow. Only wrong ones wait: nobody else at the same address
 * notices, and no account is ever locked. May be used by any thread.
 */
final class LoginFailures {

    private static final Duration FORGOTTEN = Duration.ofMinutes(1);
    private static final int FREE = 3;
    private static final int MOST_DELAYS = 10;
    private static final int REMEMBERED = 10_000;

    private record Count(int failures, Instant last) {}

    private final Clock clock;
    private final Supplier<Duration> delay;
    private final Map<String, Count> byAddress = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > REMEMBERED;
        }
    };

    LoginFailures(Clock clock, Supplier<Duration> delay) {
        this.clock = clock;
        this.delay = delay;
    }

    /** A password was wrong; gives how long the answer is to wait. */
    synchronized Duration add(String address) {
        Instant now = clock.instant();
        Count before = byAddress.remove(address);
        boolean recent = before != null && now.isBefore(before.last().plus(FORGOTTEN));
        int failures = recent ? before.failures() + 1 : 1;
        byAddress.put(address, new Count(failures, now));
        if (failures <= FREE) {
            return Duration.ZERO;
        }
        int doublings = Math.min(failures - FREE - 1, 4);
        return delay.get().multipliedBy(Math.min(MOST_DELAYS, 1L << doublings));
    }
}
