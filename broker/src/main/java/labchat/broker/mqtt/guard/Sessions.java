package labchat.broker.mqtt.guard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import labchat.broker.acl.AclPolicy;
import labchat.broker.acl.AclSubject;
import labchat.broker.config.Limits;
import labchat.broker.store.KeptSession;
import labchat.broker.store.SessionStore;
import labchat.protocol.topic.TopicFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable sessions: those of MQTT 3.1.1 with clean session 0 and those of MQTT 5 with an expiry. May be used by any
 * thread; a {@link Session} itself belongs to the connection that holds it.
 */
final class Sessions {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final SessionStore store;
    private final Clock clock;
    private final Supplier<Limits> limits;
    /** So much of what clients that are away have not acknowledged is in memory; the rest is in the store only. */
    private static final long MOST_PARKED_BYTES = 32L << 20;

    private final AtomicLong parkedBytes = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
    private final ConcurrentMap<String, Session> sessions = new ConcurrentHashMap<>();

    Sessions(SessionStore store, Clock clock, Supplier<Limits> limits) {
        this.store = store;
        this.clock = clock;
        this.limits = limits;
        Instant now = clock.instant();
        for (KeptSession kept : store.sessions()) {
            // Who was connected when the broker ended has left now.
            Instant expires = kept.expires().orElse(now.plus(limits.get().maxSessionAge()));
            if (expires.isAfter(now)) {
                sessions.put(key(kept.user(), kept.clientId()), Session.of(kept, expires));
            } else {
                forget(kept.user(), kept.clientId());
            }
        }
    }

    private static String key(String user, String clientId) {
        return user + ":" + clientId;
    }

    /** The session that the client left behind, if there is one; its connection holds it from now on. */
    Optional<Session> resume(String user, String clientId) {
        Session session = sessions.get(key(user, clientId));
        if (session == null) {
            return Optional.empty();
        }
        if (isOver(session)) {
            expired.incrementAndGet();
            discard(user, clientId);
            return Optional.empty();
        }
        free(session);
        session.taken();
        return Optional.of(session);
    }

    private boolean isOver(Session session) {
        return session.expires().filter(time -> !time.isAfter(clock.instant())).isPresent();
    }

    /** How many have no client at the moment. */
    long away() {
        return sessions.values().stream()
                .filter(session -> session.isAway() && !isOver(session))
                .count();
    }

    /** How many were forgotten because their time was over. */
    long expired() {
        return expired.get();
    }

    /** A new session, held by its connection. */
    Session create(String user, String clientId) {
        makeRoom(user);
        Session session = new Session(user, clientId);
        sessions.put(key(user, clientId), session);
        return session;
    }

    /** Forgets what is over, and the oldest that are away if the user has too many. */
    private void makeRoom(String user) {
        sessions.values().stream().filter(this::isOver).toList().forEach(session -> {
            expired.incrementAndGet();
            discard(session.user(), session.clientId());
        });
        List<Session> own = sessions.values().stream()
                .filter(session -> session.user().equals(user) && session.isAway())
                .sorted(Comparator.comparing(session -> session.expires().orElse(Instant.MAX)))
                .toList();
        for (int i = 0; i <= own.size() - limits.get().maxUserSessions(); i++) {
            Session oldest = own.get(i);
            LOG.info(
                    "{} has {} durable sessions: the oldest, of client \"{}\", is forgotten",
                    user,
                    own.size(),
                    oldest.clientId());
            discard(oldest.user(), oldest.clientId());
        }
    }

    /** Forgets the session of this client, if there is one. */
    void discard(String user, String clientId) {
        Session gone = sessions.remove(key(user, clientId));
        if (gone != null) {
            free(gone);
            forget(user, clientId);
        }
    }

    private void free(Session session) {
        parkedBytes.addAndGet(-session.parkedBytes().getAndSet(0));
    }

    private void forget(String user, String clientId) {
        store.remove(user, clientId).whenComplete((done, problem) -> {
            if (problem != null) {
                LOG.warn("session \"{}\" of {} could not be removed: {}", clientId, user, problem.getMessage());
            }
        });
    }

    /** Keeps the session as it is, with its client connected; done when it is on disk. */
    CompletionStage<Void> save(Session session, long position) {
        return store.save(session.toKeep(position));
    }

    /** The session's client has got what it subscribes to up to here. */
    void position(Session session, long upTo) {
        store.position(session.user(), session.clientId(), upTo);
    }

    /**
     * The session's connection has ended.
     *
     * @param expiry how long it is kept; zero for no longer
     * @param position up to which sequence number nothing is to be read from the store again
     * @param settled up to which the client has acknowledged all
     */
    void left(Session session, Duration expiry, long position, long settled, Session.Parked parked) {
        if (expiry.isZero()) {
            discard(session.user(), session.clientId());
            return;
        }
        long bytes = parked.weight();
        boolean fits = parkedBytes.addAndGet(bytes) <= MOST_PARKED_BYTES;
        if (fits) {
            session.parkedBytes().set(bytes);
        } else {
            parkedBytes.addAndGet(-bytes);
        }
        session.left(
                fits ? position : Math.min(position, settled),
                settled,
                fits ? parked : parked.withoutPublishes(),
                clock.instant().plus(expiry));
        store.save(session.toKeep(settled)).whenComplete((done, problem) -> {
            if (problem != null) {
                LOG.warn(
                        "session \"{}\" of {} could not be written: {}",
                        session.clientId(),
                        session.user(),
                        problem.getMessage());
            }
        });
    }

    /** Its connection has ended before the session was taken up: nothing has changed for it. */
    void leftUntouched(Session session, Duration expiry) {
        left(session, expiry, session.position(), session.settled(), session.takeParked());
    }

    /** The user may no longer read this part of the tree: the subscriptions of sessions that are away end, too. */
    void endSubscriptions(String user, String tree) {
        for (Session session : sessions.values()) {
            if (session.user().equals(user)
                    && session.isAway()
                    && session.subscriptions().keySet().removeIf(filter -> filter.startsWith(tree))) {
                store.save(session.toKeep(session.position()));
            }
        }
    }

    /** Forgets the sessions that are away, of users that are none any more; gives how many there were. */
    int removeAllBut(Predicate<String> isUser) {
        int count = 0;
        for (Session session : sessions.values()) {
            if (session.isAway() && !session.user().isEmpty() && !isUser.test(session.user())) {
                discard(session.user(), session.clientId());
                count++;
            }
        }
        return count;
    }

    /** Rules were replaced: subscriptions of sessions that are away end if they would not be granted; gives how many. */
    int endRefused(AclPolicy acl) {
        int count = 0;
        for (Session session : sessions.values()) {
            if (!session.isAway()) {
                continue;
            }
            Optional<String> user = Optional.of(session.user()).filter(name -> !name.isEmpty());
            AclSubject subject = new AclSubject(user, session.clientId());
            int before = session.subscriptions().size();
            session.subscriptions()
                    .keySet()
                    .removeIf(filter ->
                            !acl.subscribe(subject, new TopicFilter(filter)).isAllowed());
            if (session.subscriptions().size() < before) {
                count += before - session.subscriptions().size();
                store.save(session.toKeep(session.position()));
            }
        }
        return count;
    }
}
