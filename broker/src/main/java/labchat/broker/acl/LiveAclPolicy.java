package labchat.broker.acl;

import java.util.List;
import java.util.Objects;
import labchat.protocol.topic.TopicFilter;

/** Rules that can be replaced by others while the broker runs. May be used by any thread at once. */
public final class LiveAclPolicy implements AclPolicy {

    /** @param raised how often the rules were replaced */
    private record State(AclPolicy rules, long raised) {
        long epoch() {
            return rules.epoch() + raised;
        }
    }

    private volatile State state;

    /** @param rules those of the start */
    public LiveAclPolicy(AclPolicy rules) {
        state = new State(Objects.requireNonNull(rules, "rules"), 0);
    }

    /** From now on these decide; what was remembered of decisions before does not count any more. */
    public synchronized void replace(AclPolicy next) {
        State before = state;
        long raised = Math.max(before.raised() + 1, before.epoch() + 1 - next.epoch());
        state = new State(next, raised);
    }

    @Override
    public AclDecision publish(AclSubject subject, String topic) {
        return state.rules().publish(subject, topic);
    }

    @Override
    public AclDecision read(AclSubject subject, String topic) {
        return state.rules().read(subject, topic);
    }

    @Override
    public AclDecision subscribe(AclSubject subject, TopicFilter filter) {
        return state.rules().subscribe(subject, filter);
    }

    @Override
    public AclPolicy withPatterns(List<AclRule> patterns) {
        return state.rules().withPatterns(patterns);
    }

    @Override
    public List<AclRule> rules() {
        return state.rules().rules();
    }

    @Override
    public long epoch() {
        return state.epoch();
    }
}
