package labchat.broker.staff;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps passwords from being guessed: so many wrong ones from an address or for a name, then a pause. Any thread. */
public final class LoginThrottle {

    /** So many wrong passwords are answered. */
    public static final int MOST = 5;

    /** Within this time. */
    public static final Duration WITHIN = Duration.ofMinutes(1);

    private static final int REMEMBERED = 10_000;

    private final Clock clock;
    private final Map<String, Deque<Instant>> failures = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Instant>> eldest) {
            return size() > REMEMBERED;
        }
    };

    public LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    /**
     * Takes a try before its password is looked at, so that many at once count as well.
     *
     * @return how long to wait if this was one too many; empty if the password may be looked at
     */
    public synchronized Optional<Duration> attempt(String address, String user) {
        Optional<Duration> wait = wait("address " + address).or(() -> wait("user " + user));
        if (wait.isEmpty()) {
            note("address " + address);
            note("user " + user);
        }
        return wait;
    }

    /** The password was right: the tries are forgotten. */
    public synchronized void succeeded(String address, String user) {
        failures.remove("address " + address);
        failures.remove("user " + user);
    }

    private Optional<Duration> wait(String key) {
        Deque<Instant> times = failures.get(key);
        if (times == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        while (!times.isEmpty() && !now.isBefore(times.getFirst().plus(WITHIN))) {
            times.removeFirst();
        }
        return times.size() < MOST
                ? Optional.empty()
                : Optional.of(Duration.between(now, times.getFirst().plus(WITHIN)));
    }

    private void note(String key) {
        failures.computeIfAbsent(key, k -> new ArrayDeque<>()).addLast(clock.instant());
    }
}
