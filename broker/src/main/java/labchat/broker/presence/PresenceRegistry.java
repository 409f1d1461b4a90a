package labchat.broker.presence;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.OutboundPublisher;
import labchat.broker.event.PacketTrace;
import labchat.broker.store.AccountStore;
import labchat.broker.store.AccountStore.KeptAccount;
import labchat.broker.users.UserDirectory;
import labchat.protocol.codec.PresenceCodec;
import labchat.protocol.event.Presence;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;

/**
 * Which accounts are connected, since when, and if not, when they were last: {@code ROOT/<id>/presence} of
 * docs/protocol.md. There is one entry for each account whose name is an id, whether or not it was ever connected.
 *
 * <p>An account is online from its first connection on, at once. It is offline when its last connection has ended and
 * no new one came within {@link #GRACE}, so that a take-over, which is an end and then a beginning, changes nothing;
 * {@code since} is then the moment of the end.
 *
 * <p>Why every subscriber ends with the newest state, without a lock between subscriptions and changes:
 *
 * <ul>
 *   <li>A change first sets the state that {@link #retained} gives, and is published afterwards.
 *   <li>A subscription is first entered where publishes find their receivers, and {@link #retained} is asked afterwards.
 *       So the last change either finds the subscription and is published to it, or was made before the state was read.
 *   <li>If both happen, the published change is written last: the connection's own thread reads the state and hands it
 *       over in one go, while what is published comes to it from another thread, through its queue. What was published
 *       before stands in front of it, in order, because all changes are published by the one thread of the
 *       {@link Later}; published by the threads that make them, one could overtake another in that queue.
 * </ul>
 *
 * <p>The same state may reach a new subscriber twice. May be used by any thread.
 */
public final class PresenceRegistry implements BrokerEventListener, AutoCloseable {

    /** What clears a retained message [MQTT-3.3.1-10]. */
    private static final byte[] NOTHING = {};

    /** How long an account without a connection still counts as online. */
    static final Duration GRACE = Duration.ofSeconds(1);

    /** One account; its fields are guarded by the registry, but for the payload. */
    private static final class Account {
        private final ChatId id;
        private final String topic;
        private int connections;
        private boolean online;
        private Optional<Instant> since;
        /** When the last connection ended, while {@code connections} is 0 and it is still online. */
        private Instant left;
        /** Counts first connections, so that an end knows whether somebody came after it. */
        private long arrivals;

        /** Never changed, only replaced. */
        private volatile byte[] payload;

        Account(ChatId id, String topic, Optional<Instant> since) {
            this.id = id;
            this.topic = topic;
            set(false, since);
        }

        void set(boolean nowOnline, Optional<Instant> from) {
            online = nowOnline;
            since = from;
            payload = PresenceCodec.encode(new Presence(id, online, since));
        }
    }

    /** Never changed, only replaced. */
    private volatile Map<String, Account> accounts;

    private final ChatTopics topics;
    private final TopicFilter all;
    private final AccountStore store;
    private final OutboundPublisher publisher;
    private final Clock clock;
    private final Later later;
    private boolean closed;

    /**
     * Everybody is offline: who was online when the broker last ended, since it was last known to run. Reads from disk.
     *
     * @param later takes the publishes and the ends of graces; closed by {@link #close()}
     */
    PresenceRegistry(
            Collection<String> names,
            AccountStore store,
            ChatTopics topics,
            OutboundPublisher publisher,
            Clock clock,
            Later later) {
        this.store = store;
        this.topics = topics;
        this.publisher = publisher;
        this.clock = clock;
        this.later = later;
        this.all = new TopicFilter(topics.root() + "/+/" + Presence.LEVEL);
        this.accounts = Collections.unmodifiableMap(read(names, Map.of()));
    }

    /** @param known those that stay as they are */
    private Map<String, Account> read(Collection<String> names, Map<String, Account> known) {
        Map<ChatId, KeptAccount> kept = known.keySet().containsAll(names)
                ? Map.of()
                : store.accounts().stream().collect(Collectors.toMap(KeptAccount::id, Function.identity()));
        Optional<Instant> lastAlive = store.lastAlive();
        Map<String, Account> read = new LinkedHashMap<>();
        for (String name : names) {
            ChatId.parse(name).ifPresent(id -> {
                Account before = known.get(name);
                Optional<Instant> since = before != null
                        ? before.since
                        : Optional.ofNullable(kept.get(id)).flatMap(was -> lastSeen(was, lastAlive));
                read.put(name, before == null ? new Account(id, topics.topic(id, Presence.LEVEL), since) : before);
            });
        }
        return read;
    }

    /**
     * These are the accounts from now on: new ones are offline and shown, those that are gone are cleared. Reads from disk
     * if there are new ones.
     */
    public synchronized void replace(Collection<String> names) {
        if (closed) {
            return;
        }
        Map<String, Account> before = accounts;
        Map<String, Account> after = read(names, before);
        accounts = Collections.unmodifiableMap(after);
        before.forEach((name, account) -> {
            if (!after.containsKey(name)) {
                gone(account);
            }
        });
        after.forEach((name, account) -> {
            if (!before.containsKey(name)) {
                byte[] payload = account.payload;
                later.after(Duration.ZERO, () -> publisher.publish(account.topic, payload, 1));
            }
        });
    }

    private void gone(Account account) {
        if (account.online) {
            Instant time = account.left == null ? clock.instant() : account.left;
            store.presence(account.id, false, time);
        }
        // A grace that is still running must not bring it back.
        account.left = null;
        later.after(Duration.ZERO, () -> publisher.publish(account.topic, NOTHING, 1));
    }

    /**
     * The registry of a broker that is about to start, with a thread of its own.
     *
     * @param users the accounts, as they are now; see {@link #replace}
     */
    public static PresenceRegistry open(
            UserDirectory users, AccountStore store, ChatTopics topics, OutboundPublisher publisher, Clock clock) {
        return new PresenceRegistry(users.names(), store, topics, publisher, clock, Later.thread("labchat-presence"));
    }

    /** When an account was last online. Keeps it: after the next end of the broker it must not be that end. */
    private Optional<Instant> lastSeen(KeptAccount was, Optional<Instant> lastAlive) {
        if (!was.online()) {
            return was.since();
        }
        Optional<Instant> seen = lastAlive
                .filter(alive -> was.since().map(alive::isAfter).orElse(true))
                .or(was::since);
        seen.ifPresent(time -> store.presence(was.id(), false, time));
        return seen;
    }

    @Override
    public void onEvent(BrokerEvent event) {
        if (event instanceof BrokerEvent.ClientConnected connected) {
            accountOf(connected).ifPresent(account -> arrived(account, connected.time()));
        } else if (event instanceof BrokerEvent.ClientDisconnected disconnected) {
            accountOf(disconnected).ifPresent(account -> left(account, disconnected.time()));
        }
    }

    private Optional<Account> accountOf(BrokerEvent event) {
        return event.client().user().map(accounts::get);
    }

    private synchronized void arrived(Account account, Instant time) {
        if (closed) {
            return;
        }
        store.loggedIn(account.id, time);
        account.connections++;
        if (account.connections > 1) {
            return;
        }
        account.arrivals++;
        account.left = null;
        if (!account.online) {
            change(account, true, time);
        }
    }

    private synchronized void left(Account account, Instant time) {
        if (closed || account.connections == 0) {
            return;
        }
        account.connections--;
        if (account.connections > 0) {
            return;
        }
        account.left = time;
        long arrivals = account.arrivals;
        later.after(GRACE, () -> graceOver(account, arrivals));
    }

    private synchronized void graceOver(Account account, long arrivals) {
        if (!closed && account.left != null && account.arrivals == arrivals) {
            Instant time = account.left;
            account.left = null;
            change(account, false, time);
        }
    }

    /** The state first, then the publish; both in the order of the changes, because the caller holds the lock. */
    private void change(Account account, boolean online, Instant time) {
        account.set(online, Optional.of(time));
        store.presence(account.id, online, time);
        byte[] payload = account.payload;
        later.after(Duration.ZERO, () -> publisher.publish(account.topic, payload, 1));
    }

    /** Gives the topic and payload of each account's presence that the filter matches, in the accounts' order. */
    public void retained(TopicFilter filter, BiConsumer<String, byte[]> to) {
        if (!filter.overlaps(all)) {
            return;
        }
        for (Account account : accounts.values()) {
            if (filter.matches(account.topic)) {
                to.accept(account.topic, account.payload);
            }
        }
    }

    @Override
    public void onPacket(PacketTrace packet) {
        // Not wanted.
    }

    @Override
    public boolean wantsPackets() {
        return false;
    }

    /** The broker stops: whoever is online goes offline now, or when they left. Nobody is left to be told. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            Instant now = clock.instant();
            List<Account> online = new ArrayList<>(accounts.values());
            online.removeIf(account -> !account.online);
            for (Account account : online) {
                Instant time = account.left == null ? now : account.left;
                account.set(false, Optional.of(time));
                store.presence(account.id, false, time);
            }
        }
        later.close();
    }
}
