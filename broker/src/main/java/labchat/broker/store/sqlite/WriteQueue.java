package labchat.broker.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.MessageStore;
import labchat.broker.store.MessageStore.Outcome;
import labchat.broker.store.StoreException;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.MessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be written and who waits for it, which messages are on their way to the tables, and whether anything can be
 * written at all. Any thread; only {@link StoreWriter} takes from it, and only {@link TableWriter} finds places.
 */
final class WriteQueue implements Readers.Commits {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /** So many receipts are not kept waiting for more. */
    private static final int MANY = 64;

    /** What a waiting publish takes beside its payload, about. */
    private static final long PENDING_BYTES = 256;

    /** A message or receipt from {@code append} until it is in the journal. */
    static final class Pending {
        /** Null for receipts. */
        private final MessageId id;

        private final long hash;
        private final long bytes;
        private long sequence;
        private final AcceptedPublish publish;
        private final Outcome outcome;

        /** It is on disk, and not in the journal yet. */
        private boolean isDurable;

        /** Of those who published the same message meanwhile. */
        private List<Outcome> joined = List.of();

        /** What was found on disk was true when so many rounds had moved something from the journal into the tables. */
        private long askedRounds = -1;

        /** Which publish of the journal was looked at. */
        private long askedSequence;

        private Pending(AcceptedPublish publish, Outcome outcome) {
            this.id = publish.event() instanceof ChatMessage message ? message.id() : null;
            this.hash = id == null ? 0 : BloomFilter.hash(id);
            this.publish = publish;
            this.outcome = outcome;
            this.bytes = PENDING_BYTES + publish.payload().length + publish.properties().length;
        }

        private void join(Outcome other) {
            if (joined.isEmpty()) {
                joined = new ArrayList<>(1);
            }
            joined.add(other);
        }

        AcceptedPublish publish() {
            return publish;
        }

        long sequence() {
            return sequence;
        }

        String uuid() {
            return publish.event() instanceof Receipt receipt
                    ? receipt.uuid().value()
                    : id.uuid().value();
        }
    }

    /** What has become of a publish that was offered. */
    private enum Offer {
        TAKEN,
        /** Nothing can be taken at the moment. */
        REFUSED,
        /** The same message is on its way to the disk. */
        JOINED,
        /** The same message is on disk already. */
        KEPT,
        /** The file has to be asked. */
        UNSURE
    }

    /** Tells the writers that there is something to be written. Called on any thread. */
    interface Wake {
        /** @param isUrgent whether somebody waits for it; nobody waits for a receipt's acknowledgement */
        void wake(boolean isUrgent);

        /** What is on disk already is to be placed now. */
        void place();
    }

    /** A change of other tables. */
    record Change(SqlFunction<Connection, Void> sql, CompletableFuture<Void> done) {}

    /**
     * What the writer takes at once.
     *
     * @param upTo every publish with this sequence number or a lower one is among them, or done with
     * @param notesWanted whether somebody waits for the notes
     */
    record Batch(List<Pending> publishes, List<Change> changes, long upTo, boolean notesWanted) {
        boolean isEmpty() {
            return publishes.isEmpty() && changes.isEmpty();
        }
    }

    /** Somebody waits until what was appended up to a sequence number is on disk. */
    private record CommitWaiter(long upTo, CompletableFuture<Void> done) {}

    private final Path file;
    private final SqliteSettings settings;
    private final KnownMessages known;
    private final Wake wake;

    private final Object gate = new Object();

    // Guarded by the gate.
    private List<Pending> queue = new ArrayList<>();
    private List<Change> changes = new ArrayList<>();
    private final Map<MessageId, Pending> pending = new HashMap<>();

    /** The messages that are in the journal only. */
    private final HashIndex inJournal = new HashIndex();

    /** What was taken and is neither on disk nor refused; null for nothing. */
    private Batch taken;

    /** What is on disk and not in the journal yet, in its order. */
    private List<Pending> unplaced = new ArrayList<>();

    /** When the first of the unplaced came, as {@link System#nanoTime}. */
    private volatile long unplacedSince = System.nanoTime();

    /** Every publish with this number or a lower one is among the unplaced, or done with. */
    private long unplacedUpTo;

    private List<CommitWaiter> waiters = new ArrayList<>();
    private List<Runnable> resumes = new ArrayList<>();
    private long unfilledBytes;
    private long queuedBytes;
    private long settledUpTo;
    private boolean isUrgent;
    private boolean notesWanted;
    private boolean closing;
    private long refused;

    // Written under the gate.
    private volatile int unfilled;
    private volatile long lastSequence;
    private volatile long filledRounds;
    private volatile boolean behind;
    private volatile String problem;

    WriteQueue(Path file, SqliteSettings settings, KnownMessages known, long lastSequence, Wake wake) {
        this.file = file;
        this.settings = settings;
        this.known = known;
        this.lastSequence = lastSequence;
        this.settledUpTo = lastSequence;
        this.wake = wake;
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    boolean isBehind() {
        return behind;
    }

    @Override
    public long lastSequence() {
        return lastSequence;
    }

    /** How many publishes are in the journal only. */
    int unfilled() {
        return unfilled;
    }

    /** See {@link MessageStore#whenCaughtUp}. */
    void whenCaughtUp(Runnable resume) {
        synchronized (gate) {
            if (behind) {
                resumes.add(resume);
                return;
            }
        }
        resume.run();
    }

    /** See {@link MessageStore#append}. */
    long append(AcceptedPublish publish, Outcome outcome) {
        Pending offered = new Pending(publish, outcome);
        while (true) {
            switch (offer(offered)) {
                case TAKEN -> {
                    wake.wake(offered.id != null);
                    return offered.sequence;
                }
                case REFUSED -> {
                    outcome.failed();
                    return offered.sequence;
                }
                case JOINED -> {
                    return MessageStore.REPEATED;
                }
                case KEPT -> {
                    outcome.durable();
                    return MessageStore.REPEATED;
                }
                case UNSURE -> {
                    try {
                        if (known.isKept(offered.id, offered.askedSequence)) {
                            outcome.durable();
                            return MessageStore.REPEATED;
                        }
                    } catch (SQLException | StoreException e) {
                        LOG.debug("a message cannot be looked up", e);
                        synchronized (gate) {
                            offered.sequence = nextSequence();
                        }
                        outcome.failed();
                        return offered.sequence;
                    }
                }
            }
        }
    }

    /** Puts a publish into the queue if it may be there. */
    private Offer offer(Pending offered) {
        synchronized (gate) {
            if (offered.id != null) {
                Pending first = pending.get(offered.id);
                if (first != null && first.isDurable) {
                    return Offer.KEPT;
                }
                if (first != null) {
                    first.join(offered.outcome);
                    return Offer.JOINED;
                }
                long perhaps = inJournal.any(offered.hash);
                boolean isNew = offered.askedRounds == filledRounds && offered.askedSequence == perhaps;
                if (!isNew && (perhaps != 0 || !known.isCertainlyNew(offered.hash))) {
                    offered.askedRounds = filledRounds;
                    offered.askedSequence = perhaps;
                    return Offer.UNSURE;
                }
            }
            offered.sequence = nextSequence();
            if (problem != null || closing) {
                refused++;
                return Offer.REFUSED;
            }
            if (offered.id != null) {
                pending.put(offered.id, offered);
                known.add(offered.hash);
            }
            queue.add(offered);
            isUrgent |= offered.id != null || queue.size() >= MANY;
            queuedBytes += offered.bytes;
            if (queuedBytes > settings.maxQueuedBytes()) {
                behind = true;
            }
            return Offer.TAKEN;
        }
    }

    private long nextSequence() {
        long next = lastSequence + 1;
        lastSequence = next;
        return next;
    }

    /** See {@link MessageStore#knows}; false if that cannot be read. */
    boolean knows(MessageId id) {
        long hash = BloomFilter.hash(id);
        long perhaps;
        synchronized (gate) {
            if (pending.containsKey(id)) {
                return true;
            }
            perhaps = inJournal.any(hash);
        }
        if (perhaps == 0 && known.isCertainlyNew(hash)) {
            return false;
        }
        try {
            return known.isKept(id, perhaps);
        } catch (SQLException | StoreException e) {
            LOG.debug("a message cannot be looked up", e);
            return false;
        }
    }

    /** Begins a larger filter, with what is on its way to the tables in it; {@link KnownMessages#fill} does the rest. */
    void beginFilter(long messages) {
        synchronized (gate) {
            known.beginFilter(messages);
            pending.values().forEach(publish -> known.add(publish.hash));
            inJournal.eachHash(known::add);
        }
    }

    /** Changes other tables in the next round's transaction; completes when that is on disk, on {@link TableWriter}'s thread. */
    CompletionStage<Void> change(SqlFunction<Connection, Void> sql) {
        return change(sql, false);
    }

    /** Writes what was noted so far; completes when that is on disk. */
    CompletionStage<Void> writeNotes() {
        return change(any -> null, true);
    }

    private CompletionStage<Void> change(SqlFunction<Connection, Void> sql, boolean withNotes) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        String reason;
        synchronized (gate) {
            reason = closing ? "it is closed" : problem;
            if (reason == null) {
                changes.add(new Change(sql, done));
                isUrgent = true;
                notesWanted |= withNotes;
            }
        }
        if (reason == null) {
            wake.wake(true);
        } else {
            done.completeExceptionally(unusable(reason));
        }
        return done;
    }

    StoreException unusable(String reason) {
        return new StoreException("%s cannot be written: %s".formatted(file, reason));
    }

    @Override
    public CompletionStage<Void> committed(long upTo) {
        CompletionStage<Void> waiter = null;
        boolean isToBePlaced;
        synchronized (gate) {
            isToBePlaced = !unplaced.isEmpty();
            if (queue.isEmpty() && taken == null && unplaced.isEmpty()) {
                settledUpTo = lastSequence;
            }
            // Who reads after an acknowledgement finds what was acknowledged, also a later receipt of what is read.
            long wanted = unplaced.isEmpty() ? upTo : Math.max(upTo, unplacedUpTo);
            if (wanted > settledUpTo) {
                CompletableFuture<Void> done = new CompletableFuture<>();
                waiters.add(new CommitWaiter(wanted, done));
                isUrgent = true;
                waiter = done;
            }
        }
        if (waiter == null) {
            return CompletableFuture.completedStage(null);
        }
        wake.wake(true);
        if (isToBePlaced) {
            wake.place();
        }
        return waiter;
    }

    /** Under the gate; returns who has waited for it. */
    private List<CompletableFuture<Void>> settle(long upTo) {
        boolean isAll = queue.isEmpty() && taken == null && unplaced.isEmpty();
        settledUpTo = Math.max(settledUpTo, isAll ? lastSequence : upTo);
        if (waiters.isEmpty()) {
            return List.of();
        }
        List<CompletableFuture<Void>> done = new ArrayList<>();
        List<CommitWaiter> left = new ArrayList<>();
        for (CommitWaiter waiter : waiters) {
            if (waiter.upTo() <= settledUpTo) {
                done.add(waiter.done());
            } else {
                left.add(waiter);
            }
        }
        waiters = left;
        return done;
    }

    /** Everything that has gathered; {@link #acknowledge} and {@link #placed}, or {@link #fail} follow before the next. */
    Batch take() {
        synchronized (gate) {
            Batch batch = new Batch(queue, changes, lastSequence, notesWanted);
            queue = new ArrayList<>();
            changes = new ArrayList<>();
            notesWanted = false;
            isUrgent = false;
            taken = batch.publishes().isEmpty() ? null : batch;
            return batch;
        }
    }

    boolean isEmpty() {
        synchronized (gate) {
            return queue.isEmpty() && changes.isEmpty();
        }
    }

    /** Whether there is something to be written that somebody waits for, or so much that it had better be written. */
    boolean isUrgent() {
        synchronized (gate) {
            return isUrgent;
        }
    }

    /** Takes nothing more. */
    void close() {
        synchronized (gate) {
            closing = true;
        }
    }

    boolean isClosing() {
        synchronized (gate) {
            return closing;
        }
    }

    /** The publishes of a batch are on disk: tells everybody who waits for that. */
    void acknowledge(Batch batch) {
        durable(batch);
        tell(batch);
    }

    /** The publishes of a batch are on disk; {@link #tell} follows. Returns whether they are the only ones without a place. */
    boolean durable(Batch batch) {
        synchronized (gate) {
            if (batch.publishes().isEmpty()) {
                return false;
            }
            taken = null;
            boolean areFirst = unplaced.isEmpty();
            if (areFirst) {
                unplacedSince = System.nanoTime();
            }
            for (Pending publish : batch.publishes()) {
                publish.isDurable = true;
            }
            unplaced.addAll(batch.publishes());
            unplacedUpTo = batch.upTo();
            return areFirst;
        }
    }

    /** Tells everybody who waits for the publishes of a batch to be on disk, which they are. */
    void tell(Batch batch) {
        for (Pending publish : batch.publishes()) {
            // Nobody joins what is durable.
            runSafely(publish.outcome::durable);
            publish.joined.forEach(outcome -> runSafely(outcome::durable));
        }
    }

    /** What is on disk and has to be put into the journal still, so far; {@link #placed} follows. */
    List<Pending> unplaced() {
        synchronized (gate) {
            return List.copyOf(unplaced);
        }
    }

    boolean hasUnplaced() {
        synchronized (gate) {
            return !unplaced.isEmpty();
        }
    }

    /** Since when the oldest of the unplaced has no place, if there are any, as {@link System#nanoTime}. */
    long unplacedSince() {
        return unplacedSince;
    }

    /** Whether somebody waits for publishes to be in the journal. */
    boolean isPlacingAwaited() {
        synchronized (gate) {
            return !waiters.isEmpty();
        }
    }

    /** The first of the unplaced are in the journal, so many bytes: tells everybody who waits for that. */
    void placed(int count, long bytes) {
        List<CompletableFuture<Void>> settled;
        List<Runnable> resumed;
        synchronized (gate) {
            unfilled += count;
            unfilledBytes += bytes;
            for (Pending publish : unplaced.subList(0, count)) {
                queuedBytes -= publish.bytes;
                if (publish.id != null) {
                    pending.remove(publish.id);
                    inJournal.add(publish.hash, publish.sequence);
                }
            }
            unplaced = new ArrayList<>(unplaced.subList(count, unplaced.size()));
            unplacedSince = System.nanoTime();
            settled = settle(placedUpTo());
            resumed = updateBehind();
        }
        settled.forEach(done -> done.complete(null));
        resumed.forEach(WriteQueue::runSafely);
    }

    /** Under the gate: what has this number or a lower one, and was on disk, has its place. */
    private long placedUpTo() {
        return unplaced.isEmpty() ? unplacedUpTo : unplaced.get(0).sequence - 1;
    }

    /** After an error it is found that what has this sequence number or a lower one is in the journal or the tables. */
    void foundPlaced(long upTo) {
        List<CompletableFuture<Void>> settled = List.of();
        synchronized (gate) {
            List<Pending> left = new ArrayList<>();
            for (Pending publish : unplaced) {
                if (publish.sequence > upTo) {
                    left.add(publish);
                    continue;
                }
                queuedBytes -= publish.bytes;
                if (publish.id != null) {
                    pending.remove(publish.id);
                }
            }
            unplaced = left;
            settled = settle(placedUpTo());
        }
        settled.forEach(done -> done.complete(null));
    }

    /** The journal is found to have these publishes: at the start, or after it could not be written. */
    void found(Journal.Contents contents) {
        synchronized (gate) {
            inJournal.clear();
            long[] messages = contents.messages();
            for (int i = 0; i < messages.length; i += 2) {
                inJournal.add(messages[i], messages[i + 1]);
                known.add(messages[i]);
            }
            unfilled = contents.publishes();
            unfilledBytes = contents.bytes();
            filledRounds++;
        }
    }

    /** Publishes have moved from the journal into the tables. */
    void filled(EventWriter.Moved moved) {
        List<Runnable> resumed;
        synchronized (gate) {
            filledRounds++;
            unfilled -= moved.publishes();
            unfilledBytes -= moved.bytes();
            long[] messages = moved.messages();
            for (int i = 0; i < messages.length; i += 2) {
                inJournal.remove(messages[i], messages[i + 1]);
            }
            resumed = updateBehind();
        }
        resumed.forEach(WriteQueue::runSafely);
    }

    /** Under the gate; returns whom to tell that it is over. */
    private List<Runnable> updateBehind() {
        boolean isTooMuch = isOver(1, 1);
        if (problem == null && isTooMuch) {
            behind = true;
        } else if (problem != null || !isOver(15, 16)) {
            behind = false;
        }
        if (behind || resumes.isEmpty()) {
            return List.of();
        }
        List<Runnable> resumed = resumes;
        resumes = new ArrayList<>();
        return resumed;
    }

    /** Whether more waits than a part of what may wait. */
    private boolean isOver(int part, int of) {
        return unfilled > (long) settings.maxUnfilled() * part / of
                || unfilledBytes > settings.maxUnfilledBytes() * part / of
                || queuedBytes > settings.maxQueuedBytes() * part / of;
    }

    /** How much of what may be in the journal only is in it: 0 for nothing, 1 for all. */
    double fullness() {
        synchronized (gate) {
            return Math.max(
                    (double) unfilled / settings.maxUnfilled(), (double) unfilledBytes / settings.maxUnfilledBytes());
        }
    }

    /**
     * Refuses everything that waits, and whatever comes until {@link #recovered}.
     *
     * @param batch what was taken and not acknowledged; the changes that are done with are out of it
     * @return how many publishes have been refused so far for this reason or one before it
     */
    long fail(String reason, Batch batch) {
        List<Pending> lost = new ArrayList<>(batch.publishes());
        List<Change> undone = new ArrayList<>(batch.changes());
        List<Outcome> outcomes = new ArrayList<>();
        List<CompletableFuture<Void>> settled;
        List<Runnable> resumed;
        long count;
        synchronized (gate) {
            refused = problem == null ? 0 : refused;
            problem = reason;
            lost.addAll(queue);
            undone.addAll(changes);
            queue = new ArrayList<>();
            changes = new ArrayList<>();
            if (!batch.publishes().isEmpty()) {
                taken = null;
            }
            queuedBytes = unplaced.stream().mapToLong(publish -> publish.bytes).sum();
            if (taken != null) {
                queuedBytes += taken.publishes().stream()
                        .mapToLong(publish -> publish.bytes)
                        .sum();
            }
            for (Pending publish : lost) {
                if (publish.id != null) {
                    // Published again it is new.
                    pending.remove(publish.id, publish);
                }
                outcomes.add(publish.outcome);
                outcomes.addAll(publish.joined);
            }
            refused += outcomes.size();
            count = refused;
            // What is on disk and cannot be read yet is waited for, or it would be passed over.
            settled = settle(
                    !unplaced.isEmpty()
                            ? unplaced.get(0).sequence - 1
                            : taken != null ? taken.publishes().get(0).sequence - 1 : lastSequence);
            resumed = updateBehind();
        }
        outcomes.forEach(outcome -> runSafely(outcome::failed));
        undone.forEach(change -> change.done().completeExceptionally(unusable(reason)));
        settled.forEach(done -> done.complete(null));
        resumed.forEach(WriteQueue::runSafely);
        return count;
    }

    /** What stands in the way now. */
    void problem(String reason) {
        synchronized (gate) {
            problem = reason;
        }
    }

    /** Publishes are taken again; returns how many were refused. */
    long recovered() {
        synchronized (gate) {
            problem = null;
            long count = refused;
            refused = 0;
            return count;
        }
    }

    static void runSafely(Runnable told) {
        try {
            told.run();
        } catch (RuntimeException | Error e) {
            // The others are to be told all the same.
            LOG.error("who waited for the store failed ({}); please report it", String.valueOf(e));
            LOG.debug("how it failed", e);
        }
    }
}
