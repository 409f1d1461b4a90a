package labchat.broker.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import labchat.broker.config.AclSubscribe;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.Test;

/** Seeded random files, users and topics: the compiled policy against {@link PlainAcl}. */
class AclPropertyTest {

    private static final long SEED = 20261120;
    private static final List<String> WORDS = List.of("a", "b", "ann", "c1", "", "$S", "%u", "x%u");
    private static final List<String> USERS = List.of("ann", "b", "a/b", "a+", "$S", "");
    private static final List<String> CLIENTS = List.of("c1", "a", "", "c/1", "c#");
    private static final List<String> ACCESSES = List.of("read ", "write ", "readwrite ", "deny ", "");

    /** What a client may be called, its topics' levels, and one level that no rule names. */
    private static final List<String> TOPIC_LEVELS = List.of("a", "b", "ann", "c1", "", "$S", "%u", "x%u", "zz");

    private final Random random = new Random(SEED);

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String anyFilter(boolean pattern) {
        List<String> levels = new ArrayList<>();
        int depth = 1 + random.nextInt(4);
        for (int i = 0; i < depth; i++) {
            int kind = random.nextInt(10);
            if (kind < 3) {
                levels.add("+");
            } else if (pattern && kind < 5) {
                levels.add(random.nextBoolean() ? "%u" : "%c");
            } else {
                levels.add(any(WORDS));
            }
        }
        if (random.nextInt(3) == 0) {
            levels.set(depth - 1, "#");
        }
        String filter = String.join("/", levels);
        return filter.isEmpty() ? "a" : filter;
    }

    private String anyFile() {
        StringBuilder file = new StringBuilder();
        int lines = random.nextInt(9);
        for (int i = 0; i < lines; i++) {
            switch (random.nextInt(5)) {
                case 0 -> file.append("user ").append(any(USERS.subList(0, 5))).append('\n');
                case 1, 2 ->
                    file.append("pattern ")
                            .append(any(ACCESSES))
                            .append(anyFilter(true))
                            .append('\n');
                default ->
                    file.append("topic ")
                            .append(any(ACCESSES))
                            .append(anyFilter(false))
                            .append('\n');
            }
        }
        return file.toString();
    }

    private AclSubject anySubject() {
        Optional<String> user = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(any(USERS));
        return new AclSubject(user, any(CLIENTS));
    }

    private String anyTopic() {
        List<String> levels = new ArrayList<>();
        int depth = 1 + random.nextInt(5);
        for (int i = 0; i < depth; i++) {
            levels.add(any(TOPIC_LEVELS));
        }
        String topic = String.join("/", levels);
        return topic.isEmpty() ? "a" : topic;
    }

    @Test
    void verdict_ofThirtyThousandRandomCases_isThatOfThePlainRules() {
        int allowed = 0;
        for (int i = 0; i < 30_000; i++) {
            String text = anyFile();
            AclFile file = AclFileTest.parse(text);
            assertThat(file.problems()).as(text).isEmpty();
            CompiledAclPolicy policy = new CompiledAclPolicy(file.rules(), AclSubscribe.STRICT, 0);
            PlainAcl plain = new PlainAcl(file.rules());
            AclSubject subject = anySubject();
            String topic = anyTopic();
            for (boolean write : new boolean[] {false, true}) {
                AclDecision decision = write ? policy.publish(subject, topic) : policy.read(subject, topic);
                assertThat(decision.isAllowed())
                        .as("%s%s %s %s", text, subject, write ? "writes" : "reads", topic)
                        .isEqualTo(plain.may(subject, topic, write));
                allowed += decision.isAllowed() ? 1 : 0;
            }
        }
        // Both answers must be common, or the cases say little.
        assertThat(allowed).isBetween(3_000, 57_000);
    }

    @Test
    void subscribe_ofRandomCases_isThatOfAllTopicsTried() {
        List<String> topics = allTopics(List.of("a", "b", "ann", "", "$S", "zz"), 5);
        int allowed = 0;
        for (int i = 0; i < 3_000; i++) {
            String text = anySmallFile();
            AclFile file = AclFileTest.parse(text);
            CompiledAclPolicy policy = new CompiledAclPolicy(file.rules(), AclSubscribe.STRICT, 0);
            PlainAcl plain = new PlainAcl(file.rules());
            AclSubject subject = new AclSubject(
                    random.nextInt(5) == 0 ? Optional.empty() : Optional.of(random.nextInt(5) == 0 ? "b" : "ann"), "a");
            TopicFilter filter = new TopicFilter(anySmallFilter(false));
            boolean expected =
                    topics.stream().filter(filter::matches).allMatch(topic -> plain.may(subject, topic, false));
            AclDecision decision = policy.subscribe(subject, filter);

            assertThat(decision.isAllowed())
                    .as("%s%s subscribes to %s: %s", text, subject, filter, decision)
                    .isEqualTo(expected);
            allowed += expected ? 1 : 0;
        }
        assertThat(allowed).isBetween(150, 2_850);
    }

    /** Rules of at most three levels over a small alphabet, often broad, so that filters are sometimes granted. */
    private String anySmallFile() {
        StringBuilder file = new StringBuilder();
        int lines = 1 + random.nextInt(7);
        for (int i = 0; i < lines; i++) {
            String access = random.nextInt(4) == 0 ? "deny " : "read ";
            switch (random.nextInt(5)) {
                case 0 -> file.append("user ann\n");
                case 1, 2 ->
                    file.append("pattern ")
                            .append(access)
                            .append(anySmallFilter(true))
                            .append('\n');
                default ->
                    file.append("topic ")
                            .append(access)
                            .append(anySmallFilter(false))
                            .append('\n');
            }
        }
        return file.toString();
    }

    private String anySmallFilter(boolean pattern) {
        List<String> levels = new ArrayList<>();
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            List<String> words =
                    pattern ? List.of("+", "+", "a", "%u", "%c", "") : List.of("+", "+", "a", "b", "", "$S");
            levels.add(any(words));
        }
        if (random.nextInt(2) == 0) {
            levels.set(depth - 1, "#");
        }
        String filter = String.join("/", levels);
        return filter.isEmpty() ? "a" : filter;
    }

    private static List<String> allTopics(List<String> words, int depth) {
        Set<String> topics = new HashSet<>();
        List<String> last = List.of("");
        for (int i = 0; i < depth; i++) {
            List<String> next = new ArrayList<>();
            for (String prefix : last) {
                for (String word : words) {
                    next.add(i == 0 ? word : prefix + "/" + word);
                }
            }
            topics.addAll(next);
            last = next;
        }
        topics.remove("");
        return List.copyOf(topics);
    }
}
