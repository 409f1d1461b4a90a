package labchat.client.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import labchat.protocol.event.Notice;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.identity.ChatId;

/** The rooms that the server has told one user of. Not safe for use by several threads at once. */
public final class KnownRooms {

    private final ChatId me;
    private final Map<ChatId, RoomInfo> rooms = new TreeMap<>();

    public KnownRooms(ChatId me) {
        this.me = me;
    }

    /** Takes in an answer; one with a fault changes nothing. */
    public void learn(RoomsAnswer answer) {
        if (answer.fault().isPresent()) {
            return;
        }
        if (answer.action().equals(RoomsRequest.Action.LIST.word())) {
            rooms.clear();
        }
        // What the user may not see any more is not in the answer.
        answer.room().ifPresent(rooms::remove);
        answer.rooms().forEach(room -> rooms.put(room.id(), room));
    }

    /** Takes in what happened in a room. */
    public void learn(Notice notice) {
        if (notice.change() == Notice.Change.INVITED) {
            // Who is invited is a member only after joining.
            return;
        }
        RoomInfo before = rooms.getOrDefault(notice.room(), new RoomInfo(notice.room(), false, List.of(), true));
        List<ChatId> members = new ArrayList<>(before.members());
        members.remove(notice.user());
        boolean joined = before.joined();
        switch (notice.change()) {
            case CREATED, JOINED -> {
                members.add(notice.user());
                joined |= notice.user().equals(me);
            }
            default -> joined &= !notice.user().equals(me);
        }
        members.sort(null);
        if (joined || before.isPublic()) {
            rooms.put(notice.room(), new RoomInfo(notice.room(), before.isPublic(), members, joined));
        } else {
            rooms.remove(notice.room());
        }
    }

    /** All, in the order of their ids. */
    public List<RoomInfo> all() {
        return List.copyOf(rooms.values());
    }

    /** Those the user is in, in the order of their ids. */
    public List<ChatId> joined() {
        return rooms.values().stream()
                .filter(RoomInfo::joined)
                .map(RoomInfo::id)
                .toList();
    }

    /** One of them. */
    public Optional<RoomInfo> find(ChatId id) {
        return Optional.ofNullable(rooms.get(id));
    }

    /** Whether the user is in that room. */
    public boolean isJoined(ChatId id) {
        return find(id).filter(RoomInfo::joined).isPresent();
    }
}
