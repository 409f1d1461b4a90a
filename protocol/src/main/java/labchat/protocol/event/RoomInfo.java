package labchat.protocol.event;

import java.util.List;
import java.util.Objects;
import labchat.protocol.identity.ChatId;

/**
 * A room as one user may see it.
 *
 * @param isPublic whether anybody may join
 * @param members in the order of their ids
 * @param joined whether the user who asked is one of them
 */
public record RoomInfo(ChatId id, boolean isPublic, List<ChatId> members, boolean joined) {

    public RoomInfo {
        Objects.requireNonNull(id, "id");
        members = List.copyOf(members);
    }
}
