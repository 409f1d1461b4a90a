package labchat.broker.rooms;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import labchat.broker.store.RoomStore.KeptRoom;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;

/** A room as it is now. Read by any thread; changed by the {@link RoomDirectory} only. */
final class Room {

    private final ChatId id;
    private final boolean isPublic;
    private final Optional<ChatId> creator;
    private final Set<ChatId> members;
    private final Set<ChatId> invited = ConcurrentHashMap.newKeySet();

    private Room(ChatId id, boolean isPublic, Optional<ChatId> creator, Set<ChatId> members) {
        this.id = id;
        this.isPublic = isPublic;
        this.creator = creator;
        this.members = members;
    }

    /** A room that users made. */
    static Room of(KeptRoom kept) {
        Set<ChatId> members = ConcurrentHashMap.newKeySet();
        members.addAll(kept.members());
        Room room = new Room(kept.id(), kept.isPublic(), Optional.of(kept.creator()), members);
        room.invited.addAll(kept.invited());
        return room;
    }

    /** A room that staff made, which no request changes. */
    static Room fixed(ChatId id, boolean isPublic, Set<ChatId> members) {
        return new Room(id, isPublic, Optional.empty(), members);
    }

    ChatId id() {
        return id;
    }

    boolean isPublic() {
        return isPublic;
    }

    boolean isFixed() {
        return creator.isEmpty();
    }

    /** Whether it is the room that every account is in. */
    boolean isForAll(Set<ChatId> accounts) {
        return members == accounts;
    }

    boolean isCreator(ChatId user) {
        return creator.isPresent() && creator.get().equals(user);
    }

    boolean isMember(ChatId user) {
        return members.contains(user);
    }

    boolean isInvited(ChatId user) {
        return invited.contains(user);
    }

    int invitedCount() {
        return invited.size();
    }

    /** A view. */
    Set<ChatId> members() {
        return Collections.unmodifiableSet(members);
    }

    /** Whether the user is told that there is such a room. */
    boolean isVisibleTo(ChatId user) {
        return isPublic || isMember(user) || isInvited(user);
    }

    RoomInfo infoFor(ChatId user) {
        return new RoomInfo(id, isPublic, members.stream().sorted().toList(), isMember(user));
    }

    void add(ChatId user) {
        members.add(user);
        invited.remove(user);
    }

    void invite(ChatId user) {
        invited.add(user);
    }

    void remove(ChatId user) {
        members.remove(user);
        invited.remove(user);
    }
}
