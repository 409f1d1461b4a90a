package labchat.broker.mqtt.guard;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.ReplayQuery;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopic;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one client what waited for it, from the store, behind a gate that keeps new publishes back until that is
 * through: so the order stays, and nothing comes twice. It reads no faster than the client takes.
 *
 * <p>Everything up to the barrier, the newest sequence number when the gate was shut, is read from the store; everything
 * after it was routed when the subscription was already in force, and so comes to the gate. Belongs to the connection's
 * event loop.
 */
final class Replay {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    private static final int BATCH = 200;

    /** So many new publishes wait at the gate; when there are more, they too are read from the store. */
    private static final int MOST_HELD = 1_000;

    private static final long RETRY_SECONDS = 1;

    private record Held(Delivery delivery, int qos, int[] subscriptionIds, Inbox inbox) {}

    /** Some parts of the tree that are read again together. */
    private static final class Part {
        /** Whose; empty for all. */
        private final Set<ChatId> receivers;

        private final Map<ChatKind, Inbox> inboxes = new HashMap<>();
        private final Map<ChatKind, Sequences> sent = new HashMap<>();
        private long start = Long.MAX_VALUE;
        private long cursor;
        private long barrier;

        /** Whether it is what the session missed in others' trees, not what waits in the user's inboxes. */
        private final boolean isOthers;

        Part(Set<ChatId> receivers, boolean isOthers) {
            this.receivers = receivers;
            this.isOthers = isOthers;
        }
    }

    private final Connection connection;
    private final Map<ChatId, Part> waiting = new LinkedHashMap<>();

    /** What the session missed in others' trees; null if there is nothing. */
    private Part others;

    private Part othersAgain;

    private long othersUpTo;
    private boolean othersGated;

    /** Where the session left off; the client gets all behind it, whoever else has had it. */
    private long sessionFrom = Long.MAX_VALUE;

    private final Map<Inbox, Long> replayedUpTo = new HashMap<>();
    private final Set<Inbox> gated = new HashSet<>();
    private final Queue<Held> held = new ArrayDeque<>();
    private final Queue<KeptPublish> batch = new ArrayDeque<>();
    private Set<Long> outstanding = Set.of();
    private Part current;
    private boolean reading;
    private boolean batchIsLast;

    Replay(Connection connection) {
        this.connection = connection;
    }

    /** The connection subscribes to these topics from now on; the subscription is in force. */
    void start(Collection<Inbox> inboxes) {
        for (Inbox inbox : inboxes) {
            if (inbox.hasWaiting() && gated.add(inbox)) {
                add(inbox);
            }
        }
        goOn();
    }

    private void add(Inbox inbox) {
        waiting.computeIfAbsent(inbox.receiver(), receiver -> new Part(Set.of(receiver), false))
                .inboxes
                .put(inbox.kind(), inbox);
    }

    /**
     * The client has taken its session up again: it gets what its subscriptions cover and was published behind the
     * session's position.
     *
     * @param inboxes those that the subscriptions cover
     * @param filters the subscriptions
     */
    void resume(Collection<Inbox> inboxes, Collection<String> filters, long position) {
        boolean missedSome = position < connection.services().store().messages().lastSequence();
        sessionFrom = position;
        for (Inbox inbox : inboxes) {
            if ((missedSome || inbox.hasWaiting()) && gated.add(inbox)) {
                add(inbox);
            }
        }
        if (missedSome) {
            others = others(filters);
            othersGated = others != null;
        }
        goOn();
    }

    private Part others(Collection<String> filters) {
        ChatTopics topics = connection.services().chatTopics();
        Optional<String> me = connection.subject().user();
        Set<ChatId> receivers = new HashSet<>();
        for (String filter : filters) {
            if (!canBringChat(filter, topics)) {
                continue;
            }
            String[] levels = topics.contains(filter)
                    ? filter.substring(topics.root().length() + 1).split("/", 2)
                    : new String[] {"+"};
            Optional<ChatId> receiver = ChatId.parse(levels[0]);
            if (receiver.isEmpty()) {
                return new Part(Set.of(), true);
            }
            if (!receiver.get().value().equals(me.orElse(""))) {
                receivers.add(receiver.get());
            }
        }
        return receivers.isEmpty() ? null : new Part(receivers, true);
    }

    private static boolean canBringChat(String filter, ChatTopics topics) {
        TopicFilter parsed = new TopicFilter(filter);
        return Arrays.stream(ChatKind.values())
                .map(kind -> new TopicFilter(topics.root() + "/+/" + kind.level()))
                .anyMatch(parsed::overlaps);
    }

    /** Whether something may still come from the store or the gate. */
    boolean isUnderWay() {
        return current != null || !waiting.isEmpty() || others != null || !held.isEmpty();
    }

    /** The lowest number that may still come from the store or the gate; Long.MAX_VALUE if there is none. */
    long lowestUnsent() {
        long lowest = Long.MAX_VALUE;
        if (current != null) {
            lowest = batch.isEmpty() ? current.cursor + 1 : batch.peek().sequence();
        }
        if (!waiting.isEmpty() || others != null) {
            lowest = Math.min(lowest, sessionFrom == Long.MAX_VALUE ? lowest : sessionFrom + 1);
        }
        for (Held one : held) {
            lowest = Math.min(lowest, one.delivery().sequence());
        }
        return lowest;
    }

    /**
     * Whether a new publish has to wait, or was sent already; if so, the caller has nothing more to do.
     *
     * @param inbox the user's, for what is published on the topic; null if it is nobody's or another's
     */
    boolean takes(Delivery delivery, int qos, int[] subscriptionIds, Inbox inbox) {
        if (delivery.sequence() <= upToOf(inbox)) {
            return true;
        }
        if (inbox == null ? !othersGated : !gated.contains(inbox)) {
            return false;
        }
        if (held.size() < MOST_HELD) {
            held.add(new Held(delivery, qos, subscriptionIds, inbox));
        } else {
            readHeldFromStore();
        }
        return true;
    }

    /** There are too many at the gate: they are in the store as well. */
    private void readHeldFromStore() {
        held.clear();
        for (Inbox inbox : gated) {
            if (current == null || current.inboxes.get(inbox.kind()) != inbox) {
                add(inbox);
            }
        }
        if (othersGated && (current == null || !current.isOthers) && others == null) {
            others = othersAgain;
        }
        if (current != null) {
            current.barrier = connection.services().store().messages().lastSequence();
            batchIsLast = false;
        }
    }

    /** Sends on, if there is something and the client has room for it. */
    void goOn() {
        while (connection.state() == Connection.State.OPEN && !reading) {
            if (current == null && !next()) {
                return;
            }
            while (!batch.isEmpty()) {
                if (!connection.delivery().hasRoom()) {
                    return;
                }
                send(batch.remove());
            }
            if (batchIsLast) {
                finish();
            } else {
                read();
            }
        }
    }

    /** Takes up the next part; opens the gate if there is none. */
    private boolean next() {
        if (waiting.isEmpty() && others == null) {
            if (!gated.isEmpty() || othersGated) {
                openGate();
            }
            return false;
        }
        if (waiting.isEmpty()) {
            current = others;
            others = null;
            othersAgain = new Part(current.receivers, true);
            current.start = Math.max(sessionFrom, othersUpTo);
        } else {
            current = waiting.remove(waiting.keySet().iterator().next());
            current.inboxes.forEach((kind, inbox) -> {
                long from = Math.max(Math.min(inbox.position(), sessionFrom), upToOf(inbox));
                current.start = Math.min(current.start, from);
                current.sent.put(kind, new Sequences());
            });
        }
        current.cursor = current.start;
        current.barrier = connection.services().store().messages().lastSequence();
        outstanding = connection.delivery().outstanding();
        batchIsLast = current.cursor >= current.barrier;
        return true;
    }

    private long upToOf(Inbox inbox) {
        return inbox == null ? othersUpTo : replayedUpTo.getOrDefault(inbox, 0L);
    }

    private void read() {
        reading = true;
        ReplayQuery query = new ReplayQuery(
                current.receivers,
                current.cursor,
                current.barrier,
                BATCH,
                connection.subject().user().flatMap(ChatId::parse));
        connection
                .services()
                .store()
                .messages()
                .read(query)
                .whenComplete((publishes, problem) -> connection.loop().execute(() -> {
                    if (problem == null) {
                        arrived(publishes);
                    } else {
                        LOG.warn(
                                "what waits for {} cannot be read at the moment: {}", connection, problem.getMessage());
                        connection.loop().schedule(this::retry, RETRY_SECONDS, TimeUnit.SECONDS);
                    }
                }));
    }

    private void arrived(List<KeptPublish> publishes) {
        reading = false;
        batch.addAll(publishes);
        batchIsLast = publishes.size() < BATCH;
        if (!publishes.isEmpty()) {
            current.cursor = publishes.get(publishes.size() - 1).sequence();
        }
        goOn();
    }

    private void retry() {
        reading = false;
        goOn();
    }

    private void send(KeptPublish kept) {
        Inbox inbox = current.inboxes.get(kept.kind());
        long sequence = kept.sequence();
        if (current.isOthers) {
            if (!outstanding.contains(sequence) && !isMine(kept)) {
                sendTo(kept, null);
            }
            return;
        }
        if (inbox == null || sequence <= upToOf(inbox) || isDoneWith(kept, inbox)) {
            return;
        }
        if (outstanding.contains(sequence)) {
            current.sent.get(kept.kind()).add(sequence);
        } else if (sendTo(kept, inbox)) {
            current.sent.get(kept.kind()).add(sequence);
        } else {
            // Unsubscribed meanwhile, or no longer allowed to read it: it goes on waiting.
            current.inboxes.remove(kept.kind());
            gated.remove(inbox);
            held.removeIf(one -> one.inbox() == inbox);
        }
    }

    /** Whether one of the inboxes brings it. */
    private boolean isMine(KeptPublish kept) {
        ChatTopic topic = new ChatTopic(kept.receiver(), kept.kind());
        return connection
                .guard()
                .inboxes()
                .owners(topicOf(kept), topic)
                .containsKey(connection.subject().user().orElse(""));
    }

    /** Whether the user has it, and the session need not have it for itself. */
    private boolean isDoneWith(KeptPublish kept, Inbox inbox) {
        if (kept.sequence() > sessionFrom) {
            return false;
        }
        if (inbox.isHandedOver(kept.sequence())) {
            return true;
        }
        boolean own = kept.kind() == ChatKind.MESSAGE
                && !kept.receiver().equals(inbox.user())
                && kept.sender().equals(inbox.user());
        if (own || kept.receipted()) {
            inbox.handedOver(kept.sequence());
        }
        return own || kept.receipted();
    }

    private String topicOf(KeptPublish kept) {
        return connection.services().chatTopics().topic(kept.receiver(), kept.kind());
    }

    /** Gives false if the client has no subscription for it, or may not read it. */
    private boolean sendTo(KeptPublish kept, Inbox inbox) {
        String topic = topicOf(kept);
        Optional<Receivers.Receiver> me = connection.guard().subscriptions().receivers(topic).all().stream()
                .filter(receiver -> receiver.connection() == connection)
                .findFirst();
        if (me.isEmpty()) {
            return false;
        }
        if (inbox != null) {
            inbox.sentAgain(kept.sequence());
        }
        connection
                .delivery()
                .send(
                        Delivery.kept(topic, kept, connection.now()),
                        Math.min(kept.qos(), me.get().qos()),
                        me.get().subscriptionIds(),
                        inbox);
        return true;
    }

    private void finish() {
        for (Inbox inbox : current.inboxes.values()) {
            inbox.replayed(current.start, current.barrier, current.sent.get(inbox.kind()));
            replayedUpTo.merge(inbox, current.barrier, Math::max);
        }
        if (current.isOthers) {
            othersUpTo = current.barrier;
        }
        current = null;
        batchIsLast = false;
    }

    private void openGate() {
        gated.clear();
        othersGated = false;
        for (Held next = held.poll(); next != null; next = held.poll()) {
            if (next.delivery().sequence() > upToOf(next.inbox())) {
                connection.delivery().send(next.delivery(), next.qos(), next.subscriptionIds(), next.inbox());
            }
        }
    }
}
