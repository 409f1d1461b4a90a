package labchat.protocol.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {

    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/b, a/c, false",
        "a/b, a, false",
        "a, a/b, false",
        "+, a, true",
        "+, a/b, false",
        "+/+, /a, true",
        "/+, /a, true",
        "+, /a, false",
        "#, a, true",
        "#, a/b/c, true",
        "a/#, a, true",
        "a/#, a/, true",
        "a/#, a/b/c, true",
        "a/#, ab, false",
        "a/+/#, a, false",
        "a/+/#, a/b, true",
        "a/+, a/, true",
        "a/+, a, false",
        "a/, a/, true",
        "a/, a, false",
        "a, a/, false",
        "#, $SYS/x, false",
        "+/x, $SYS/x, false",
        "$SYS/#, $SYS/x, true",
        "a/+/c, a/b/c, true",
        "a/+/c, a//c, true",
        "a/+/c, a/b/d, false",
    })
    void matches_byLevels(String filter, String topic, boolean expected) {
        assertThat(new TopicFilter(filter).matches(topic)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a#", "#/a", "a/#/b", "a+", "+a/b", "a/b+", "a\u0000b", "a\ufffdb", "a\u0007"})
    void construct_malformed_isRefused(String filter) {
        assertThatThrownBy(() -> new TopicFilter(filter)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void construct_tooManyLevels_isRefused() {
        assertThat(TopicFilter.problem("/".repeat(15))).isEmpty();
        assertThat(TopicFilter.problem("/".repeat(16)))
                .hasValueSatisfying(p -> assertThat(p).contains("17 levels"));
    }

    @Test
    void construct_tooManyBytes_isRefused() {
        assertThat(TopicFilter.problem("å".repeat(128))).isEmpty();
        assertThat(TopicFilter.problem("å".repeat(129)))
                .hasValueSatisfying(p -> assertThat(p).contains("258 bytes"));
    }

    @Test
    void coversAndOverlaps_randomFilters_agreeWithEnumeration() {
        // Every topic of up to four levels over {a, b, "", x}; x stands for anything no filter names.
        List<String> topics = topics();
        Random random = new Random(20261120);
        for (int i = 0; i < 20_000; i++) {
            TopicFilter one = randomFilter(random);
            TopicFilter two = randomFilter(random);
            boolean covers = topics.stream().filter(two::matches).allMatch(one::matches);
            boolean overlaps = topics.stream().filter(two::matches).anyMatch(one::matches);
            assertThat(one.covers(two)).as("%s covers %s", one, two).isEqualTo(covers);
            assertThat(one.overlaps(two)).as("%s overlaps %s", one, two).isEqualTo(overlaps);
        }
    }

    private static List<String> topics() {
        List<String> levels = List.of("a", "b", "", "x", "$s");
        List<String> all = new ArrayList<>();
        List<String> current = new ArrayList<>(levels);
        for (int depth = 0; depth < 4; depth++) {
            all.addAll(current);
            List<String> next = new ArrayList<>();
            for (String topic : current) {
                for (String level : levels) {
                    next.add(topic + "/" + level);
                }
            }
            current = next;
        }
        all.remove("");
        return all;
    }

    private static TopicFilter randomFilter(Random random) {
        while (true) {
            int levels = 1 + random.nextInt(3);
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < levels; i++) {
                parts.add(List.of("a", "b", "", "+", "+", "$s").get(random.nextInt(6)));
            }
            if (random.nextInt(3) == 0) {
                parts.set(levels - 1, "#");
            }
            String filter = String.join("/", parts);
            if (TopicFilter.problem(filter).isEmpty()) {
                return new TopicFilter(filter);
            }
        }
    }
}
