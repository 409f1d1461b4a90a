package labchat.client.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.event.Presence;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * What a session subscribes to. A subscription to a user's messages takes them out of the server's store, so a session
 * asks for no more than its command shows.
 *
 * @param ownTree all that is for the user
 * @param rooms all that is for the rooms the user is in, and a word when what the server had kept has come
 * @param receipts receipts for what the user wrote, where the whole tree is not asked for
 * @param presence who is connected; a server may refuse that without harm, unless nothing else is asked for
 * @param answers the last levels of the requests that are to be answered, where the whole tree is not asked for
 */
public record Interest(boolean ownTree, boolean rooms, boolean receipts, boolean presence, Set<String> answers) {

    /** For a conversation. */
    public static final Interest CHAT = new Interest(true, true, false, true, Set.of());

    /** For listening. */
    public static final Interest OWN_TREE = new Interest(true, false, false, false, Set.of());

    /** For a partner to practise with: all that is for the user, and who is connected. */
    public static final Interest PRACTICE = new Interest(true, false, false, true, Set.of());

    /** For who is connected, and nothing else. */
    public static final Interest PRESENCE = new Interest(false, false, false, true, Set.of());

    public Interest {
        answers = Set.copyOf(answers);
    }

    /** For sending: receipts, and who is connected, if wanted. */
    public static Interest sending(boolean receipts, boolean presence) {
        return new Interest(false, false, receipts, presence, Set.of());
    }

    /** For requests of one kind, and nothing else. */
    public static Interest asking(String level) {
        return new Interest(false, false, false, false, Set.of(level));
    }

    /** Filters without which the command makes no sense. */
    public List<String> required(ChatTopics topics, ChatId user) {
        if (ownTree) {
            return List.of(topics.inbox(user));
        }
        List<String> filters = new ArrayList<>();
        if (receipts) {
            filters.add(topics.topic(user, ChatKind.DELIVERED));
            filters.add(topics.topic(user, ChatKind.READ));
        }
        new TreeSet<>(answers).forEach(level -> filters.add(topics.topic(user, level)));
        if (equals(PRESENCE)) {
            filters.add(presenceOfAll(topics));
        }
        return filters;
    }

    /** Filters that a server may refuse without harm. */
    public List<String> optional(ChatTopics topics, ChatId user) {
        List<String> filters = new ArrayList<>();
        if (!ownTree) {
            filters.add(topics.topic(user, Diagnostic.LEVEL));
        }
        if (presence && !equals(PRESENCE)) {
            filters.add(presenceOfAll(topics));
        }
        return filters;
    }

    private static String presenceOfAll(ChatTopics topics) {
        return topics.root() + "/+/" + Presence.LEVEL;
    }
}
