package labchat.broker.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HashIndexTest {

    private static Set<Long> of(HashIndex index, long hash) {
        Set<Long> found = new TreeSet<>();
        index.each(hash, found::add);
        return found;
    }

    /** Few different hashes, so that many numbers share one and stand in each other's way. */
    @Test
    void index_ofManyAddedAndRemoved_hasWhatAMapWouldHave() {
        Random random = new Random(7);
        HashIndex index = new HashIndex();
        Map<Long, Set<Long>> expected = new HashMap<>();
        List<long[]> added = new ArrayList<>();
        for (long number = 1; number <= 60_000; number++) {
            long hash = BloomFilter.hash("a", "b", "" + random.nextInt(5_000));
            index.add(hash, number);
            expected.computeIfAbsent(hash, any -> new TreeSet<>()).add(number);
            added.add(new long[] {hash, number});
            if (random.nextInt(3) > 0) {
                long[] gone = added.remove(random.nextInt(added.size()));
                index.remove(gone[0], gone[1]);
                expected.get(gone[0]).remove(gone[1]);
            }
        }

        assertThat(index.size()).isEqualTo(added.size());
        expected.forEach((hash, numbers) -> {
            assertThat(of(index, hash)).isEqualTo(numbers);
            assertThat(index.any(hash)).isIn(numbers.isEmpty() ? Set.of(0L) : numbers);
        });
    }

    @Test
    void number_thatIsNotThere_isNotRemoved() {
        HashIndex index = new HashIndex();
        index.add(1, 7);

        index.remove(1, 8);
        index.remove(2, 7);

        assertThat(of(index, 1)).containsExactly(7L);
        assertThat(index.any(2)).isZero();
        index.clear();
        assertThat(index.size()).isZero();
        assertThat(index.any(1)).isZero();
    }
}
