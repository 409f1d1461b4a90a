package labchat.broker.event;

import java.util.Set;
import labchat.protocol.identity.ChatId;

/** Who is a member of which room. May be asked by any thread at once; answers from memory. */
public interface Membership {

    /** Hears of members who come and go. */
    interface Listener {
        /**
         * The change is on disk and in force. Called before the request that asked for it is answered, in the order of the
         * changes, one at a time, on any thread; must return at once.
         *
         * @param joined whether the user is a member from now on, or no longer one
         */
        void changed(ChatId room, ChatId user, boolean joined);
    }

    /** Whether there is a room of this id. */
    boolean isRoom(ChatId id);

    /** Whether the user is a member of the room; false if there is no such room. */
    boolean isMember(ChatId room, ChatId user);

    /**
     * The room's members; empty if there is no such room. A view that follows the room, not to be changed; costs nothing to
     * ask for, and may be gone through while members come and go.
     */
    Set<ChatId> members(ChatId room);

    /** The rooms that the user is a member of, as they are now. */
    Set<ChatId> roomsOf(ChatId user);

    /**
     * Rises with every change of a member or a room, when the other methods answer differently already: who asks for it
     * first and for the rest then never keeps an old answer for a new one.
     */
    long epoch();

    /** To be called while the broker starts; changes before the call are not told. */
    void onChange(Listener listener);

    /** No rooms at all. */
    static Membership none() {
        return new Membership() {
            @Override
            public boolean isRoom(ChatId id) {
                return false;
            }

            @Override
            public boolean isMember(ChatId room, ChatId user) {
                return false;
            }

            @Override
            public Set<ChatId> members(ChatId room) {
                return Set.of();
            }

            @Override
            public Set<ChatId> roomsOf(ChatId user) {
                return Set.of();
            }

            @Override
            public long epoch() {
                return 0;
            }

            @Override
            public void onChange(Listener listener) {
                // Nothing ever changes.
            }
        };
    }
}
