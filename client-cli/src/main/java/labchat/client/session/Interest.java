package labchat.client.session;

import java.util.ArrayList;
import java.util.List;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * What a session subscribes to. A subscription to a user's messages takes them out of the server's store, so a session
 * asks for no more than its command shows.
 *
 * @param ownTree all that is for the user
 * @param receipts receipts for what the user wrote, where the whole tree is not asked for
 * @param presence who is connected; a server may refuse that without harm
 */
public record Interest(boolean ownTree, boolean receipts, boolean presence) {

    /** For a conversation. */
    public static final Interest CHAT = new Interest(true, false, true);

    /** For listening. */
    public static final Interest OWN_TREE = new Interest(true, false, false);

    /** Filters without which the command makes no sense. */
    public List<String> required(ChatTopics topics, ChatId user) {
        if (ownTree) {
            return List.of(topics.inbox(user));
        }
        return receipts
                ? List.of(topics.topic(user, ChatKind.DELIVERED), topics.topic(user, ChatKind.READ))
                : List.of();
    }

    /** Filters that a server may refuse without harm. */
    public List<String> optional(ChatTopics topics, ChatId user) {
        List<String> filters = new ArrayList<>();
        if (!ownTree) {
            filters.add(topics.topic(user, Diagnostic.LEVEL));
        }
        if (presence) {
            filters.add(topics.root() + "/+/presence");
        }
        return filters;
    }
}
