package labchat.protocol.event;

import java.util.Objects;
import java.util.Optional;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

/**
 * A delivery or read receipt.
 *
 * @param kind {@link ChatKind#DELIVERED} or {@link ChatKind#READ}
 * @param sender who sends the receipt, that is, who got the message
 * @param receiver who wrote the message
 * @param room the room the message was written in; empty for a message to a user
 */
public record Receipt(ChatKind kind, ChatId sender, ChatId receiver, MessageUuid uuid, Optional<ChatId> room)
        implements ChatEvent {

    public Receipt {
        if (!kind.isReceipt()) {
            throw new IllegalArgumentException("a receipt is delivered or read, not " + kind);
        }
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(uuid, "uuid");
        Objects.requireNonNull(room, "room");
    }

    /** A receipt for a message to a user. */
    public Receipt(ChatKind kind, ChatId sender, ChatId receiver, MessageUuid uuid) {
        this(kind, sender, receiver, uuid, Optional.empty());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.receipt(this);
    }
}
