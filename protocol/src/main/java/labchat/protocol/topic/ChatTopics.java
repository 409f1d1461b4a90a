package labchat.protocol.topic;

import java.util.Optional;
import labchat.protocol.identity.ChatId;

/**
 * Builds and reads the topics below one chat root; nothing else in the project puts such topics together.
 *
 * @param root the topic levels above the ids, such as {@code ttm4175/chat}; no wildcard, no slash at either end
 */
public record ChatTopics(String root) {

    /** The root if no other is set. */
    public static final ChatTopics DEFAULT = new ChatTopics("ttm4175/chat");

    /** @throws IllegalArgumentException if the root is no topic name or has an empty first or last level */
    public ChatTopics {
        TopicName.problem(root).ifPresent(reason -> {
            throw new IllegalArgumentException("chat root \"%s\": %s".formatted(root, reason));
        });
        if (root.startsWith("/") || root.endsWith("/") || root.startsWith("$")) {
            throw new IllegalArgumentException(
                    "chat root \"%s\": it must not begin with / or $ nor end with /".formatted(root));
        }
    }

    /** {@code ROOT/<receiver>/<kind>}, to which {@code kind} for {@code receiver} is published. */
    public String topic(ChatId receiver, ChatKind kind) {
        return root + "/" + receiver.value() + "/" + kind.level();
    }

    /** {@code ROOT/<id>/<level>} for what the server publishes, such as {@code presence}. */
    public String topic(ChatId id, String level) {
        return root + "/" + id.value() + "/" + level;
    }

    /** {@code ROOT/<id>/#}, the filter to which a user's client subscribes. */
    public String inbox(ChatId id) {
        return root + "/" + id.value() + "/#";
    }

    /** Reads a topic of one of the four kinds; empty for every other topic. */
    public Optional<ChatTopic> parse(String topic) {
        int rootLength = root.length();
        if (topic.length() < rootLength + 4 || !topic.startsWith(root) || topic.charAt(rootLength) != '/') {
            return Optional.empty();
        }
        int slash = topic.indexOf('/', rootLength + 1);
        if (slash < 0) {
            return Optional.empty();
        }
        Optional<ChatKind> kind = ChatKind.ofLevel(topic.substring(slash + 1));
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        return ChatId.parse(topic.substring(rootLength + 1, slash)).map(id -> new ChatTopic(id, kind.get()));
    }

    /** Reads a topic of the server's; empty for every other topic. */
    public Optional<ServerTopic> parseServerTopic(String topic) {
        if (!contains(topic)) {
            return Optional.empty();
        }
        int slash = topic.indexOf('/', root.length() + 1);
        if (slash < 0 || !ServerTopic.LEVELS.contains(topic.substring(slash + 1))) {
            return Optional.empty();
        }
        return ChatId.parse(topic.substring(root.length() + 1, slash))
                .map(id -> new ServerTopic(id, topic.substring(slash + 1)));
    }

    /** Whether the topic lies anywhere below the root. */
    public boolean contains(String topic) {
        return topic.startsWith(root) && topic.length() > root.length() && topic.charAt(root.length()) == '/';
    }
}
