package labchat.broker.rooms;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import labchat.broker.acl.AclPolicy;
import labchat.broker.event.Membership;
import labchat.broker.store.RoomStore;
import labchat.broker.users.UserDirectory;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All rooms, in memory: those that users made, those of {@code acl.conf}, and the lobby. Asked by any thread at once;
 * changed by {@link RoomRequests}, one change at a time.
 */
public final class RoomDirectory implements Membership {

    private static final Logger LOG = LoggerFactory.getLogger(RoomDirectory.class);

    private static final int MAX_SUGGESTIONS = 200;

    private final AccountIds accounts;

    /** All rooms by the id as it stands in topics: one look tells what is no room. */
    private final ConcurrentMap<String, Room> byId = new ConcurrentHashMap<>();

    private final ConcurrentMap<ChatId, Set<ChatId>> madeRoomsOf = new ConcurrentHashMap<>();
    private final List<Room> fixed;
    private final AtomicLong epoch = new AtomicLong();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    private RoomDirectory(AccountIds accounts, Collection<Room> fixed) {
        this.accounts = accounts;
        this.fixed = List.copyOf(fixed);
        fixed.forEach(room -> byId.put(room.id().value(), room));
    }

    /**
     * Reads the rooms from the store and from the rules. A kept room whose id is now an account's, or that of a room of
     * the rules, is not opened, and staff are told; it stays in the store.
     *
     * @param lobby the id of the room that every account is in; empty for none. None either if it is an account's id.
     */
    public static RoomDirectory open(
            RoomStore store, UserDirectory users, AclPolicy acl, ChatTopics topics, Optional<ChatId> lobby) {
        AccountIds accounts = new AccountIds(users);
        Map<ChatId, Room> fixed = new HashMap<>();
        FixedRooms.of(acl, topics, accounts).forEach((id, members) -> fixed.put(id, Room.fixed(id, false, members)));
        lobby.filter(id -> !id.equals(ChatId.SERVER) && !accounts.contains(id))
                .ifPresent(id -> fixed.put(id, Room.fixed(id, true, accounts)));
        RoomDirectory directory = new RoomDirectory(accounts, fixed.values());
        for (RoomStore.KeptRoom kept : store.rooms()) {
            if (directory.isTaken(kept.id())) {
                LOG.warn(
                        "the room {} is not opened: {}; rename the other, or the room stays closed",
                        kept.id(),
                        accounts.contains(kept.id())
                                ? "there is an account of this id"
                                : "acl.conf or the setting lobby makes another room of this id");
            } else {
                directory.put(Room.of(kept));
            }
        }
        return directory;
    }

    private void put(Room room) {
        byId.put(room.id().value(), room);
        room.members().forEach(member -> roomsMadeFor(member).add(room.id()));
    }

    private Set<ChatId> roomsMadeFor(ChatId user) {
        return madeRoomsOf.computeIfAbsent(user, key -> ConcurrentHashMap.newKeySet());
    }

    /** The room of this id, or null. */
    Room find(String id) {
        return byId.get(id);
    }

    /** Whether a room cannot have this id, because somebody or something has it. */
    boolean isTaken(ChatId id) {
        return id.equals(ChatId.SERVER) || isAccount(id) || isRoom(id);
    }

    boolean isAccount(ChatId id) {
        return accounts.contains(id);
    }

    Set<ChatId> accounts() {
        return Collections.unmodifiableSet(accounts);
    }

    /** How many of the rooms there are now a user has made. */
    int countMadeBy(ChatId user) {
        return (int) byId.values().stream().filter(room -> room.isCreator(user)).count();
    }

    /** The rooms that a user is told of, in the order of their ids. */
    List<RoomInfo> visibleTo(ChatId user) {
        return byId.values().stream()
                .filter(room -> room.isVisibleTo(user))
                .map(room -> room.infoFor(user))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
    }

    /** Ids of rooms that somebody is told of: for suggestions, so not necessarily all. */
    List<String> suggestionsFor(Optional<ChatId> user) {
        return byId.values().stream()
                .filter(room -> room.isPublic() || user.isPresent() && room.isVisibleTo(user.get()))
                .limit(MAX_SUGGESTIONS)
                .map(room -> room.id().value())
                .toList();
    }

    /** A room is there from now on, with its creator in it. */
    void create(RoomStore.KeptRoom kept) {
        put(Room.of(kept));
        changed();
        kept.members().forEach(member -> tell(kept.id(), member, true));
    }

    void join(Room room, ChatId user) {
        room.add(user);
        roomsMadeFor(user).add(room.id());
        changed();
        tell(room.id(), user, true);
    }

    void invite(Room room, ChatId user) {
        room.invite(user);
        changed();
    }

    /** A member leaves, or an invitation is taken back; the room ends with its last member. */
    void remove(Room room, ChatId user) {
        boolean wasMember = room.isMember(user);
        room.remove(user);
        madeRoomsOf.computeIfPresent(user, (key, rooms) -> {
            rooms.remove(room.id());
            return rooms.isEmpty() ? null : rooms;
        });
        if (room.members().isEmpty()) {
            byId.remove(room.id().value());
        }
        changed();
        if (wasMember) {
            tell(room.id(), user, false);
        }
    }

    private void changed() {
        epoch.incrementAndGet();
    }

    private void tell(ChatId room, ChatId user, boolean joined) {
        for (Listener listener : listeners) {
            try {
                listener.changed(room, user, joined);
            } catch (RuntimeException e) {
                LOG.error("who listens for members of rooms failed", e);
            }
        }
    }

    @Override
    public boolean isRoom(ChatId id) {
        return find(id.value()) != null;
    }

    @Override
    public boolean isMember(ChatId room, ChatId user) {
        Room found = find(room.value());
        return found != null && found.isMember(user);
    }

    @Override
    public Set<ChatId> members(ChatId room) {
        Room found = find(room.value());
        return found == null ? Set.of() : found.members();
    }

    @Override
    public Set<ChatId> roomsOf(ChatId user) {
        Set<ChatId> rooms = new HashSet<>(madeRoomsOf.getOrDefault(user, Set.of()));
        fixed.stream().filter(room -> room.isMember(user)).map(Room::id).forEach(rooms::add);
        return rooms;
    }

    @Override
    public long epoch() {
        return epoch.get();
    }

    @Override
    public void onChange(Listener listener) {
        listeners.add(listener);
    }
}
