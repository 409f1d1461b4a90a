package labchat.protocol.event;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import labchat.protocol.identity.ChatId;

/**
 * What became of a {@link RoomsRequest}.
 *
 * @param receiver who asked
 * @param action the action's word, as it was asked for
 * @param room as in the request
 * @param rooms for {@code list}, all that the user may see; otherwise the room as it is now, if the user may see it
 * @param fault why it was not carried out; empty if it was
 */
public record RoomsAnswer(
        ChatId receiver, String action, Optional<ChatId> room, List<RoomInfo> rooms, Optional<RequestFault> fault) {

    public RoomsAnswer {
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(room, "room");
        rooms = List.copyOf(rooms);
        Objects.requireNonNull(fault, "fault");
    }
}
