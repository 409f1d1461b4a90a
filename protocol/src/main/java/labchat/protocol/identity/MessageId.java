package labchat.protocol.identity;

import java.util.Objects;

/** A message's identity: a second publish with the same three parts is the same message. */
public record MessageId(ChatId sender, ChatId receiver, MessageUuid uuid) {

    public MessageId {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(uuid, "uuid");
    }
}
