package labchat.broker.mqtt.guard;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import labchat.broker.config.Limits;
import labchat.broker.event.Refusal;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;
import labchat.protocol.topic.TopicName;

/** Which topics and filters get past the guard at all, whatever the rights. */
final class Topics {

    private Topics() {}

    /** Why nobody may publish to this; empty if it is a topic. */
    static Optional<Refusal> problemOfName(String topic, Limits limits) {
        return tooMuch("topic", topic, limits)
                .or(() -> reserved(topic)
                        .or(() -> TopicName.problem(topic))
                        .map(why -> Refusal.of("invalid_topic", "topic \"%s\": %s".formatted(topic, why))));
    }

    /** Why nobody may subscribe to this; empty if it is a filter. */
    static Optional<Refusal> problemOfFilter(String filter, Limits limits) {
        return tooMuch("filter", filter, limits)
                .or(() -> (isAboutTheBroker(filter) ? Optional.<String>empty() : reserved(filter))
                        .or(() -> TopicFilter.problem(filter))
                        .map(why -> Refusal.of("invalid_filter", "filter \"%s\": %s".formatted(filter, why))));
    }

    /** Whether the topic is below the server's own id, which is nobody else's: one of the four kinds, or a request. */
    static boolean isServers(ChatTopics topics, String topic) {
        return topic.startsWith(topics.root() + "/" + ChatId.SERVER + "/");
    }

    /** Why nobody publishes what the server does, whatever the rights. */
    static Refusal onlyTheServers(String topic) {
        return Refusal.of("server_topic", "only the server publishes on \"%s\"".formatted(topic));
    }

    /** Why nobody publishes to the server what it does not read, whatever the rights. */
    static Refusal noRequest(String topic) {
        return Refusal.of("unknown_request", "the server takes no requests on \"%s\"".formatted(topic));
    }

    private static boolean isAboutTheBroker(String filter) {
        return filter.equals("$SYS") || filter.startsWith("$SYS/");
    }

    private static Optional<String> reserved(String text) {
        return text.startsWith("$") ? Optional.of("topics that begin with $ are the broker's own") : Optional.empty();
    }

    private static Optional<Refusal> tooMuch(String what, String text, Limits limits) {
        long levels = 1 + text.chars().filter(c -> c == '/').count();
        if (levels > limits.maxTopicLevels()) {
            return Optional.of(Refusal.of(
                    "topic_too_deep",
                    "the %s has %d levels, at most %d are allowed: %s"
                            .formatted(what, levels, limits.maxTopicLevels(), text)));
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes > limits.maxTopicLength()
                ? Optional.of(Refusal.of(
                        "topic_too_long",
                        "the %s is %d bytes long, at most %d are allowed: %s"
                                .formatted(what, bytes, limits.maxTopicLength(), text)))
                : Optional.empty();
    }
}
