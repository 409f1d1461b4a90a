package labchat.broker.rooms;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import labchat.broker.event.ClientGateway;
import labchat.broker.store.RoomStore;
import labchat.broker.store.RoomStore.KeptRoom;
import labchat.protocol.event.RequestFault;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.identity.ChatId;
import labchat.protocol.text.NearestWord;

/** What each request changes, or why it may not: docs/protocol.md, "Rooms". Asked by one thread at a time. */
final class RoomRules {

    /** The most members of a room that users made. */
    static final int MAX_MEMBERS = 1_000;

    /** The most invitations to one room that wait to be taken up. */
    static final int MAX_INVITED = 1_000;

    /** The most rooms of one maker. */
    static final int MAX_MADE = 100;

    /**
     * A change that may be made.
     *
     * @param keep puts it on disk
     * @param apply makes it, when it is there
     */
    record Change(Supplier<CompletionStage<Void>> keep, Runnable apply) {}

    private final RoomDirectory rooms;
    private final RoomStore store;
    private final RoomNotices notices;
    private final ClientGateway gateway;
    private final Clock clock;

    RoomRules(RoomDirectory rooms, RoomStore store, RoomNotices notices, ClientGateway gateway, Clock clock) {
        this.rooms = rooms;
        this.store = store;
        this.notices = notices;
        this.gateway = gateway;
        this.clock = clock;
    }

    /** The change that a request asks for; empty if all is so already. */
    Optional<Change> plan(RoomsRequest request) throws RoomFault {
        ChatId me = request.sender();
        return switch (request.action()) {
            case LIST -> Optional.empty();
            case CREATE -> create(me, request.room().orElseThrow(), request.isPublic());
            case JOIN -> join(me, visible(me, request.room().orElseThrow()));
            case LEAVE -> leave(me, visible(me, request.room().orElseThrow()));
            case INVITE ->
                invite(
                        me,
                        visible(me, request.room().orElseThrow()),
                        request.user().orElseThrow());
            case REMOVE ->
                remove(
                        me,
                        visible(me, request.room().orElseThrow()),
                        request.user().orElseThrow());
        };
    }

    /** A room that others keep private is no room, to the word: so nobody finds out that there is one. */
    private Room visible(ChatId me, ChatId id) throws RoomFault {
        Room room = rooms.find(id.value());
        if (room == null || !room.isVisibleTo(me)) {
            String instead = NearestWord.to(id.value(), rooms.suggestionsFor(Optional.of(me)))
                    .map("did you mean %s?"::formatted)
                    .orElse("ask with the action list which there are, and for a private room to be invited");
            throw new RoomFault(new RequestFault(
                    "unknown_room", "there is no room \"%s\" that you could see; %s".formatted(id, instead)));
        }
        return room;
    }

    private Optional<Change> create(ChatId me, ChatId id, boolean isPublic) throws RoomFault {
        Room existing = rooms.find(id.value());
        if (existing != null && existing.isFixed() && existing.isVisibleTo(me)) {
            throw fixed(existing);
        }
        if (rooms.isTaken(id)) {
            throw new RoomFault(new RequestFault(
                    "id_taken",
                    existing != null && existing.isVisibleTo(me)
                            ? "there is a room \"%s\" already; join it, or choose another id".formatted(id)
                            : "the id \"%s\" is taken; choose another for the room".formatted(id)));
        }
        if (rooms.countMadeBy(me) >= MAX_MADE) {
            throw new RoomFault(new RequestFault(
                    "too_many_rooms",
                    "you have made %d rooms, which is the most; a room ends when its last member leaves it"
                            .formatted(MAX_MADE)));
        }
        KeptRoom room = new KeptRoom(id, isPublic, me, clock.instant(), Set.of(me), Set.of());
        return Optional.of(new Change(() -> store.create(room), () -> {
            rooms.create(room);
            notices.created(id, me);
        }));
    }

    private Optional<Change> join(ChatId me, Room room) throws RoomFault {
        if (room.isMember(me)) {
            return Optional.empty();
        }
        if (room.isFixed()) {
            throw fixed(room);
        }
        if (room.members().size() >= MAX_MEMBERS) {
            throw new RoomFault(new RequestFault(
                    "room_full", "\"%s\" has %d members, which is the most".formatted(room.id(), MAX_MEMBERS)));
        }
        return Optional.of(new Change(() -> store.addMember(room.id(), me, clock.instant()), () -> {
            rooms.join(room, me);
            notices.joined(room.id(), me);
        }));
    }

    private Optional<Change> leave(ChatId me, Room room) throws RoomFault {
        if (room.isFixed()) {
            throw fixed(room);
        }
        requireMember(me, room);
        return Optional.of(new Change(() -> leaving(room, me), () -> {
            rooms.remove(room, me);
            gateway.endSubscriptions(me, room.id());
            if (!room.members().isEmpty()) {
                notices.left(room.id(), me);
            }
        }));
    }

    private CompletionStage<Void> leaving(Room room, ChatId user) {
        boolean last = room.members().size() == 1 && room.isMember(user);
        return last ? store.remove(room.id()) : store.removeMember(room.id(), user);
    }

    private Optional<Change> invite(ChatId me, Room room, ChatId user) throws RoomFault {
        if (room.isFixed()) {
            throw fixed(room);
        }
        requireMember(me, room);
        if (room.isPublic() && !room.isCreator(me)) {
            throw new RoomFault(new RequestFault(
                    "not_the_creator",
                    "only who made a public room invites to it; anybody may join \"%s\" without that"
                            .formatted(room.id())));
        }
        requireAccount(user);
        if (room.isMember(user) || room.isInvited(user)) {
            return Optional.empty();
        }
        if (room.invitedCount() >= MAX_INVITED) {
            throw new RoomFault(new RequestFault(
                    "room_full",
                    "%d users are invited to \"%s\", which is the most; some must join first, or be removed"
                            .formatted(MAX_INVITED, room.id())));
        }
        return Optional.of(new Change(() -> store.invite(room.id(), user), () -> {
            rooms.invite(room, user);
            notices.invited(room, user, me);
        }));
    }

    private Optional<Change> remove(ChatId me, Room room, ChatId user) throws RoomFault {
        if (room.isFixed()) {
            throw fixed(room);
        }
        requireMember(me, room);
        if (!room.isCreator(me)) {
            throw new RoomFault(new RequestFault(
                    "not_the_creator", "only who made \"%s\" may remove somebody from it".formatted(room.id())));
        }
        if (user.equals(me)) {
            return leave(me, room);
        }
        if (!room.isMember(user) && !room.isInvited(user)) {
            throw new RoomFault(new RequestFault(
                    "not_a_member", "%s is neither a member of \"%s\" nor invited to it".formatted(user, room.id())));
        }
        return Optional.of(new Change(() -> store.removeMember(room.id(), user), () -> {
            rooms.remove(room, user);
            gateway.endSubscriptions(user, room.id());
            notices.removed(room, user, me);
        }));
    }

    private static void requireMember(ChatId me, Room room) throws RoomFault {
        if (!room.isMember(me)) {
            throw new RoomFault(new RequestFault(
                    "not_a_member", "you are not a member of \"%s\"; join it first".formatted(room.id())));
        }
    }

    private void requireAccount(ChatId user) throws RoomFault {
        if (!rooms.isAccount(user)) {
            String meant = NearestWord.to(
                            user.value(),
                            rooms.accounts().stream().map(ChatId::value).toList())
                    .map("; did you mean %s?"::formatted)
                    .orElse("; ids are case-sensitive");
            throw new RoomFault(new RequestFault("unknown_user", "there is no user \"%s\"%s".formatted(user, meant)));
        }
    }

    private static RoomFault fixed(Room room) {
        return new RoomFault(new RequestFault(
                "room_fixed",
                "\"%s\" is a room of the lab's staff: its members are set in the broker's files, not by requests"
                        .formatted(room.id())));
    }
}
