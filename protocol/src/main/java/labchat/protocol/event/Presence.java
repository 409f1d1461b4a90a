package labchat.protocol.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import labchat.protocol.identity.ChatId;

/**
 * Whether a user is connected.
 *
 * @param since when that began; empty if the user was never connected
 */
public record Presence(ChatId user, boolean online, Optional<Instant> since) {

    /** The last level of the topic that presence is published on. */
    public static final String LEVEL = "presence";

    public Presence {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(since, "since");
    }
}
