package labchat.broker.acl;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules of one list, by the levels of their filters, so that a question costs as many steps as its topic has levels and
 * not as many as there are rules. Built once, then only read.
 */
final class RuleTree {

    /** A rule in a tree. Of two rules that match, the one of the lower order decides. */
    record Entry(int order, AclRule rule, AclDecision.Allowed allowed) {

        static Entry of(int order, AclRule rule) {
            return new Entry(order, rule, new AclDecision.Allowed(Optional.of(rule.origin())));
        }

        static Entry earlier(Entry a, Entry b) {
            if (a == null || b == null) {
                return a == null ? b : a;
            }
            return a.order <= b.order ? a : b;
        }
    }

    /**
     * What {@code %u} and {@code %c} stand for.
     *
     * @param named whether the client has a user name
     * @param user null if no topic level can be equal to it
     * @param clientId likewise
     */
    record Names(boolean named, String user, String clientId) {

        static Names of(AclSubject subject) {
            return new Names(subject.user().isPresent(), level(subject.user().orElse("")), level(subject.clientId()));
        }

        private static String level(String name) {
            return name.isEmpty() || name.indexOf('/') >= 0 ? null : name;
        }
    }

    /** The place behind some levels. */
    static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private Node anyLevel;
        private Node userLevel;
        private Node clientLevel;
        private Entry endsHere;
        private Entry allBelow;

        /** The levels that rules go on with, other than wildcards and names. */
        Set<String> literals() {
            return literals.keySet();
        }

        Node literal(String level) {
            return literals.get(level);
        }

        Node anyLevel() {
            return anyLevel;
        }

        /** Where {@code %u} leads, if the level is the user's name. */
        Node userLevel(Names names) {
            return names.user == null ? null : userLevel;
        }

        /** Where {@code %c} leads, if the level is the client's id. */
        Node clientLevel(Names names) {
            return names.clientId == null ? null : clientLevel;
        }

        /** The rule that matches a topic that ends here. */
        Entry endsHere(Names names) {
            return holdsFor(endsHere, names);
        }

        /** The rule that matches every topic that ends here or goes on. */
        Entry allBelow(Names names) {
            return holdsFor(allBelow, names);
        }

        private static Entry holdsFor(Entry entry, Names names) {
            return entry != null && !names.named && entry.rule.needsUserName() ? null : entry;
        }
    }

    private final Node root = new Node();
    private boolean empty = true;

    Node root() {
        return root;
    }

    boolean isEmpty() {
        return empty;
    }

    void add(Entry entry) {
        empty = false;
        boolean pattern = entry.rule.kind() == AclRule.Kind.PATTERN;
        Node node = root;
        for (String level : Levels.of(entry.rule.filter())) {
            if (level.equals("#")) {
                node.allBelow = Entry.earlier(node.allBelow, entry);
                return;
            }
            node = descend(node, level, pattern);
        }
        node.endsHere = Entry.earlier(node.endsHere, entry);
    }

    private static Node descend(Node node, String level, boolean pattern) {
        if (level.equals("+")) {
            return node.anyLevel = orNew(node.anyLevel);
        }
        if (pattern && level.equals("%u")) {
            return node.userLevel = orNew(node.userLevel);
        }
        if (pattern && level.equals("%c")) {
            return node.clientLevel = orNew(node.clientLevel);
        }
        return node.literals.computeIfAbsent(level, key -> new Node());
    }

    private static Node orNew(Node node) {
        return node == null ? new Node() : node;
    }

    /** The matching rule of the lowest order; null if none matches. */
    Entry find(String[] topic, Names names) {
        if (empty) {
            return null;
        }
        if (topic[0].startsWith("$")) {
            // Such topics match only rules that begin with $ themselves [MQTT-4.7.2-1].
            Node child = root.literal(topic[0]);
            return child == null ? null : find(child, topic, 1, names, null);
        }
        return find(root, topic, 0, names, null);
    }

    private static Entry find(Node node, String[] topic, int depth, Names names, Entry best) {
        Entry found = Entry.earlier(best, node.allBelow(names));
        if (depth == topic.length) {
            return Entry.earlier(found, node.endsHere(names));
        }
        String level = topic[depth];
        Node child = node.literal(level);
        if (child != null) {
            found = find(child, topic, depth + 1, names, found);
        }
        if (node.anyLevel != null) {
            found = find(node.anyLevel, topic, depth + 1, names, found);
        }
        if (node.userLevel != null && level.equals(names.user)) {
            found = find(node.userLevel, topic, depth + 1, names, found);
        }
        if (node.clientLevel != null && level.equals(names.clientId)) {
            found = find(node.clientLevel, topic, depth + 1, names, found);
        }
        return found;
    }
}
