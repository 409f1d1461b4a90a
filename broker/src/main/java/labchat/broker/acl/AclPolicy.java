package labchat.broker.acl;

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

    /** Rises whenever a decision may have changed, so that who caches decisions knows to ask again. */
    long epoch();
}
