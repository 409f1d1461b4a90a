package labchat.broker.mqtt.guard;

import java.util.ArrayDeque;
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

    /** One part of the tree that is read again. */
    private static final class Part {
        private final ChatId receiver;
        private final Map<ChatKind, Inbox> inboxes = new HashMap<>();
        private final Map<ChatKind, Sequences> sent = new HashMap<>();
        private long start = Long.MAX_VALUE;
        private long cursor;
        private long barrier;

        Part(ChatId receiver) {
            this.receiver = receiver;
        }
    }

    private final Connection connection;
    private final Map<ChatId, Part> waiting = new LinkedHashMap<>();
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
                waiting.computeIfAbsent(inbox.receiver(), Part::new).inboxes.put(inbox.kind(), inbox);
            }
        }
        goOn();
    }

    /**
     * Whether a new publish has to wait, or was sent already; if so, the caller has nothing more to do.
     *
     * @param inbox the user's, for what is published on the topic
     */
    boolean takes(Delivery delivery, int qos, int[] subscriptionIds, Inbox inbox) {
        Long upTo = replayedUpTo.get(inbox);
        if (upTo != null && delivery.sequence() <= upTo) {
            return true;
        }
        if (!gated.contains(inbox)) {
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
        Set<Inbox> again = new HashSet<>();
        held.forEach(one -> again.add(one.inbox()));
        again.addAll(gated);
        held.clear();
        for (Inbox inbox : again) {
            if (current == null || current.inboxes.get(inbox.kind()) != inbox) {
                waiting.computeIfAbsent(inbox.receiver(), Part::new).inboxes.put(inbox.kind(), inbox);
            }
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
        if (waiting.isEmpty()) {
            if (!gated.isEmpty()) {
                openGate();
            }
            return false;
        }
        ChatId receiver = waiting.keySet().iterator().next();
        current = waiting.remove(receiver);
        current.inboxes.forEach((kind, inbox) -> {
            current.start = Math.min(current.start, Math.max(inbox.position(), upToOf(inbox)));
            current.sent.put(kind, new Sequences());
        });
        current.cursor = current.start;
        current.barrier = connection.services().store().messages().lastSequence();
        outstanding = connection.delivery().outstanding();
        batchIsLast = current.cursor >= current.barrier;
        return true;
    }

    private long upToOf(Inbox inbox) {
        return replayedUpTo.getOrDefault(inbox, 0L);
    }

    private void read() {
        reading = true;
        ReplayQuery query = new ReplayQuery(
                Set.of(current.receiver),
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
        if (inbox == null || sequence <= upToOf(inbox) || inbox.isHandedOver(sequence)) {
            return;
        }
        boolean own = kept.kind() == ChatKind.MESSAGE
                && !kept.receiver().equals(inbox.user())
                && kept.sender().equals(inbox.user());
        if (own || kept.receipted()) {
            inbox.handedOver(sequence);
            return;
        }
        if (outstanding.contains(sequence)) {
            current.sent.get(kept.kind()).add(sequence);
            return;
        }
        String topic = connection.services().chatTopics().topic(kept.receiver(), kept.kind());
        Optional<Receivers.Receiver> me = connection.guard().subscriptions().receivers(topic).all().stream()
                .filter(receiver -> receiver.connection() == connection)
                .findFirst();
        if (me.isEmpty()) {
            // Unsubscribed meanwhile, or no longer allowed to read it: it goes on waiting.
            current.inboxes.remove(kept.kind());
            gated.remove(inbox);
            held.removeIf(one -> one.inbox() == inbox);
            return;
        }
        current.sent.get(kept.kind()).add(sequence);
        inbox.sentAgain(sequence);
        connection
                .delivery()
                .send(
                        Delivery.kept(topic, kept, connection.now()),
                        Math.min(kept.qos(), me.get().qos()),
                        me.get().subscriptionIds(),
                        inbox);
    }

    private void finish() {
        for (Inbox inbox : current.inboxes.values()) {
            inbox.replayed(current.start, current.barrier, current.sent.get(inbox.kind()));
            replayedUpTo.merge(inbox, current.barrier, Math::max);
        }
        current = null;
        batchIsLast = false;
    }

    private void openGate() {
        gated.clear();
        for (Held next = held.poll(); next != null; next = held.poll()) {
            if (next.delivery().sequence() > upToOf(next.inbox())) {
                connection.delivery().send(next.delivery(), next.qos(), next.subscriptionIds(), next.inbox());
            }
        }
    }
}
