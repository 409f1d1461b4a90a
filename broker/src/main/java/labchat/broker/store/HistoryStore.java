package labchat.broker.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;

/** Reads what was said. Answers come on any thread, and fail with {@link StoreException}. Any thread may ask. */
public interface HistoryStore {

    /**
     * Which messages.
     *
     * @param reader whose conversations
     * @param with the other user, or a room; empty for all of the reader's conversations
     * @param isRoom whether {@code with} is a room
     * @param rooms where {@code with} is empty: the rooms that count as the reader's
     * @param beforeUuid only messages older than the one of this uuid in the same conversation; empty for no bound
     * @param beforeTime only messages older than this; empty for no bound
     * @param search only messages that contain all these words, in any order; empty for all
     */
    record Query(
            ChatId reader,
            Optional<ChatId> with,
            boolean isRoom,
            Set<ChatId> rooms,
            Optional<MessageUuid> beforeUuid,
            Optional<Instant> beforeTime,
            Optional<String> search,
            int limit) {
        public Query {
            Objects.requireNonNull(reader, "reader");
            Objects.requireNonNull(with, "with");
            rooms = Set.copyOf(rooms);
            Objects.requireNonNull(beforeUuid, "beforeUuid");
            Objects.requireNonNull(beforeTime, "beforeTime");
            Objects.requireNonNull(search, "search");
        }
    }

    /**
     * A page.
     *
     * @param messages oldest first
     * @param more whether older ones were left out
     * @param unknownBefore whether there is no message with the query's {@code beforeUuid}
     */
    record Page(List<HistoryEntry> messages, boolean more, boolean unknownBefore) {
        public Page {
            messages = List.copyOf(messages);
        }
    }

    /** The newest messages that the query asks for. */
    CompletionStage<Page> page(Query query);

    /** The newest message of every conversation of the reader, oldest first; {@code with} and bounds do not count. */
    CompletionStage<Page> newestOfEach(Query query);

    /** Knows nothing. */
    static HistoryStore none() {
        return NoFeatureStores.INSTANCE;
    }
}
