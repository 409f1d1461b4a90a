package labchat.broker.store;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import labchat.protocol.identity.ChatId;

/**
 * Which publishes to read again.
 *
 * @param receivers users or rooms they were published to; empty for all
 * @param after only higher sequence numbers
 * @param upTo no higher sequence numbers
 * @param limit how many at most
 * @param reader whose receipts make {@link KeptPublish#receipted()} true; empty for nobody's
 */
public record ReplayQuery(Set<ChatId> receivers, long after, long upTo, int limit, Optional<ChatId> reader) {

    public ReplayQuery {
        receivers = Set.copyOf(receivers);
        Objects.requireNonNull(reader, "reader");
    }
}
