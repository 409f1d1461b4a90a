package labchat.broker.weather;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import labchat.broker.weather.WireLine.Sort;
import org.junit.jupiter.api.Test;

class WireLineTest {

    private static final long SEED = 4_175;
    private static final Duration RESEND = Duration.ofMillis(250);

    /** Time that passes when told. */
    private static final class Time implements WireLine.Later {
        private record Due(long at, long number, Runnable task) {}

        private final PriorityQueue<Due> tasks =
                new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
        private long now;
        private long count;

        @Override
        public void run(Duration after, Runnable task) {
            tasks.add(new Due(now + after.toMillis(), count++, task));
        }

        void pass(long millis) {
            long until = now + millis;
            while (!tasks.isEmpty() && tasks.peek().at() <= until) {
                Due next = tasks.remove();
                now = next.at();
                next.task().run();
            }
            now = until;
        }
    }

    /** Writes down what happens. */
    private static final class Notes implements WireLine.End<String> {
        private final List<String> arrived = new ArrayList<>();
        private final List<String> repeated = new ArrayList<>();
        private final List<String> lost = new ArrayList<>();
        private final List<String> gone = new ArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private final List<String> discarded = new ArrayList<>();

        @Override
        public void sent(String packet, boolean again) {
            sent.add(packet);
        }

        @Override
        public void lost(String packet, boolean again) {
            lost.add(packet);
        }

        @Override
        public void gone(String packet) {
            gone.add(packet);
        }

        @Override
        public void arrive(String packet, boolean again) {
            arrived.add(packet);
            if (again) {
                repeated.add(packet);
            }
        }

        @Override
        public String copy(String packet) {
            return packet;
        }

        @Override
        public void discard(String packet) {
            discarded.add(packet);
        }
    }

    private final Time time = new Time();
    private final Notes notes = new Notes();
    private final WireLine<String> line = new WireLine<>(notes, time, new SplittableRandom(SEED));

    private void weather(double loss, Duration delay, double duplicate) {
        line.weather(new Spell(
                "team2a",
                new Weather(loss, delay, duplicate, Duration.ZERO),
                Instant.EPOCH,
                Instant.MAX,
                Instant.EPOCH,
                RESEND));
    }

    private List<String> send(int count, Sort sort) {
        List<String> packets =
                IntStream.range(0, count).mapToObj(Integer::toString).toList();
        packets.forEach(packet -> line.send(packet, sort, 10));
        return packets;
    }

    @Test
    void qos0_loss_isForEver() {
        weather(0.3, Duration.ZERO, 0);
        send(1_000, Sort.QOS_0);
        time.pass(60_000);

        assertThat(notes.arrived).hasSizeBetween(650, 750);
        assertThat(notes.gone).hasSize(1_000 - notes.arrived.size()).isEqualTo(notes.lost);
        assertThat(line.isEmpty()).isTrue();
    }

    @Test
    void qos1AndQos2_loss_isMadeGoodInOrder() {
        for (Sort sort : List.of(Sort.QOS_1, Sort.SENT_AGAIN)) {
            notes.arrived.clear();
            weather(0.3, Duration.ZERO, 0);
            List<String> packets = send(1_000, sort);
            time.pass(WireLine.MOST_LOSSES * RESEND.toMillis());

            assertThat(notes.arrived).isEqualTo(packets);
            assertThat(notes.repeated).isNotEmpty();
            assertThat(notes.gone).isEmpty();
        }
    }

    @Test
    void lostPublish_comesAfterItsSenderHasWaited() {
        line.weather(new Spell(
                "team2a",
                new Weather(0.9, Duration.ZERO, 0, Duration.ZERO),
                Instant.EPOCH,
                Instant.MAX,
                Instant.EPOCH,
                RESEND));
        line.send("a", Sort.SENT_AGAIN, 10);
        int losses = notes.lost.size();
        assertThat(losses).isOne();
        weather(0, Duration.ofMillis(1), 0);
        time.pass(RESEND.toMillis() - 1);
        assertThat(notes.arrived).isEmpty();
        time.pass(2);
        assertThat(notes.arrived).containsExactly("a");
        assertThat(notes.repeated).containsExactly("a");
    }

    @Test
    void loss_hasAnEnd() {
        WireLine<String> unlucky = new WireLine<>(notes, time, () -> 0);
        unlucky.weather(new Spell(
                "team2a",
                new Weather(0.9, Duration.ZERO, 0, Duration.ZERO),
                Instant.EPOCH,
                Instant.MAX,
                Instant.EPOCH,
                RESEND));
        unlucky.send("a", Sort.SENT_AGAIN, 10);
        time.pass(WireLine.MOST_LOSSES * RESEND.toMillis());

        assertThat(notes.lost).hasSize(WireLine.MOST_LOSSES);
        assertThat(notes.arrived).containsExactly("a");
    }

    @Test
    void answer_lost_isGoneAndNotSentAgain() {
        weather(0.9, Duration.ZERO, 0);
        send(100, Sort.ANSWER);
        time.pass(60_000);
        assertThat(notes.gone).hasSize(100 - notes.arrived.size()).hasSizeGreaterThan(70);
    }

    @Test
    void safe_isNeverLostNorRepeated() {
        weather(0.9, Duration.ZERO, 0.9);
        assertThat(send(100, Sort.SAFE)).isEqualTo(notes.arrived);
    }

    @Test
    void duplicates_ofQos0And1Only() {
        weather(0, Duration.ZERO, 0.05);
        send(1_000, Sort.QOS_0);
        assertThat(notes.arrived).hasSizeBetween(1_020, 1_080);
        int before = notes.arrived.size();
        send(1_000, Sort.QOS_1);
        assertThat(notes.arrived).hasSizeBetween(before + 1_020, before + 1_080);
        before = notes.arrived.size();
        send(1_000, Sort.SENT_AGAIN);
        assertThat(notes.arrived).hasSize(before + 1_000);
    }

    @Test
    void delay_keepsOrder() {
        weather(0, Duration.ofMillis(200), 0);
        List<String> packets = send(10, Sort.QOS_0);
        time.pass(199);
        assertThat(notes.arrived).isEmpty();
        assertThat(notes.sent).isEqualTo(packets);
        time.pass(1);
        assertThat(notes.arrived).isEqualTo(packets);
    }

    @Test
    void shorterDelay_whilePacketsAreHeld_keepsOrder() {
        weather(0, Duration.ofMillis(200), 0);
        line.send("first", Sort.SAFE, 10);
        weather(0, Duration.ofMillis(1), 0);
        line.send("second", Sort.SAFE, 10);
        time.pass(100);
        assertThat(notes.arrived).isEmpty();
        time.pass(100);
        assertThat(notes.arrived).containsExactly("first", "second");
    }

    @Test
    void end_deliversAllThatIsHeldAtOnceInOrder() {
        weather(0.5, Duration.ofMillis(200), 0);
        List<String> packets = send(100, Sort.SENT_AGAIN);
        line.sendAgain("later", Sort.SENT_AGAIN, 10);

        line.close();

        assertThat(notes.arrived).startsWith(packets.toArray(String[]::new)).endsWith("later");
        assertThat(notes.arrived).hasSize(101);
        assertThat(line.isEmpty()).isTrue();
        line.send("after", Sort.QOS_0, 10);
        time.pass(60_000);
        assertThat(notes.arrived).hasSize(102).endsWith("after");
    }

    @Test
    void leave_deliversWhatIsOnItsWayAndForgetsWhatWasLost() {
        weather(0.5, Duration.ofMillis(200), 0);
        send(100, Sort.SENT_AGAIN);
        int lost = notes.lost.size();
        line.leave();
        time.pass(60_000);
        assertThat(notes.discarded).hasSize(lost).isEqualTo(notes.lost);
        assertThat(notes.arrived).hasSize(100 - lost);
    }

    @Test
    void tooMuch_passesEarlyInOrder() {
        weather(0, Duration.ofSeconds(2), 0);
        int each = (int) (WireLine.MOST_BYTES / 4);
        for (int i = 0; i < 6; i++) {
            line.send("" + i, Sort.SAFE, each);
        }
        assertThat(notes.arrived).containsExactly("0", "1");
        time.pass(2_000);
        assertThat(notes.arrived).containsExactly("0", "1", "2", "3", "4", "5");
    }

    @Test
    void sameSeed_sameLosses() {
        weather(0.3, Duration.ZERO, 0);
        send(200, Sort.QOS_0);
        List<String> first = List.copyOf(notes.arrived);
        notes.arrived.clear();
        WireLine<String> other = new WireLine<>(notes, time, new SplittableRandom(SEED));
        other.weather(new Spell(
                "x",
                new Weather(0.3, Duration.ZERO, 0, Duration.ZERO),
                Instant.EPOCH,
                Instant.MAX,
                Instant.EPOCH,
                RESEND));
        IntStream.range(0, 200).forEach(i -> other.send("" + i, Sort.QOS_0, 10));
        assertThat(notes.arrived).isEqualTo(first);
    }
}
