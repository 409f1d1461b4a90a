package labchat.protocol.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;

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

    /** The longest search, in characters (UTF-16 code units). */
    public static final int MAX_SEARCH_LENGTH = 256;

    public HistoryRequest {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(with, "with");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(search, "search");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit %d: 1 to %d".formatted(limit, MAX_LIMIT));
        }
    }

    /** {@link #before} as a time; empty if it is none. What could be both is a time. */
    public Optional<Instant> beforeTime() {
        return before.flatMap(HistoryRequest::time);
    }

    /** {@link #before} as a message's uuid; empty if it is none. */
    public Optional<MessageUuid> beforeUuid() {
        return beforeTime().isPresent()
                ? Optional.empty()
                : before.filter(MessageUuid::isValid).map(MessageUuid::new);
    }

    /** Reads a time as RFC 3339 writes it, of the years 0 to 9999; empty if it is none. */
    public static Optional<Instant> time(String text) {
        if (text.isEmpty() || text.charAt(0) < '0' || text.charAt(0) > '9') {
            return Optional.empty();
        }
        try {
            return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
