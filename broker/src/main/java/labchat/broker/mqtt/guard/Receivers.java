package labchat.broker.mqtt.guard;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who gets what is published on one topic.
 *
 * @param changes the state of the subscriptions it was made from
 * @param aclEpoch the state of the rights it was made from
 * @param users whose connections these are; a room's message asks for each of its members
 */
record Receivers(long changes, long aclEpoch, List<Receiver> all, Set<String> users) {

    /** @param all each connection once */
    static Receivers of(long changes, long aclEpoch, List<Receiver> all) {
        Set<String> users = new HashSet<>();
        for (Receiver receiver : all) {
            receiver.connection().subject().user().ifPresent(users::add);
        }
        return new Receivers(changes, aclEpoch, List.copyOf(all), Set.copyOf(users));
    }

    /** Whether one of them is the user's. */
    boolean reach(String user) {
        return users.contains(user);
    }

    /** Those who are not among these others. */
    List<Receiver> without(Receivers others) {
        Set<Connection> known = new HashSet<>();
        others.all().forEach(receiver -> known.add(receiver.connection()));
        return all.stream()
                .filter(receiver -> !known.contains(receiver.connection()))
                .toList();
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
