package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishRateTest {

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    /** {@link System#nanoTime()} may begin anywhere. */
    private static final String STARTS = "the nanosecond clock begins at {0}";

    @ParameterizedTest(name = STARTS)
    @ValueSource(longs = {0, -5_000_000_000L, 5_000_000_000L, Long.MAX_VALUE - 1_000_000L})
    void count_burst_passesAndTheNextOneWaits(long start) {
        PublishRate rate = new PublishRate(100, 20);
        for (int i = 0; i < 20; i++) {
            assertThat(rate.count(start)).as("publish %d", i).isNotPositive();
        }
        assertThat(rate.count(start)).isEqualTo(10 * MILLISECOND);
        assertThat(rate.count(start)).isEqualTo(20 * MILLISECOND);
    }

    @ParameterizedTest(name = STARTS)
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1_000_000L})
    void count_steadyRate_neverWaits(long start) {
        PublishRate rate = new PublishRate(100, 1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(rate.count(start + i * 10 * MILLISECOND)).isNotPositive();
        }
    }

    @ParameterizedTest(name = STARTS)
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_000_000L})
    void count_littleAboveTheRate_waitsInTheEnd(long start) {
        PublishRate rate = new PublishRate(100, 5);
        long waits = 0;
        for (int i = 0; i < 200; i++) {
            waits += rate.count(start + i * 9 * MILLISECOND) > 0 ? 1 : 0;
        }
        assertThat(waits).isPositive();
    }

    @ParameterizedTest(name = STARTS)
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_000_000L})
    void count_afterAPause_hasTheWholeBurstAgain(long start) {
        PublishRate rate = new PublishRate(100, 20);
        for (int i = 0; i < 40; i++) {
            rate.count(start);
        }
        long later = start + TimeUnit.SECONDS.toNanos(10);
        for (int i = 0; i < 20; i++) {
            assertThat(rate.count(later)).isNotPositive();
        }
        assertThat(rate.count(later)).isPositive();
    }

    @ParameterizedTest(name = STARTS)
    @ValueSource(longs = 0)
    void count_noLimit_neverWaits(long start) {
        PublishRate rate = new PublishRate(0, 1);
        for (int i = 0; i < 10_000; i++) {
            assertThat(rate.count(start)).isZero();
        }
    }
}
