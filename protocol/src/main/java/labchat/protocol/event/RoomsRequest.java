package labchat.protocol.event;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import labchat.protocol.identity.ChatId;

/**
 * Asks about rooms, or for a change of one.
 *
 * @param sender who asks
 * @param room empty for {@link Action#LIST} only
 * @param isPublic for {@link Action#CREATE}: whether anybody may join
 * @param user whom to invite or remove; empty otherwise
 */
public record RoomsRequest(
        ChatId sender, Action action, Optional<ChatId> room, boolean isPublic, Optional<ChatId> user) {

    /** The last level of the topics that requests and answers are published on. */
    public static final String LEVEL = "rooms";

    /** What is asked for. */
    public enum Action {
        LIST,
        CREATE,
        JOIN,
        LEAVE,
        INVITE,
        REMOVE;

        /** The word in the payload. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public RoomsRequest {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(user, "user");
    }
}
