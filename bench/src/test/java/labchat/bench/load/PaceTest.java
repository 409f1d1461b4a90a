package labchat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PaceTest {

    @Test
    void rate_thatDoesNotRise_isKeptFromTheBeginning() {
        Pace pace = new Pace(1_000, 0);
        assertThat(pace.due(0)).isZero();
        assertThat(pace.due(1.5)).isEqualTo(1_500);
        assertThat(pace.seconds(0)).isZero();
        assertThat(pace.seconds(1_500)).isEqualTo(1.5);
    }

    @Test
    void rate_thatRises_isHalfOfItOnAverage_andFullAfterwards() {
        Pace pace = new Pace(1_000, 10);
        assertThat(pace.due(1)).isEqualTo(50);
        assertThat(pace.due(10)).isEqualTo(5_000);
        assertThat(pace.due(11)).isEqualTo(6_000);
        assertThat(pace.due(12)).isEqualTo(7_000);
    }

    @Test
    void message_isDueWhenItsNumberIsReached() {
        Pace pace = new Pace(1_000, 10);
        for (long number : new long[] {0, 1, 50, 4_999, 5_000, 5_001, 20_000}) {
            assertThat(pace.due(pace.seconds(number) + 1e-6)).isEqualTo(number);
        }
        assertThat(pace.seconds(5_000)).isCloseTo(10, within(1e-9));
    }
}
