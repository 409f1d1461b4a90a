package labchat.broker.weather;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeatherOrderTest {

    private static WeatherOrder read(String... fields) {
        Map<String, String> order = new HashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            order.put(fields[i], fields[i + 1]);
        }
        return WeatherOrder.read(order, name -> "--" + name);
    }

    private static List<String> problems(String... fields) {
        return ((WeatherOrder.Bad) read(fields)).problems();
    }

    @Test
    void order_withEverything_isUnderstood() {
        assertThat(read("loss", "30%", "delay", "200ms", "duplicate", "2.5", "outage", "20s", "for", "1h"))
                .isEqualTo(new WeatherOrder.Good(
                        new Weather(0.3, Duration.ofMillis(200), 0.025, Duration.ofSeconds(20)), Duration.ofHours(1)));
    }

    @Test
    void order_withoutItsLength_lastsTenMinutes_butAnOutageAloneNoLongerThanItself() {
        assertThat(((WeatherOrder.Good) read("loss", "1%")).lasting()).isEqualTo(Duration.ofMinutes(10));
        assertThat(((WeatherOrder.Good) read("outage", "20s")).lasting()).isEqualTo(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loss      | 91%   | --loss \"91%\"; expected a chance from 0% to 90%, such as 30%",
                "loss      | -1    | --loss \"-1\"; expected a chance",
                "loss      | many  | --loss \"many\"; expected a chance",
                "duplicate | 100%  | --duplicate \"100%\"; expected a chance",
                "delay     | 200   | --delay \"200\"; expected a span of at most 2 s, such as 200ms; units are ms, s, m and h",
                "delay     | 3s    | --delay \"3s\"; expected a span of at most 2 s",
                "outage    | 11m   | --outage \"11m\"; expected a span of at most 10 min",
                "for       | 5h    | --for \"5h\"; expected a span of at most 4 h",
                "for       | 0s    | --for \"0s\": weather lasts at least a second",
                "rain      | 1     | \"rain\" is no part of the weather"
            })
    void badValue_isRefusedWithWhatIsAllowed(String name, String value, String problem) {
        assertThat(problems("loss", "1%", name, value))
                .singleElement()
                .asString()
                .startsWith(problem);
    }

    @Test
    void nothingSet_isRefused() {
        assertThat(problems("for", "10m"))
                .singleElement()
                .asString()
                .contains("set --loss, --delay, --duplicate or --outage");
        assertThat(problems("loss", "0%")).singleElement().asString().contains("no weather is given");
    }

    @Test
    void outageLongerThanAll_isRefused() {
        assertThat(problems("outage", "20s", "for", "10s"))
                .singleElement()
                .asString()
                .contains("--outage \"20s\" is longer than --for \"10s\"");
    }

    @Test
    void allProblems_areToldAtOnce() {
        assertThat(problems("loss", "x", "delay", "y", "for", "z")).hasSize(3);
    }

    @Test
    void words_sayWhatIsSet() {
        assertThat(new Weather(0.3, Duration.ofMillis(200), 0.025, Duration.ofSeconds(90)).words())
                .isEqualTo("30% loss, 200 ms delay each way, 2.5% duplicates, an outage of 1 min 30 s");
    }
}
