package labchat.broker.acl;

import java.util.List;
import labchat.protocol.topic.TopicFilter;

/**
 * Decides who may do what. May be asked by any thread at once; never throws, whatever the topic.
 */
public interface AclPolicy {

    /** Whether the subject may publish to the topic. */
    AclDecision publish(AclSubject subject, String topic);

    /** Whether a message on the topic may be delivered to the subject. */
    AclDecision read(AclSubject subject, String topic);

    /**
     * Whether the subject may subscribe to the filter: {@code strict}, only if every topic that the filter can match may
     * be read; {@code mosquitto}, always, and each delivery is checked by {@link #read}.
     */
    AclDecision subscribe(AclSubject subject, TopicFilter filter);

    /**
     * The same users' own lines, with other patterns. A policy without patterns, such as one that allows everything, gives
     * itself. What it gives does not follow a reload: ask again when {@link #epoch()} has risen.
     *
     * @param patterns of the kind {@link AclRule.Kind#PATTERN}
     */
    default AclPolicy withPatterns(List<AclRule> patterns) {
        return this;
    }

    /** The rules that decide now, in the file's order; empty if it is no file that decides. */
    default List<AclRule> rules() {
        return List.of();
    }

    /** Rises whenever a decision may have changed, so that who caches decisions knows to ask again. */
    long epoch();
}
