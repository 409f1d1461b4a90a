package labchat.broker.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LoadAverageTest {

    @Test
    void value_atFirst_isNothing() {
        assertThat(new LoadAverage(1).value()).isZero();
    }

    @Test
    void value_afterOneInterval_movesByItsShare() {
        LoadAverage average = new LoadAverage(1);

        average.add(100, 10);

        // 600 a minute; ten seconds are 1 - e^(-10/60) of the way there.
        assertThat(average.value()).isCloseTo(600 * (1 - Math.exp(-10 / 60.0)), within(1e-9));
    }

    @Test
    void value_ofTheSameAgainAndAgain_comesToIt() {
        LoadAverage average = new LoadAverage(5);

        for (int i = 0; i < 1_000; i++) {
            average.add(7, 10);
        }

        assertThat(average.value()).isCloseTo(42, within(1e-6));
    }

    @Test
    void value_doesNotDependOnTheStepsInBetween() {
        LoadAverage often = new LoadAverage(15);
        LoadAverage seldom = new LoadAverage(15);

        for (int i = 0; i < 6; i++) {
            often.add(10, 10);
        }
        seldom.add(60, 60);

        assertThat(often.value()).isCloseTo(seldom.value(), within(1e-9));
    }
}
