package labchat.broker.mqtt.guard;

import java.util.List;
import java.util.Optional;

/**
 * Who gets what is published on one topic.
 *
 * @param changes the state of the subscriptions it was made from
 * @param aclEpoch the state of the rights it was made from
 */
record Receivers(long changes, long aclEpoch, List<Receiver> all) {

    /** Whether one of them is the user's. */
    boolean reach(String user) {
        for (Receiver receiver : all) {
            Optional<String> name = receiver.connection().subject().user();
            if (name.isPresent() && name.get().equals(user)) {
                return true;
            }
        }
        return false;
    }

    /**
     * One connection, however many of its subscriptions match.
     *
     * @param qos the highest granted QoS
     * @param ownQos the same for what the connection publishes itself: without its "no local" subscriptions; -1 if none
     *     is left
     * @param retainAsPublished whether one of them wants to see the publisher's RETAIN flag
     * @param subscriptionIds the matching subscriptions' identifiers
     */
    record Receiver(Connection connection, int qos, int ownQos, boolean retainAsPublished, int[] subscriptionIds) {}
}
