package labchat.broker.event;

import java.util.Objects;

/**
 * What a log may say of a chat publish.
 *
 * @param kind one of the four kinds' topic levels
 * @param uuid empty for a typing hint
 */
public record ChatFields(String kind, String sender, String receiver, String uuid) {

    public ChatFields {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(uuid, "uuid");
    }
}
