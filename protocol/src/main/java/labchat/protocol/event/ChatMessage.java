package labchat.protocol.event;

import java.util.Objects;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

/**
 * A message. Its text stays out of {@link #toString()}, so that it reaches no log by accident.
 *
 * @param text 1 to 4,096 characters (Unicode code points) unless the setting says otherwise; line breaks allowed
 */
public record ChatMessage(ChatId sender, ChatId receiver, String text, MessageUuid uuid) implements ChatEvent {

    public ChatMessage {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(uuid, "uuid");
    }

    /** What makes a repeated publish the same message. */
    public MessageId id() {
        return new MessageId(sender, receiver, uuid);
    }

    @Override
    public ChatKind kind() {
        return ChatKind.MESSAGE;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.message(this);
    }

    @Override
    public String toString() {
        return "ChatMessage[%s to %s, %s, %d chars]".formatted(sender, receiver, uuid, text.length());
    }
}
