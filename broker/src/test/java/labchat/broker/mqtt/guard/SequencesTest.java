package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SequencesTest {

    private final Sequences sequences = new Sequences();

    @Test
    void new_isEmpty() {
        assertThat(sequences.isEmpty()).isTrue();
        assertThat(sequences.contains(1)).isFalse();
        assertThat(sequences.remove(1)).isFalse();
    }

    @Test
    void add_twice_isOne() {
        sequences.add(5);
        sequences.add(5);
        assertThat(sequences.size()).isOne();
    }

    @Test
    void clear_forgetsAll() {
        sequences.add(5);
        sequences.clear();
        assertThat(sequences.isEmpty()).isTrue();
        assertThat(sequences.contains(5)).isFalse();
    }

    @Test
    void set_hasWhatIsThere_andIsTheCallers() {
        sequences.add(7);
        sequences.add(5);
        sequences.add(6);
        sequences.remove(5);
        assertThat(sequences.toSet()).containsExactlyInAnyOrder(6L, 7L);
        sequences.toSet().clear();
        assertThat(sequences.size()).isEqualTo(2);
    }

    @Test
    void anyOperations_giveWhatASetGives() {
        Random random = new Random(20261121);
        TreeSet<Long> expected = new TreeSet<>();
        long newest = 0;
        for (int i = 0; i < 50_000; i++) {
            long any = newest - random.nextInt(40);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    newest++;
                    sequences.add(newest);
                    expected.add(newest);
                }
                case 3 -> {
                    sequences.add(any);
                    expected.add(any);
                }
                case 4, 5 -> assertThat(sequences.remove(any)).isEqualTo(expected.remove(any));
                case 6 -> {
                    if (!expected.isEmpty()) {
                        assertThat(sequences.remove(sequences.first())).isTrue();
                        expected.pollFirst();
                    }
                }
                default -> {
                    if (random.nextInt(20) == 0) {
                        long middle = any;
                        sequences.removeIf(one -> one < middle && one % 3 == 0);
                        expected.removeIf(one -> one < middle && one % 3 == 0);
                    }
                }
            }
            assertThat(sequences.size()).isEqualTo(expected.size());
            assertThat(sequences.contains(any)).isEqualTo(expected.contains(any));
            if (!expected.isEmpty()) {
                assertThat(sequences.first()).isEqualTo(expected.first());
            }
        }
    }
}
