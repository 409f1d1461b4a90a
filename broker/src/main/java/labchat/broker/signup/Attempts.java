package labchat.broker.signup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts wrong codes by address, so that nobody finds the code by trying. May be used by any thread. */
final class Attempts {

    /** So many wrong codes may come from one address within {@link #WINDOW}: a class behind one address mistypes too. */
    static final int FREE = 10;

    static final Duration WINDOW = Duration.ofMinutes(1);

    private static final int REMEMBERED = 10_000;

    private record Count(int wrong, Instant since) {}

    private final Clock clock;
    private final Map<String, Count> byAddress = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > REMEMBERED;
        }
    };

    Attempts(Clock clock) {
        this.clock = clock;
    }

    synchronized boolean mayTry(String address) {
        Count count = byAddress.get(address);
        return count == null || count.wrong() < FREE || isOver(count);
    }

    synchronized void failed(String address) {
        Count before = byAddress.remove(address);
        boolean goesOn = before != null && !isOver(before);
        byAddress.put(address, goesOn ? new Count(before.wrong() + 1, before.since()) : new Count(1, clock.instant()));
    }

    private boolean isOver(Count count) {
        return !clock.instant().isBefore(count.since().plus(WINDOW));
    }
}
