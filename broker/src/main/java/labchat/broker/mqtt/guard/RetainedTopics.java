package labchat.broker.mqtt.guard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import labchat.protocol.topic.TopicFilter;

/**
 * What clients have published with the RETAIN flag beside the chat: the last of each topic [MQTT-3.3.1-5], until the
 * broker ends. May be used by any thread.
 */
final class RetainedTopics {

    /** More than any lab needs, and little enough to keep in memory and to search for each new subscription. */
    private static final int MAX_TOPICS = 10_000;

    private static final long MAX_BYTES = 32L << 20;

    private final int maxTopics;
    private final long maxBytes;
    private final Map<String, Delivery> byTopic = new HashMap<>();
    private long bytes;

    RetainedTopics() {
        this(MAX_TOPICS, MAX_BYTES);
    }

    /** @param maxBytes over all topics, as {@link Delivery#weight()} counts */
    RetainedTopics(int maxTopics, long maxBytes) {
        this.maxTopics = maxTopics;
        this.maxBytes = maxBytes;
    }

    /**
     * Keeps it in the place of what the topic had; without a payload the topic has nothing any more [MQTT-3.3.1-6],
     * [MQTT-3.3.1-7].
     *
     * @return false if there is no room; then nothing has changed
     */
    synchronized boolean keep(Delivery published) {
        Delivery former = byTopic.get(published.topic());
        long freed = former == null ? 0 : former.weight();
        if (published.payload().length == 0) {
            byTopic.remove(published.topic());
            bytes -= freed;
            return true;
        }
        long after = bytes - freed + published.weight();
        if (after > bytes && (after > maxBytes || former == null && byTopic.size() >= maxTopics)) {
            return false;
        }
        byTopic.put(published.topic(), published.asRetained());
        bytes = after;
        return true;
    }

    synchronized int count() {
        return byTopic.size();
    }

    /** What a new subscription gets, without what has expired. */
    synchronized List<Delivery> matching(TopicFilter filter) {
        byTopic.values().removeIf(one -> {
            boolean isOver = one.properties().secondsLeft() == 0;
            bytes -= isOver ? one.weight() : 0;
            return isOver;
        });
        return byTopic.values().stream()
                .filter(one -> filter.matches(one.topic()))
                .toList();
    }
}
