package labchat.broker.steps;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import labchat.protocol.topic.TopicFilter;

/** One connection of a user's own program, and what it is subscribed to. Guarded by its team. */
final class Link {

    /** Clients of this project, which are nobody's own work: the terminal's and the library's, and the browser's. */
    private static final List<String> OURS = List.of("labchat-", "web-");

    /** More filters than these of one connection are not looked at. */
    private static final int MOST_FILTERS = 100;

    private final String clientId;
    private final String how;
    private final Map<String, Integer> filters = new LinkedHashMap<>();

    /** @param how version and listener, in words */
    Link(String clientId, String how) {
        this.clientId = clientId;
        this.how = how;
    }

    static boolean isOurs(String clientId) {
        for (String prefix : OURS) {
            if (clientId.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    void add(String filter, int qos) {
        if (filters.size() < MOST_FILTERS || filters.containsKey(filter)) {
            filters.put(filter, qos);
        }
    }

    void remove(String filter) {
        filters.remove(filter);
    }

    /** Whether the topic comes to it. */
    boolean covers(String topic) {
        for (String filter : filters.keySet()) {
            if (TopicFilter.matches(filter, topic)) {
                return true;
            }
        }
        return false;
    }

    /** The highest QoS at which the topic comes to it; empty if it does not. */
    OptionalInt qosOf(String topic) {
        return filters.entrySet().stream()
                .filter(entry -> TopicFilter.matches(entry.getKey(), topic))
                .mapToInt(Map.Entry::getValue)
                .max();
    }

    /** A few words. */
    String words() {
        return (clientId.isEmpty() ? "without a client id" : "client id \"%s\"".formatted(clientId)) + ", " + how;
    }
}
