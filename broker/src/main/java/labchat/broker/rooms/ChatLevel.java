package labchat.broker.rooms;

import java.util.Optional;
import labchat.protocol.identity.ChatId;

/** Finds the level that is an id in topics and filters. */
final class ChatLevel {

    private ChatLevel() {}

    /**
     * What stands between {@code ROOT/} and the next slash; null if the text goes not so deep. It may be no id, a wildcard
     * for example.
     */
    static String of(String topicOrFilter, String root) {
        int start = root.length() + 1;
        if (topicOrFilter.length() <= start
                || topicOrFilter.charAt(root.length()) != '/'
                || !topicOrFilter.startsWith(root)) {
            return null;
        }
        int slash = topicOrFilter.indexOf('/', start);
        return slash < 0 ? null : topicOrFilter.substring(start, slash);
    }

    /** The same, if it is an id. */
    static Optional<ChatId> idOf(String topicOrFilter, String root) {
        String level = of(topicOrFilter, root);
        return level == null ? Optional.empty() : ChatId.parse(level);
    }
}
