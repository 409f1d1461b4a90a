package labchat.broker.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A durable session.
 *
 * @param user empty for a client without a name
 * @param expires when it is to be forgotten; empty while its client is connected, or for never
 * @param position up to which sequence number it has got what it subscribes to
 */
public record KeptSession(
        String user, String clientId, Optional<Instant> expires, long position, List<KeptSubscription> subscriptions) {

    public KeptSession {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(expires, "expires");
        subscriptions = List.copyOf(subscriptions);
    }

    /**
     * One subscription as it was granted.
     *
     * @param id the Subscription Identifier; 0 for none
     */
    public record KeptSubscription(
            String filter, int qos, boolean noLocal, boolean retainAsPublished, int retainHandling, int id) {
        public KeptSubscription {
            Objects.requireNonNull(filter, "filter");
        }
    }
}
