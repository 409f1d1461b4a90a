package labchat.broker.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import labchat.protocol.identity.ChatId;

/** Keeps rooms, their members and who is invited. Changes are done when they are on disk. Any thread. */
public interface RoomStore {

    /**
     * A room.
     *
     * @param invited who may join a private room and has not yet
     */
    record KeptRoom(
            ChatId id, boolean isPublic, ChatId creator, Instant created, Set<ChatId> members, Set<ChatId> invited) {
        public KeptRoom {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(creator, "creator");
            Objects.requireNonNull(created, "created");
            members = Set.copyOf(members);
            invited = Set.copyOf(invited);
        }
    }

    /** All rooms. Reads from disk. */
    List<KeptRoom> rooms();

    /** Fails if there is a room with this id. */
    CompletionStage<Void> create(KeptRoom room);

    /** The user is a member, and no longer merely invited. */
    CompletionStage<Void> addMember(ChatId room, ChatId user, Instant since);

    /** The user is neither a member nor invited any longer. */
    CompletionStage<Void> removeMember(ChatId room, ChatId user);

    CompletionStage<Void> invite(ChatId room, ChatId user);

    /** Forgets a room with its members and invitations, not what was said in it. */
    CompletionStage<Void> remove(ChatId room);

    /** Keeps nothing. */
    static RoomStore none() {
        return NoFeatureStores.INSTANCE;
    }
}
