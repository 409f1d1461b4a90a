package labchat.broker.mqtt.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.moquette.broker.subscriptions.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import labchat.protocol.topic.TopicFilter;
import org.junit.jupiter.api.Test;

class SubscriptionRegistryTest {

    private static final String MESSAGE = "ttm4175/chat/team2a/message";

    private final GuardFixture.SwitchedAcl acl = new GuardFixture.SwitchedAcl();
    private final GuardFixture guard = new GuardFixture(acl);
    private final SubscriptionRegistry registry = new SubscriptionRegistry(acl);

    @Test
    void without_othersOfBefore_areThoseWhoSubscribedSince() {
        Connection first = guard.connection();
        Connection second = guard.connection();
        registry.add(first, MESSAGE, 1, false, false, 0);
        Receivers before = registry.receivers(MESSAGE);
        registry.add(second, "ttm4175/#", 1, false, false, 0);
        Receivers after = registry.receivers(MESSAGE);

        assertThat(after.without(before))
                .extracting(Receivers.Receiver::connection)
                .containsExactly(second);
        assertThat(after.without(after)).isEmpty();
        assertThat(before.without(after)).isEmpty();
    }

    @Test
    void receivers_randomSubscriptions_agreeWithMoquetteAndWithNaiveMatching() {
        Random random = new Random(20261120);
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            connections.add(guard.connection());
        }
        Map<Connection, Set<String>> expected = new HashMap<>();
        for (int step = 0; step < 3_000; step++) {
            Connection connection = connections.get(random.nextInt(connections.size()));
            Set<String> own = expected.computeIfAbsent(connection, c -> new HashSet<>());
            switch (random.nextInt(8)) {
                case 0 -> {
                    registry.removeAll(connection);
                    own.clear();
                }
                case 1, 2 -> {
                    String filter = own.isEmpty()
                            ? randomFilter(random)
                            : own.iterator().next();
                    registry.remove(connection, filter);
                    own.remove(filter);
                }
                default -> {
                    String filter = randomFilter(random);
                    registry.add(connection, filter, random.nextInt(3), false, false, 0);
                    own.add(filter);
                }
            }
            String topic = "ttm4175/chat/%s/%s".formatted(id(random), kind(random));
            Set<Connection> naive = new HashSet<>();
            Set<Connection> moquettes = new HashSet<>();
            expected.forEach((subscriber, filters) -> filters.forEach(filter -> {
                if (TopicFilter.matches(filter, topic)) {
                    naive.add(subscriber);
                }
                if (new Topic(topic).match(new Topic(filter))) {
                    moquettes.add(subscriber);
                }
            }));
            Set<Connection> found = new HashSet<>();
            registry.receivers(topic).all().forEach(receiver -> found.add(receiver.connection()));
            assertThat(found).as("step %d, %s", step, topic).isEqualTo(naive).isEqualTo(moquettes);
        }
    }

    private static String id(Random random) {
        return List.of("team1a", "team2a", "x1").get(random.nextInt(3));
    }

    private static String kind(Random random) {
        return List.of("message", "delivered", "read", "typing").get(random.nextInt(4));
    }

    private static String randomFilter(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> "#";
            case 1 -> "ttm4175/#";
            case 2 -> "ttm4175/chat/+/" + kind(random);
            case 3 -> "ttm4175/chat/" + id(random) + "/+";
            case 4 -> "+/+/" + id(random) + "/#";
            case 5 -> "ttm4175/chat/" + id(random) + "/" + kind(random);
            case 6 -> "ttm4175/chat/" + id(random) + "/message/#";
            case 7 -> "ttm4175/other/" + id(random);
            default -> "ttm4175/chat/" + id(random) + "/#";
        };
    }

    @Test
    void receivers_overlappingSubscriptions_areOneAtTheHighestQosWithAllIdentifiers() {
        Connection connection = guard.connection();
        registry.add(connection, "ttm4175/chat/team2a/#", 1, false, false, 7);
        registry.add(connection, "ttm4175/chat/+/message", 2, true, false, 9);
        assertThat(registry.receivers(MESSAGE).all()).singleElement().satisfies(receiver -> {
            assertThat(receiver.qos()).isEqualTo(2);
            assertThat(receiver.ownQos()).isEqualTo(1);
            assertThat(receiver.subscriptionIds()).containsExactlyInAnyOrder(7, 9);
        });
    }

    @Test
    void receivers_onlyNoLocalSubscriptions_getNothingOfTheirOwn() {
        Connection connection = guard.connection();
        registry.add(connection, "#", 1, true, false, 0);
        assertThat(registry.receivers(MESSAGE).all())
                .singleElement()
                .satisfies(receiver -> assertThat(receiver.ownQos()).isNegative());
    }

    @Test
    void add_sameFilterAgain_replacesTheFormer() {
        Connection connection = guard.connection();
        registry.add(connection, "ttm4175/chat/team2a/#", 2, false, false, 7);
        registry.add(connection, "ttm4175/chat/team2a/#", 0, false, false, 0);
        assertThat(registry.receivers(MESSAGE).all()).singleElement().satisfies(receiver -> {
            assertThat(receiver.qos()).isZero();
            assertThat(receiver.subscriptionIds()).isEmpty();
        });
    }

    @Test
    void receivers_rightTakenAway_areNoneAtOnce() {
        registry.add(guard.connection(), "#", 1, false, false, 0);
        assertThat(registry.receivers(MESSAGE).all()).hasSize(1);
        acl.forbid(MESSAGE);
        assertThat(registry.receivers(MESSAGE).all()).isEmpty();
        acl.forbid("");
        assertThat(registry.receivers(MESSAGE).all()).hasSize(1);
    }
}
