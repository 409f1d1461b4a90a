package labchat.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {

    private static final Candidate MOSQUITTO =
            new Candidate(Candidate.BASE, "Mosquitto", false, (folder, port) -> List.of());
    private static final Candidate OURS = new Candidate("labchat", "Labchat", true, (folder, port) -> List.of());
    private static final List<Metric> RATE = List.of(new Metric("chat36", "messages_per_second", "messages/s", 1));

    private final Results results = new Results();

    private void add(Candidate candidate, int round, double rate, int lost) {
        results.add(
                "chat36",
                candidate.id(),
                round,
                "{\"messages_per_second\":%s,\"lost\":%d,\"server\":\"x\"}".formatted(rate, lost),
                100);
    }

    @Test
    void aCell_isTheMedian_andTheMedianOfTheRatiosInTheSameRound() {
        add(MOSQUITTO, 0, 100, 0);
        add(OURS, 0, 300, 0);
        add(MOSQUITTO, 1, 200, 0);
        add(OURS, 1, 400, 0);
        add(MOSQUITTO, 2, 1000, 0);
        add(OURS, 2, 500, 0);

        assertThat(results.table("more", RATE, List.of(MOSQUITTO, OURS))).isEqualTo("""
                | more | Mosquitto | Labchat |
                |---|---|---|
                | messages/s | 200 (1.00) | 400 (2.00) |
                """);
    }

    @Test
    void aRunThatLost_isMarked_andOneThatFailedIsLeftOut() {
        add(MOSQUITTO, 0, 100, 3);
        results.add("chat36", OURS.id(), 0, "", 100);

        assertThat(results.table("more", RATE, List.of(MOSQUITTO, OURS))).contains("| messages/s | 100 (1.00) * | – |");
        assertThat(results.losses(List.of(MOSQUITTO, OURS))).contains("| sent and not delivered | 3 | 0 |");
    }

    @Test
    void aWorkloadThatWasNotRun_hasNoRow_andWithoutRowsThereIsNoTable() {
        assertThat(results.table("more", RATE, List.of(OURS))).isEmpty();
    }

    @Test
    void theMedian_ofAnEvenNumber_isBetweenTheMiddleTwo() {
        assertThat(Results.median(List.of(4.0, 1.0, 2.0, 3.0))).hasValue(2.5);
        assertThat(Results.median(List.of())).isEmpty();
    }
}
