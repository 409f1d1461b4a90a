package labchat.broker.acl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import labchat.broker.config.AclSubscribe;
import labchat.protocol.topic.TopicFilter;

/**
 * The rules of an {@code acl_file}, ready to be asked. The verdict is Mosquitto's (its 2.1, {@code acl_check.c}): the
 * user's own list first, in it the {@code deny} lines, then the first line that matches and grants; then the patterns in
 * the same way; then no. Immutable: a reload makes another one, with a higher epoch.
 *
 * <p>A question costs the topic's levels, not the rules: ten thousand lines answer as fast as ten.
 */
public final class CompiledAclPolicy implements AclPolicy {

    private final List<AclRule> rules;
    private final Map<String, RuleList> byUser;
    private final RuleList nameless;
    private final RuleList patterns = new RuleList();
    private final AclSubscribe mode;
    private final long epoch;

    /**
     * @param rules in the file's order
     * @param mode when the right to read is decided
     * @param epoch see {@link #epoch()}
     */
    public CompiledAclPolicy(List<AclRule> rules, AclSubscribe mode, long epoch) {
        this.mode = Objects.requireNonNull(mode, "mode");
        this.epoch = epoch;
        this.rules = List.copyOf(rules);
        this.byUser = new HashMap<>();
        this.nameless = new RuleList();
        for (int order = 0; order < rules.size(); order++) {
            AclRule rule = rules.get(order);
            listFor(rule).add(order, rule);
        }
    }

    private CompiledAclPolicy(CompiledAclPolicy own, List<AclRule> otherPatterns) {
        this.mode = own.mode;
        this.epoch = own.epoch;
        this.rules = own.rules;
        this.byUser = own.byUser;
        this.nameless = own.nameless;
        for (int order = 0; order < otherPatterns.size(); order++) {
            patterns.add(order, otherPatterns.get(order));
        }
    }

    @Override
    public AclPolicy withPatterns(List<AclRule> otherPatterns) {
        return new CompiledAclPolicy(this, otherPatterns);
    }

    @Override
    public List<AclRule> rules() {
        return rules;
    }

    private RuleList listFor(AclRule rule) {
        if (rule.kind() == AclRule.Kind.PATTERN) {
            return patterns;
        }
        return rule.user().isEmpty()
                ? nameless
                : byUser.computeIfAbsent(rule.user().get(), user -> new RuleList());
    }

    @Override
    public AclDecision publish(AclSubject subject, String topic) {
        return decide(subject, topic, true);
    }

    @Override
    public AclDecision read(AclSubject subject, String topic) {
        return decide(subject, topic, false);
    }

    @Override
    public AclDecision subscribe(AclSubject subject, TopicFilter filter) {
        if (mode == AclSubscribe.MOSQUITTO) {
            return new AclDecision.Allowed(Optional.empty());
        }
        if (filter.isLiteral()) {
            return read(subject, filter.value());
        }
        RuleList own = ownRules(subject);
        RuleList common = patternsFor(subject);
        return new SubscribeWalk(subject, filter, own, common).decide();
    }

    @Override
    public long epoch() {
        return epoch;
    }

    private AclDecision decide(AclSubject subject, String topic, boolean write) {
        if (topic.isEmpty() || topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            return new AclDecision.Denied(Optional.empty(), "\"%s\" is no topic name".formatted(topic));
        }
        String[] levels = Levels.of(topic);
        RuleTree.Names names = RuleTree.Names.of(subject);
        RuleList own = ownRules(subject);
        AclDecision decision = decide(own, subject, topic, levels, names, write);
        if (decision == null) {
            decision = decide(patternsFor(subject), subject, topic, levels, names, write);
        }
        return decision == null
                ? new AclDecision.Denied(Optional.empty(), Reasons.noRule(subject, write, topic))
                : decision;
    }

    /** Null if no rule of the list decides. */
    private static AclDecision decide(
            RuleList list, AclSubject subject, String topic, String[] levels, RuleTree.Names names, boolean write) {
        RuleTree.Entry denying = list.deny().find(levels, names);
        if (denying != null) {
            return new AclDecision.Denied(
                    Optional.of(denying.rule().origin()), Reasons.denied(denying, subject, write, topic));
        }
        RuleTree.Entry granting = (write ? list.write() : list.read()).find(levels, names);
        return granting == null ? null : granting.allowed();
    }

    private RuleList ownRules(AclSubject subject) {
        return subject.user().isPresent() ? byUser.getOrDefault(subject.user().get(), RuleList.NONE) : nameless;
    }

    private RuleList patternsFor(AclSubject subject) {
        return Reasons.isUnfitForPatterns(subject) ? RuleList.NONE : patterns;
    }
}
