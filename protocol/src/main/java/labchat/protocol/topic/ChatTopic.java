package labchat.protocol.topic;

import java.util.Objects;
import labchat.protocol.identity.ChatId;

/**
 * A topic of the form {@code ROOT/<receiver>/<kind>}.
 *
 * @param receiver the user or room whose tree it is in
 * @param kind one of the four kinds
 */
public record ChatTopic(ChatId receiver, ChatKind kind) {

    public ChatTopic {
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(kind, "kind");
    }
}
