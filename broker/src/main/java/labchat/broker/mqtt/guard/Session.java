package labchat.broker.mqtt.guard;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import labchat.broker.store.KeptSession;
import labchat.broker.store.KeptSession.KeptSubscription;

/**
 * A session that outlives its connections [MQTT-4.1.0-1]. It belongs to the event loop of the connection that holds it;
 * {@link Sessions} hands it from one to the next.
 */
final class Session {

    /**
     * What was under way when the last connection ended.
     *
     * @param sent to the client, without its last acknowledgement, in the order of sending
     * @param lastId the last packet id that was given
     * @param done what the client has acknowledged of what lies behind the session's position
     * @param received packet ids of the client's own QoS 2 publishes that it has not released [MQTT-4.3.3-2]
     */
    record Parked(List<InFlight> sent, int lastId, Set<Long> done, List<Integer> received) {
        /** How much memory the publishes take, in bytes. */
        long weight() {
            return sent.stream().mapToLong(one -> one.delivery().weight()).sum();
        }

        /** Without the publishes, which are then read from the store and sent as new. */
        Parked withoutPublishes() {
            return new Parked(List.of(), lastId, done, received);
        }

        static final Parked NOTHING = new Parked(List.of(), 0, Set.of(), List.of());
    }

    /**
     * A publish that was sent and is not yet done with.
     *
     * @param released whether only PUBCOMP is missing
     */
    record InFlight(int packetId, Delivery delivery, int qos, int[] subscriptionIds, Inbox inbox, boolean released) {}

    private final String user;
    private final String clientId;
    private final Map<String, KeptSubscription> subscriptions = new LinkedHashMap<>();
    private volatile Optional<Instant> expires = Optional.empty();
    private volatile boolean isAway;
    private long position;
    private long settled;
    private Parked parked = Parked.NOTHING;
    private final AtomicLong parkedBytes = new AtomicLong();

    Session(String user, String clientId) {
        this.user = user;
        this.clientId = clientId;
    }

    /** After a restart: away, with nothing under way. */
    static Session of(KeptSession kept, Instant expires) {
        Session session = new Session(kept.user(), kept.clientId());
        kept.subscriptions().forEach(one -> session.subscriptions.put(one.filter(), one));
        session.position = kept.position();
        session.settled = kept.position();
        session.isAway = true;
        session.expires = Optional.of(expires);
        return session;
    }

    String user() {
        return user;
    }

    String clientId() {
        return clientId;
    }

    Map<String, KeptSubscription> subscriptions() {
        return subscriptions;
    }

    /** Up to which sequence number the client has got, or is getting as {@link #takeParked()}, what it subscribes to. */
    long position() {
        return position;
    }

    /** Up to which the client has acknowledged all. */
    long settled() {
        return settled;
    }

    /** What was under way, for the connection that takes it over; only once. */
    Parked takeParked() {
        Parked taken = parked;
        parked = Parked.NOTHING;
        return taken;
    }

    /** How much memory is counted for what is parked, in bytes, as long as it is; any thread. */
    AtomicLong parkedBytes() {
        return parkedBytes;
    }

    /** Any thread. */
    boolean isAway() {
        return isAway;
    }

    /** When it is to be forgotten; empty while it has a connection; any thread. */
    Optional<Instant> expires() {
        return expires;
    }

    /** A connection holds it from now on. */
    void taken() {
        isAway = false;
        expires = Optional.empty();
    }

    /** Its connection has ended. */
    void left(long upTo, long settledUpTo, Parked underWay, Instant until) {
        position = upTo;
        settled = settledUpTo;
        parked = underWay;
        expires = Optional.of(until);
        isAway = true;
    }

    KeptSession toKeep(long upTo) {
        return new KeptSession(user, clientId, expires, upTo, List.copyOf(subscriptions.values()));
    }
}
