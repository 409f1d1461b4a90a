package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import labchat.broker.TestClock;
import org.junit.jupiter.api.Test;

class LoginFailuresTest {

    private static final Duration DELAY = Duration.ofMillis(500);
    private static final String ADDRESS = "192.0.2.7";

    private final TestClock clock = new TestClock("2026-11-20T10:15:30Z");
    private final LoginFailures failures = new LoginFailures(clock, () -> DELAY);

    @Test
    void add_fromTheFourthOn_waitsTwiceAsLongEachTimeUpToTenTimes() {
        assertThat(Stream.generate(() -> failures.add(ADDRESS)).limit(10).map(Duration::toMillis))
                .containsExactly(0L, 0L, 0L, 500L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L, 5_000L);
    }

    @Test
    void add_otherAddress_waitsNotAtAll() {
        for (int i = 0; i < 10; i++) {
            failures.add(ADDRESS);
        }
        assertThat(failures.add("192.0.2.8")).isZero();
    }

    @Test
    void add_afterAMinuteWithoutFailure_beginsAnew() {
        for (int i = 0; i < 10; i++) {
            failures.add(ADDRESS);
        }
        clock.advance(Duration.ofSeconds(59));
        assertThat(failures.add(ADDRESS)).isPositive();
        clock.advance(Duration.ofSeconds(60));
        assertThat(failures.add(ADDRESS)).isZero();
    }

    @Test
    void add_noDelay_neverWaits() {
        LoginFailures off = new LoginFailures(clock, () -> Duration.ZERO);
        assertThat(Stream.generate(() -> off.add(ADDRESS)).limit(10)).containsOnly(Duration.ZERO);
    }

    @Test
    void add_moreAddressesThanAreRemembered_forgetsTheOldest() {
        for (int i = 0; i < 4; i++) {
            failures.add(ADDRESS);
        }
        for (int i = 0; i < 10_000; i++) {
            failures.add("host" + i);
        }
        assertThat(failures.add(ADDRESS)).isZero();
    }
}
