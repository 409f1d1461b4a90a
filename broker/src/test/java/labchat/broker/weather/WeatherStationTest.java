package labchat.broker.weather;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.broker.TestClock;
import org.junit.jupiter.api.Test;

class WeatherStationTest {

    private static final List<String> ACCOUNTS = List.of("team1a", "team1b", "team2a", "team2b", "team12a", "x1");

    private record Due(Duration after, Runnable task) {}

    private final TestClock clock = new TestClock("2026-11-21T10:00:00Z");
    private final List<Due> due = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final WeatherStation station =
            new WeatherStation(() -> ACCOUNTS, clock, (after, task) -> due.add(new Due(after, task)));

    WeatherStationTest() {
        station.over((user, before, now) -> told.add(user + ": " + words(before) + " -> " + words(now)));
    }

    private static String words(Optional<Spell> spell) {
        return spell.map(one -> one.weather().words()).orElse("fine");
    }

    private static WeatherOrder.Good order(String... fields) {
        Map<String, String> order =
                fields.length == 2 ? Map.of(fields[0], fields[1]) : Map.of(fields[0], fields[1], fields[2], fields[3]);
        return (WeatherOrder.Good) WeatherOrder.read(order, name -> name);
    }

    @Test
    void team_isAnAccountATeamOrABeginning() {
        assertThat(station.team(List.of("team2a")).users()).containsExactly("team2a");
        assertThat(station.team(List.of("team1")).users()).containsExactly("team1a", "team1b");
        assertThat(station.team(List.of("team*")).users())
                .containsExactly("team12a", "team1a", "team1b", "team2a", "team2b");
        assertThat(station.team(List.of("x1", "team2", "team2a")).users()).containsExactly("x1", "team2a", "team2b");
    }

    @Test
    void team_thatIsUnknown_isAProblem() {
        assertThat(station.team(List.of("team9a", "x1")).problems())
                .containsExactly("there is no account \"team9a\", and no team of that name;"
                        + " there are team12a, team1a, team1b, team2a, team2b, x1");
        assertThat(station.team(List.of()).problems()).isNotEmpty();
        assertThat(station.team(List.of("")).problems()).isNotEmpty();
    }

    @Test
    void weather_endsByItself() {
        station.begin(List.of("team2a"), order("loss", "30%"), "test");
        assertThat(station.words(station.of("team2a").orElseThrow())).isEqualTo("30% loss; 10 min left");
        clock.advance(Duration.ofSeconds(28));
        assertThat(station.words(station.of("team2a").orElseThrow())).isEqualTo("30% loss; 9 min 32 s left");

        assertThat(due).singleElement().extracting(Due::after).isEqualTo(Duration.ofMinutes(10));
        due.get(0).task().run();

        assertThat(station.all()).isEmpty();
        assertThat(told).containsExactly("team2a: fine -> 30% loss", "team2a: 30% loss -> fine");
    }

    @Test
    void newWeather_replacesTheOld_whoseEndCountsNoMore() {
        station.begin(List.of("team2a"), order("loss", "30%"), "test");
        clock.advance(Duration.ofSeconds(1));
        station.begin(List.of("team2a"), order("delay", "200ms"), "test");
        due.get(0).task().run();

        assertThat(station.of("team2a").orElseThrow().weather().words()).isEqualTo("200 ms delay each way");
        assertThat(told).last().isEqualTo("team2a: 30% loss -> 200 ms delay each way");
    }

    @Test
    void clear_namesThoseThatHadWeather() {
        station.begin(List.of("team2a", "team2b"), order("loss", "30%"), "test");
        assertThat(station.clear(List.of("team1a", "team2a"))).containsExactly("team2a");
        assertThat(station.clearAll()).containsExactly("team2b");
        assertThat(station.clearAll()).isEmpty();
    }

    @Test
    void outage_isOverBeforeTheRest() {
        station.begin(List.of("team2a"), order("loss", "30%", "outage", "20s"), "test");
        Spell spell = station.of("team2a").orElseThrow();
        assertThat(spell.isOut(clock.instant())).isTrue();
        assertThat(station.words(spell)).isEqualTo("30% loss, no network for another 20 s; 10 min left");
        clock.advance(Duration.ofSeconds(20));
        assertThat(spell.isOut(clock.instant())).isFalse();
        assertThat(station.words(spell)).isEqualTo("30% loss; 9 min 40 s left");
    }
}
