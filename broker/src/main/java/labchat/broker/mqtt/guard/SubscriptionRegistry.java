package labchat.broker.mqtt.guard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import labchat.broker.acl.AclPolicy;

/**
 * All granted subscriptions, whatever the filter's form, in a tree of levels: who gets what is published. The receivers of
 * a topic, with their right to read it, are remembered until a subscription or a right changes. May be used by any thread
 * at once.
 */
final class SubscriptionRegistry {

    /** One subscription of one connection. */
    private record Subscription(Connection connection, int qos, boolean noLocal, boolean retainAsPublished, int id) {}

    /** A level of the tree; guarded by the registry. */
    private static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private final List<Subscription> subscriptions = new ArrayList<>();

        boolean isEmpty() {
            return children.isEmpty() && subscriptions.isEmpty();
        }
    }

    /** Topics with receivers; more are not remembered, so that no flood of topics fills the memory. */
    private static final int MAX_REMEMBERED = 65_536;

    private final AclPolicy acl;
    private final Node root = new Node();
    private final Map<Connection, List<String>> filters = new HashMap<>();
    private final ConcurrentMap<String, Receivers> remembered = new ConcurrentHashMap<>();
    private volatile long changes;

    SubscriptionRegistry(AclPolicy acl) {
        this.acl = acl;
    }

    /**
     * Adds a subscription, or replaces the connection's former one with the same filter.
     *
     * @param retainAsPublished whether the client wants to see the publisher's RETAIN flag
     * @param id the Subscription Identifier, 0 for none
     */
    synchronized void add(
            Connection connection, String filter, int qos, boolean noLocal, boolean retainAsPublished, int id) {
        remove(connection, filter);
        Node node = root;
        for (String level : filter.split("/", -1)) {
            node = node.children.computeIfAbsent(level, l -> new Node());
        }
        node.subscriptions.add(new Subscription(connection, qos, noLocal, retainAsPublished, id));
        filters.computeIfAbsent(connection, c -> new ArrayList<>()).add(filter);
        changed();
    }

    synchronized void remove(Connection connection, String filter) {
        List<String> own = filters.get(connection);
        if (own == null || !own.remove(filter)) {
            return;
        }
        if (own.isEmpty()) {
            filters.remove(connection);
        }
        prune(root, filter.split("/", -1), 0, connection);
        changed();
    }

    synchronized void removeAll(Connection connection) {
        List<String> own = filters.remove(connection);
        if (own == null) {
            return;
        }
        for (String filter : own) {
            prune(root, filter.split("/", -1), 0, connection);
        }
        changed();
    }

    /** How many there are. */
    synchronized int count() {
        return filters.values().stream().mapToInt(List::size).sum();
    }

    private static void prune(Node node, String[] levels, int depth, Connection connection) {
        if (depth == levels.length) {
            node.subscriptions.removeIf(subscription -> subscription.connection() == connection);
            return;
        }
        Node child = node.children.get(levels[depth]);
        if (child == null) {
            return;
        }
        prune(child, levels, depth + 1, connection);
        if (child.isEmpty()) {
            node.children.remove(levels[depth]);
        }
    }

    private void changed() {
        changes++;
    }

    /** Who gets what is published on the topic now. */
    Receivers receivers(String topic) {
        Receivers known = remembered.get(topic);
        if (known != null && known.changes() == changes && known.aclEpoch() == acl.epoch()) {
            return known;
        }
        return find(topic);
    }

    private synchronized Receivers find(String topic) {
        long aclEpoch = acl.epoch();
        Map<Connection, List<Subscription>> found = new HashMap<>();
        collect(root, topic.split("/", -1), 0, found);
        List<Receivers.Receiver> receivers = new ArrayList<>();
        found.forEach((connection, subscriptions) -> {
            if (acl.read(connection.subject(), topic).isAllowed()) {
                receivers.add(merge(connection, subscriptions));
            }
        });
        Receivers result = Receivers.of(changes, aclEpoch, receivers);
        if (remembered.size() >= MAX_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(topic, result);
        return result;
    }

    private static void collect(Node node, String[] levels, int depth, Map<Connection, List<Subscription>> found) {
        // [MQTT-4.7.2-1]
        boolean wildcards = depth > 0 || !levels[0].startsWith("$");
        Node all = node.children.get("#");
        if (wildcards && all != null) {
            add(all, found);
        }
        if (depth == levels.length) {
            add(node, found);
            return;
        }
        Node one = node.children.get(levels[depth]);
        if (one != null) {
            collect(one, levels, depth + 1, found);
        }
        Node any = node.children.get("+");
        if (wildcards && any != null) {
            collect(any, levels, depth + 1, found);
        }
    }

    private static void add(Node node, Map<Connection, List<Subscription>> found) {
        for (Subscription subscription : node.subscriptions) {
            found.computeIfAbsent(subscription.connection(), c -> new ArrayList<>(1))
                    .add(subscription);
        }
    }

    /** Overlapping subscriptions give one delivery at the highest QoS [MQTT-3.3.4-2] with all identifiers [MQTT-3.3.4-4]. */
    private static Receivers.Receiver merge(Connection connection, List<Subscription> subscriptions) {
        int qos = 0;
        int ownQos = -1;
        boolean retainAsPublished = false;
        List<Integer> ids = new ArrayList<>(0);
        for (Subscription subscription : subscriptions) {
            qos = Math.max(qos, subscription.qos());
            if (!subscription.noLocal()) {
                ownQos = Math.max(ownQos, subscription.qos());
            }
            retainAsPublished |= subscription.retainAsPublished();
            if (subscription.id() != 0) {
                ids.add(subscription.id());
            }
        }
        return new Receivers.Receiver(
                connection,
                qos,
                ownQos,
                retainAsPublished,
                ids.stream().mapToInt(Integer::intValue).toArray());
    }
}
