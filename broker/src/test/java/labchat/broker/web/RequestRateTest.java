package labchat.broker.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RequestRateTest {

    private final Hand clock = new Hand();
    private final RequestRate rate = new RequestRate(0.5, 3, clock);

    /** A clock that stands until it is moved. */
    private static final class Hand extends Clock {
        private Instant now = Instant.EPOCH;

        void move(Duration by) {
            now = now.plus(by);
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
            return this;
        }
    }

    private int allowed(String address, int asked) {
        int count = 0;
        for (int i = 0; i < asked; i++) {
            count += rate.allows(address) ? 1 : 0;
        }
        return count;
    }

    @Test
    void address_thatAsksTooOften_isRefusedUntilTimeHasPassed() {
        assertThat(allowed("a", 10)).isEqualTo(3);

        clock.move(Duration.ofMillis(1_999));
        assertThat(allowed("a", 1)).isZero();
        clock.move(Duration.ofMillis(1));
        assertThat(allowed("a", 5)).isEqualTo(1);
        assertThat(rate.secondsToWait()).isEqualTo(2);
    }

    @Test
    void otherAddress_isNotConcerned() {
        allowed("a", 10);

        assertThat(allowed("b", 10)).isEqualTo(3);
    }

    @Test
    void pause_savesNoMoreThanTheBurst() {
        allowed("a", 3);
        clock.move(Duration.ofDays(1));

        assertThat(allowed("a", 10)).isEqualTo(3);
    }
}
