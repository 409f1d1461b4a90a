package labchat.protocol.event;

import java.util.Objects;
import java.util.Optional;
import labchat.protocol.identity.ChatId;

/**
 * Asks for what was said.
 *
 * @param sender who asks
 * @param with a user or a room; empty for the newest message of every conversation
 * @param before a message's uuid, or a time as RFC 3339 writes it: only what is older; empty for the newest page
 * @param limit how many messages at most, 1 to {@value #MAX_LIMIT}
 * @param search only messages that contain all these words; empty for all
 */
public record HistoryRequest(
        ChatId sender, Optional<ChatId> with, Optional<String> before, int limit, Optional<String> search) {

    /** The last level of the topics that requests and answers are published on. */
    public static final String LEVEL = "history";

    /** How many messages are meant if nothing is said. */
    public static final int STANDARD_LIMIT = 50;

    /** The longest page. */
    public static final int MAX_LIMIT = 200;

    public HistoryRequest {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(with, "with");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(search, "search");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit %d: 1 to %d".formatted(limit, MAX_LIMIT));
        }
    }
}
