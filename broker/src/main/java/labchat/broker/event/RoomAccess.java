package labchat.broker.event;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import labchat.protocol.identity.ChatId;

/** What somebody may do in a room. May be asked by any thread at once; answers from memory. */
public interface RoomAccess {

    /** How somebody stands to an id. */
    enum Standing {
        /** There is no room of this id, as far as they are told: a private room of others is none. */
        NO_ROOM,
        /** There is one; they may not write into it. */
        OUTSIDE,
        /** They may write into it: as a member, or by a line of their own in {@code acl.conf}. */
        INSIDE
    }

    /** Whether there is such a room in truth, so that nobody writes into one that they are not told of. */
    boolean isRoom(ChatId id);

    /** @param user who is logged in; empty for a client without a name, who is a member of nothing */
    Standing standing(Optional<String> user, ChatId id);

    /** Ids of rooms that somebody is told of, for suggestions; not more than a few hundred. */
    default Collection<String> known(Optional<String> user) {
        return List.of();
    }

    /** No rooms at all. */
    static RoomAccess none() {
        return new RoomAccess() {
            @Override
            public boolean isRoom(ChatId id) {
                return false;
            }

            @Override
            public Standing standing(Optional<String> user, ChatId id) {
                return Standing.NO_ROOM;
            }
        };
    }
}
