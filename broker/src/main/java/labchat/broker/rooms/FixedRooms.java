package labchat.broker.rooms;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclRule;
import labchat.broker.acl.AclSubject;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * The rooms that staff lay down in {@code acl.conf}: an id below the chat root that is no account, named by users' own
 * {@code topic} lines without a wildcard. Its members are the accounts that name it so and whose own lines let them write
 * {@code ROOT/<id>/message}. A line for more than one id, such as {@code topic readwrite ttm4175/#}, makes nobody a member.
 */
final class FixedRooms {

    private FixedRooms() {}

    /** The rooms and their members; none is without members. */
    static Map<ChatId, Set<ChatId>> of(AclPolicy acl, ChatTopics topics, Set<ChatId> accounts) {
        AclPolicy ownLines = acl.withPatterns(java.util.List.of());
        Map<ChatId, Set<ChatId>> rooms = new TreeMap<>();
        Map<ChatId, Set<ChatId>> named = new HashMap<>();
        for (AclRule rule : acl.rules()) {
            Optional<ChatId> user = rule.user().flatMap(ChatId::parse).filter(accounts::contains);
            Optional<ChatId> id =
                    namedBy(rule, topics).filter(room -> !room.equals(ChatId.SERVER) && !accounts.contains(room));
            if (user.isPresent() && id.isPresent()) {
                named.computeIfAbsent(id.get(), room -> new TreeSet<>()).add(user.get());
            }
        }
        named.forEach((room, users) -> {
            users.removeIf(user -> !ownLines.publish(
                            new AclSubject(Optional.of(user.value()), ""), topics.topic(room, ChatKind.MESSAGE))
                    .isAllowed());
            if (!users.isEmpty()) {
                rooms.put(room, Set.copyOf(users));
            }
        });
        return rooms;
    }

    private static Optional<ChatId> namedBy(AclRule rule, ChatTopics topics) {
        if (rule.kind() != AclRule.Kind.TOPIC || rule.access() == AclRule.Access.DENY) {
            return Optional.empty();
        }
        return ChatLevel.idOf(rule.filter(), topics.root());
    }
}
