package labchat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Test
    void percentiles_areExactToTwoInAHundred() {
        Histogram histogram = new Histogram();
        for (int i = 1; i <= 100_000; i++) {
            histogram.record(i * 37L);
        }

        assertThat((double) histogram.at(0.5)).isCloseTo(50_000 * 37.0, Percentage.withPercentage(2));
        assertThat((double) histogram.at(0.99)).isCloseTo(99_000 * 37.0, Percentage.withPercentage(2));
        assertThat((double) histogram.at(1)).isCloseTo(100_000 * 37.0, Percentage.withPercentage(2));
        assertThat(histogram.max()).isEqualTo(100_000 * 37L);
        assertThat(histogram.count()).isEqualTo(100_000);
    }

    @Test
    void extremes_haveTheirPlace() {
        Histogram histogram = new Histogram();
        histogram.record(-5);
        assertThat(histogram.at(0.5)).isZero();
        histogram.record(Long.MAX_VALUE);
        assertThat(histogram.at(1)).isPositive();
    }

    @Test
    void nothing_isZero() {
        assertThat(new Histogram().at(0.5)).isZero();
    }
}
