package labchat.broker.mqtt.guard;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import labchat.broker.event.Membership;
import labchat.broker.store.MessageStore;
import labchat.broker.store.MessageStore.HandOver;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopic;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;

/** Every user's {@link Inbox}es. May be used by any thread. */
final class Inboxes {

    /** Whose the publishes on one topic are, by user. */
    private record Owners(long epoch, Map<String, Inbox> byUser) {}

    private static final List<ChatKind> KEPT = List.of(ChatKind.MESSAGE, ChatKind.DELIVERED, ChatKind.READ);

    private final ChatTopics topics;
    private final MessageStore store;
    private final Predicate<String> isUser;
    private final Membership rooms;
    private final Map<HandOver, Long> atStart;
    private final long newestAtStart;
    private final ConcurrentMap<HandOver, Inbox> inboxes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Owners> byTopic = new ConcurrentHashMap<>();

    Inboxes(ChatTopics topics, MessageStore store, Predicate<String> isUser, Membership rooms) {
        this.topics = topics;
        this.store = store;
        this.isUser = isUser;
        this.rooms = rooms;
        this.atStart = store.handedOver();
        this.newestAtStart = store.lastSequence();
        rooms.onChange((room, user, joined) -> {
            HandOver key = new HandOver(user, room, ChatKind.MESSAGE);
            if (joined) {
                inboxOf(key).startAt(store.lastSequence());
            } else {
                inboxes.remove(key);
            }
        });
    }

    /**
     * Whose a kept publish on the topic is, by user name: the user's in whose tree it is, or every member's of the room;
     * empty for nobody's.
     */
    Map<String, Inbox> owners(String topic, ChatTopic parsed) {
        Owners known = byTopic.get(topic);
        if (known != null && known.epoch() == rooms.epoch()) {
            return known.byUser();
        }
        long epoch = rooms.epoch();
        Owners found = new Owners(epoch, find(parsed));
        if (!found.byUser().isEmpty()) {
            // Nobody can make up so many that this fills the memory: there are as many as users and rooms.
            byTopic.put(topic, found);
        }
        return found.byUser();
    }

    private Map<String, Inbox> find(ChatTopic topic) {
        ChatId receiver = topic.receiver();
        if (rooms.isRoom(receiver)) {
            if (topic.kind() != ChatKind.MESSAGE) {
                return Map.of();
            }
            Map<String, Inbox> members = new HashMap<>();
            for (ChatId member : rooms.members(receiver)) {
                members.put(member.value(), inboxOf(new HandOver(member, receiver, ChatKind.MESSAGE)));
            }
            return members;
        }
        return isUser.test(receiver.value())
                ? Map.of(receiver.value(), inboxOf(new HandOver(receiver, receiver, topic.kind())))
                : Map.of();
    }

    private Inbox inboxOf(HandOver key) {
        return inboxes.computeIfAbsent(key, k -> {
            // A user's own tree begins with the store; of a room there is nothing from before being a member. Who is a
            // member without having joined since the start was one at the start, as of the lobby.
            boolean isOwnTree = k.receiver().equals(k.user());
            long position = atStart.getOrDefault(k, isOwnTree ? 0 : newestAtStart);
            if (!isOwnTree && !atStart.containsKey(k)) {
                store.begins(k.user(), k.receiver(), k.kind(), position);
            }
            return new Inbox(k.user(), k.receiver(), k.kind(), store, position);
        });
    }

    /** The user's inboxes that a subscription covers. */
    Collection<Inbox> coveredBy(TopicFilter filter, Optional<String> user) {
        Optional<ChatId> me = user.filter(isUser).flatMap(ChatId::parse);
        if (me.isEmpty()) {
            return Set.of();
        }
        List<Inbox> covered = new ArrayList<>();
        for (ChatKind kind : KEPT) {
            if (TopicFilter.matches(filter.value(), topics.topic(me.get(), kind))) {
                covered.add(inboxOf(new HandOver(me.get(), me.get(), kind)));
            }
        }
        for (ChatId room : rooms.roomsOf(me.get())) {
            if (TopicFilter.matches(filter.value(), topics.topic(room, ChatKind.MESSAGE))) {
                covered.add(inboxOf(new HandOver(me.get(), room, ChatKind.MESSAGE)));
            }
        }
        return covered;
    }
}
