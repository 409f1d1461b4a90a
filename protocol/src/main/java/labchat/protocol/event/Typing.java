package labchat.protocol.event;

import java.util.Objects;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/** A hint that the sender is typing to the receiver; good for six seconds. */
public record Typing(ChatId sender, ChatId receiver) implements ChatEvent {

    public Typing {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(receiver, "receiver");
    }

    @Override
    public ChatKind kind() {
        return ChatKind.TYPING;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.typing(this);
    }
}
