package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.broker.config.ConfigLoader;
import labchat.broker.config.Limits;
import labchat.broker.config.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishRateTest {

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    private static Limits limits(int perSecond, int burst) {
        Map<Setting, String> options = Map.of(
                Setting.MAX_PUBLISH_RATE, String.valueOf(perSecond), Setting.PUBLISH_BURST, String.valueOf(burst));
        return ConfigLoader.load(options, Map.of(), Optional.empty(), Optional.empty())
                .config()
                .limits();
    }

    private static PublishRate rate(int perSecond, int burst) {
        Limits limits = limits(perSecond, burst);
        return new PublishRate(() -> limits);
    }

    /** {@link System#nanoTime()} may begin anywhere. */
    private static final String STARTS = "the nanosecond clock begins at {0}";

    @ParameterizedTest(name = STARTS)
    @ValueSource(longs = {0, -5_000_000_000L, 5_000_000_000L, Long.MAX_VALUE - 1_000_000L})
    void count_burst_passesAndTheNextOneWaits(long start) {
        PublishRate rate = rate(100, 20);
        for (int i = 0; i < 20; i++) {
            assertThat(rate.count(start)).as("publish %d", i).isNotPositive();
        }
        assertThat(rate.count(start)).isEqualTo(10 * MILLISECOND);
        assertThat(rate.count(start)).isEqualTo(20 * MILLISECOND);
    }

    @ParameterizedTest(name = STARTS)
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1_000_000L})
    void count_steadyRate_neverWaits(long start) {
        PublishRate rate = rate(100, 1);
        for (int i = 0; i < 1_000; i++) {
            assertThat(rate.count(start + i * 10 * MILLISECOND)).isNotPositive();
        }
    }

    @ParameterizedTest(name = STARTS)
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_000_000L})
    void count_littleAboveTheRate_waitsInTheEnd(long start) {
        PublishRate rate = rate(100, 5);
        long waits = 0;
        for (int i = 0; i < 200; i++) {
            waits += rate.count(start + i * 9 * MILLISECOND) > 0 ? 1 : 0;
        }
        assertThat(waits).isPositive();
    }

    @ParameterizedTest(name = STARTS)
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_000_000L})
    void count_afterAPause_hasTheWholeBurstAgain(long start) {
        PublishRate rate = rate(100, 20);
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
        PublishRate rate = rate(0, 1);
        for (int i = 0; i < 10_000; i++) {
            assertThat(rate.count(start)).isZero();
        }
    }

    @Test
    void count_otherLimits_holdFromTheNextPublishOn() {
        LiveLimits live = new LiveLimits(limits(0, 1));
        PublishRate rate = new PublishRate(live);
        assertThat(rate.count(0)).isZero();

        live.replace(limits(100, 1));

        assertThat(rate.count(0)).isNotPositive();
        assertThat(rate.count(0)).isEqualTo(10 * MILLISECOND);
        live.replace(limits(0, 1));
        assertThat(rate.count(0)).isZero();
    }
}
