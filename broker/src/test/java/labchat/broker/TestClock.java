package labchat.broker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves when told. */
public final class TestClock extends Clock {

    private volatile Instant now;

    /** @param now the first time, as RFC 3339 writes it */
    public TestClock(String now) {
        this.now = Instant.parse(now);
    }

    /** Moves on. */
    public void advance(Duration by) {
        now = now.plus(by);
    }

    /** Is at this time from now on. */
    public void set(Instant time) {
        now = time;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("always UTC");
    }
}
