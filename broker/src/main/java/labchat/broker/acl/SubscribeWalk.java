package labchat.broker.acl;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.protocol.topic.TopicFilter;

/**
 * Decides whether every topic that a filter matches may be read. It walks representatives of all those topics: at each
 * level, the words that some rule still in play names there, and one word that none does; every other topic meets the
 * same rules as one of these. The walk goes as deep as the rules do. It is bounded: past the bound the answer is no.
 */
final class SubscribeWalk {

    /** About a tenth of a second; files that people write stay far below. */
    private static final int MAX_STEPS = 100_000;

    private static final String UNNAMED = "other";

    private final AclSubject subject;
    private final TopicFilter filter;
    private final String[] levels;
    private final RuleTree.Names names;
    private final Front start;
    private final List<String> path = new ArrayList<>();

    private int steps;
    private RuleTree.Entry granting;
    private AclDecision.Denied refusal;

    SubscribeWalk(AclSubject subject, TopicFilter filter, RuleList own, RuleList common) {
        this.subject = subject;
        this.filter = filter;
        this.levels = Levels.of(filter.value());
        this.names = RuleTree.Names.of(subject);
        this.start = new Front(
                Branches.at(own.deny()),
                Branches.at(own.read()),
                Branches.at(common.deny()),
                Branches.at(common.read()));
    }

    AclDecision decide() {
        return walk(0, start)
                ? new AclDecision.Allowed(
                        Optional.ofNullable(granting).map(entry -> entry.rule().origin()))
                : refusal;
    }

    /** Whether every topic behind the path, which has met what is in front, may be read. */
    private boolean walk(int at, Front front) {
        if (++steps > MAX_STEPS) {
            refusal = new AclDecision.Denied(
                    Optional.empty(),
                    "there are too many rules to decide whether %s may read all of %s; narrow the filter"
                            .formatted(Reasons.who(subject), filter));
            return false;
        }
        if (at == levels.length) {
            return mayRead(front);
        }
        if (!path.isEmpty() && front.allowsAll()) {
            grantedBy(front);
            return true;
        }
        if (levels[at].equals("#")) {
            return walkBelow(at, front);
        }
        if (!levels[at].equals("+")) {
            return step(levels[at], at + 1, front);
        }
        for (String level : candidates(front)) {
            if (!step(level, at + 1, front)) {
                return false;
            }
        }
        return true;
    }

    /** At {@code #}: the topic may end here, if it has a level at all, or go on. */
    private boolean walkBelow(int at, Front front) {
        boolean isTopic = path.size() > 1 || path.size() == 1 && !path.get(0).isEmpty();
        if (isTopic && !mayRead(front)) {
            return false;
        }
        if (isTopic && front.isSpent()) {
            return true;
        }
        for (String level : candidates(front)) {
            if (!step(level, at, front)) {
                return false;
            }
        }
        return true;
    }

    private boolean step(String level, int next, Front front) {
        Front deeper = front.step(level, path.isEmpty(), names);
        path.add(level);
        boolean allowed = walk(next, deeper);
        path.remove(path.size() - 1);
        return allowed;
    }

    /** What stands for all words at a level. A wildcard at the first level matches no word with $ [MQTT-4.7.2-1]. */
    private Set<String> candidates(Front front) {
        Set<String> words = new LinkedHashSet<>();
        front.collect(words, names);
        if (path.isEmpty()) {
            words.removeIf(word -> word.startsWith("$"));
        }
        String unnamed = UNNAMED;
        for (int i = 2; words.contains(unnamed); i++) {
            unnamed = UNNAMED + i;
        }
        words.add(unnamed);
        return words;
    }

    private boolean mayRead(Front front) {
        if (path.size() == 1 && path.get(0).isEmpty()) {
            // The empty topic is none [MQTT-4.7.3-1].
            return true;
        }
        RuleTree.Entry denying = front.ownDeny.atEnd(names);
        if (denying == null) {
            RuleTree.Entry found = front.ownRead.atEnd(names);
            if (found == null) {
                denying = front.commonDeny.atEnd(names);
                found = denying == null ? front.commonRead.atEnd(names) : null;
            }
            if (found != null) {
                granting = RuleTree.Entry.earlier(granting, found);
                return true;
            }
        }
        refuse(denying);
        return false;
    }

    private void grantedBy(Front front) {
        RuleTree.Entry found = front.ownRead.passed == null ? front.commonRead.passed : front.ownRead.passed;
        granting = RuleTree.Entry.earlier(granting, found);
    }

    private void refuse(RuleTree.Entry denying) {
        String topic = String.join("/", path);
        String why = denying == null
                ? Reasons.noRule(subject, false, topic)
                : Reasons.denied(denying, subject, false, topic);
        refusal = new AclDecision.Denied(
                Optional.ofNullable(denying).map(entry -> entry.rule().origin()),
                "%s would include %s, and %s".formatted(filter, topic, why));
    }

    /** Where in the four trees the path has led. */
    private record Front(Branches ownDeny, Branches ownRead, Branches commonDeny, Branches commonRead) {

        Front step(String level, boolean first, RuleTree.Names names) {
            return new Front(
                    ownDeny.step(level, first, names),
                    ownRead.step(level, first, names),
                    commonDeny.step(level, first, names),
                    commonRead.step(level, first, names));
        }

        /** Whether nothing that follows can be refused. */
        boolean allowsAll() {
            if (!ownDeny.isSilent()) {
                return false;
            }
            return ownRead.passed != null || commonDeny.isSilent() && commonRead.passed != null;
        }

        /** Whether what follows meets no further rule. */
        boolean isSpent() {
            return ownDeny.nodes.isEmpty()
                    && ownRead.nodes.isEmpty()
                    && commonDeny.nodes.isEmpty()
                    && commonRead.nodes.isEmpty();
        }

        void collect(Set<String> words, RuleTree.Names names) {
            ownDeny.collect(words, names);
            ownRead.collect(words, names);
            commonDeny.collect(words, names);
            commonRead.collect(words, names);
        }
    }

    /**
     * Where in one tree the path has led.
     *
     * @param nodes the places that it leads to
     * @param passed the earliest rule with # that it has passed, which matches all that follows; null if none
     */
    private record Branches(List<RuleTree.Node> nodes, RuleTree.Entry passed) {

        private static final Branches NONE = new Branches(List.of(), null);

        static Branches at(RuleTree tree) {
            return tree.isEmpty() ? NONE : new Branches(List.of(tree.root()), null);
        }

        /** Whether no rule has matched, and none can. */
        boolean isSilent() {
            return nodes.isEmpty() && passed == null;
        }

        Branches step(String level, boolean first, RuleTree.Names names) {
            if (nodes.isEmpty()) {
                return this;
            }
            List<RuleTree.Node> next = new ArrayList<>();
            RuleTree.Entry best = passed;
            boolean literalOnly = first && level.startsWith("$");
            for (RuleTree.Node node : nodes) {
                addTo(next, node.literal(level));
                if (!literalOnly) {
                    // Only a rule that is # alone is met here: the others were met when their node was entered.
                    best = RuleTree.Entry.earlier(best, node.allBelow(names));
                    addTo(next, node.anyLevel());
                    addTo(next, level.equals(names.user()) ? node.userLevel(names) : null);
                    addTo(next, level.equals(names.clientId()) ? node.clientLevel(names) : null);
                }
            }
            for (RuleTree.Node node : next) {
                best = RuleTree.Entry.earlier(best, node.allBelow(names));
            }
            return new Branches(next, best);
        }

        private static void addTo(List<RuleTree.Node> nodes, RuleTree.Node node) {
            if (node != null) {
                nodes.add(node);
            }
        }

        /** The earliest rule that matches a topic that ends here; null if none. */
        RuleTree.Entry atEnd(RuleTree.Names names) {
            RuleTree.Entry best = passed;
            for (RuleTree.Node node : nodes) {
                best = RuleTree.Entry.earlier(best, node.endsHere(names));
            }
            return best;
        }

        void collect(Set<String> words, RuleTree.Names names) {
            for (RuleTree.Node node : nodes) {
                words.addAll(node.literals());
                if (node.userLevel(names) != null) {
                    words.add(names.user());
                }
                if (node.clientLevel(names) != null) {
                    words.add(names.clientId());
                }
            }
        }
    }
}
