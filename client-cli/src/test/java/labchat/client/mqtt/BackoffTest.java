package labchat.client.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    /** A generator that always gives the same. */
    private static Random always(double value) {
        return new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }

    private static long[] pauses(Backoff backoff, int count) {
        return LongStream.range(0, count).map(i -> backoff.next().toMillis()).toArray();
    }

    @Test
    void pauses_doubleFromOneSecondToThirty() {
        assertThat(pauses(new Backoff(always(0.5)), 7))
                .containsExactly(1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000);
    }

    @Test
    void pauses_areAFifthShorterOrLonger() {
        assertThat(pauses(new Backoff(always(0)), 2)).containsExactly(800, 1_600);
        assertThat(pauses(new Backoff(always(1)), 2)).containsExactly(1_200, 2_400);
    }

    @Test
    void pauses_startOverAfterASuccess() {
        Backoff backoff = new Backoff(always(0.5));
        pauses(backoff, 5);
        backoff.reset();

        assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
    }
}
