package labchat.protocol.event;

import java.util.Objects;
import labchat.protocol.identity.ChatId;

/**
 * What happened in a room, for its members.
 *
 * @param user who it happened to
 * @param text for people, such as {@code kashish has left group_1}
 */
public record Notice(ChatId user, ChatId room, Change change, String text) {

    /** The last level of the topic that notices are published on. */
    public static final String LEVEL = "notice";

    /** What happened. */
    public enum Change {
        CREATED,
        JOINED,
        LEFT,
        INVITED,
        REMOVED;

        /** The word in the payload's {@code status}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Notice {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(text, "text");
    }
}
