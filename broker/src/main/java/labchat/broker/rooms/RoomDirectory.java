package labchat.broker.rooms;

import java.util.ArrayList;
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
    private volatile List<Room> fixed;

    /** Rooms that users made and whose id an account or a room of the rules has. */
    private final ConcurrentMap<ChatId, Room> closed = new ConcurrentHashMap<>();

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
        RoomDirectory directory = new RoomDirectory(accounts, fixed(accounts, acl, topics, lobby));
        for (RoomStore.KeptRoom kept : store.rooms()) {
            directory.putUnlessTaken(Room.of(kept));
        }
        return directory;
    }

    private static Collection<Room> fixed(
            AccountIds accounts, AclPolicy acl, ChatTopics topics, Optional<ChatId> lobby) {
        Map<ChatId, Room> fixed = new HashMap<>();
        FixedRooms.of(acl, topics, accounts).forEach((id, members) -> fixed.put(id, Room.fixed(id, false, members)));
        lobby.filter(id -> !id.equals(ChatId.SERVER) && !accounts.contains(id))
                .ifPresent(id -> fixed.put(id, Room.fixed(id, true, accounts)));
        return fixed.values();
    }

    private void putUnlessTaken(Room room) {
        if (isTaken(room.id())) {
            LOG.warn(
                    "the room {} is not opened: {}; rename the other, or the room stays closed",
                    room.id(),
                    accounts.contains(room.id())
                            ? "there is an account of this id"
                            : "acl.conf or the setting lobby makes another room of this id");
            closed.put(room.id(), room);
        } else {
            put(room);
        }
    }

    /** Somebody is in a room from now on, or no longer. */
    record Moved(ChatId room, ChatId user, boolean joined) {}

    /**
     * Makes the rooms of the rules and the lobby anew, after accounts and rules were replaced. A room that users made is
     * closed while somebody else has its id.
     *
     * @param added accounts that were none before
     * @param removed accounts that are none any more
     * @return who came into and went out of rooms that no request changes; the listeners know it already
     */
    List<Moved> replace(
            AclPolicy acl, ChatTopics topics, Optional<ChatId> lobby, Set<ChatId> added, Set<ChatId> removed) {
        Map<ChatId, Set<ChatId>> before = new HashMap<>();
        for (Room room : fixed) {
            Set<ChatId> members = new HashSet<>(room.members());
            if (room.isForAll(accounts)) {
                members.removeAll(added);
                members.addAll(removed);
            }
            before.put(room.id(), members);
        }
        List<Room> next = List.copyOf(fixed(accounts, acl, topics, lobby));
        Map<ChatId, Set<ChatId>> after = new HashMap<>();
        next.forEach(room -> after.put(room.id(), new HashSet<>(room.members())));
        for (Room room : List.copyOf(byId.values())) {
            boolean isElsewhere = !room.isFixed() && (accounts.contains(room.id()) || after.containsKey(room.id()));
            if (isElsewhere) {
                takeOut(room);
                LOG.warn("the room {} is closed, because an account or a room of the rules has its id now", room.id());
            } else if (room.isFixed() && !after.containsKey(room.id())) {
                byId.remove(room.id().value());
            }
        }
        fixed = next;
        next.forEach(room -> byId.put(room.id().value(), room));
        for (Room room : List.copyOf(closed.values())) {
            if (!isTaken(room.id())) {
                closed.remove(room.id());
                put(room);
            }
        }
        changed();
        List<Moved> moved = moved(before, after);
        moved.forEach(one -> tell(one.room(), one.user(), one.joined()));
        return moved;
    }

    private void takeOut(Room room) {
        byId.remove(room.id().value());
        room.members().forEach(member -> roomsMadeFor(member).remove(room.id()));
        closed.put(room.id(), room);
    }

    private static List<Moved> moved(Map<ChatId, Set<ChatId>> before, Map<ChatId, Set<ChatId>> after) {
        List<Moved> moved = new ArrayList<>();
        before.forEach((room, members) -> members.stream()
                .filter(user -> !after.getOrDefault(room, Set.of()).contains(user))
                .forEach(user -> moved.add(new Moved(room, user, false))));
        after.forEach((room, members) -> members.stream()
                .filter(user -> !before.getOrDefault(room, Set.of()).contains(user))
                .forEach(user -> moved.add(new Moved(room, user, true))));
        return moved;
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
        // A reload may have made an account of this id while the room was on its way to the disk.
        putUnlessTaken(Room.of(kept));
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
