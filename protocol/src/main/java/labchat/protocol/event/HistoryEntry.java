package labchat.protocol.event;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import labchat.protocol.identity.ChatId;

/**
 * A message and what became of it.
 *
 * @param sent when the server got it
 * @param room whether it was written in a room
 * @param delivered when each receiver's client had it; of a message to a user at most the receiver's
 * @param read when each receiver read it; likewise
 */
public record HistoryEntry(
        ChatMessage message, Instant sent, boolean room, Map<ChatId, Instant> delivered, Map<ChatId, Instant> read) {

    public HistoryEntry {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(sent, "sent");
        delivered = Map.copyOf(delivered);
        read = Map.copyOf(read);
    }
}
