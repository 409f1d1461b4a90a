package labchat.broker.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
 * The one thread that writes, {@code labchat-store}, and what waits for it.
 *
 * <p>A round takes everything that has gathered, puts the publishes into the journal and the other changes into their
 * tables, in one transaction, and tells those who wait. When nothing new waits, or too much is in the journal only, it
 * moves publishes from the journal into the tables that are read, a few hundred at a time, writes the {@link Notes}, and
 * deletes what is too old. After an error nothing is taken until a test write succeeds, which is tried every second.
 */
final class StoreWriter implements Readers.Filling, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("labchat");

    /** What a journal row holds at most, so that to move one takes no longer than a millisecond or two. */
    private static final int ROW_PUBLISHES = 64;

    private static final int ROW_BYTES = 1 << 18;

    /** Moved in one transaction at the most. */
    private static final int STEP_PUBLISHES = 8_192;

    /**
     * How long others may have to wait for a step: the more is in the journal only, the longer, because a large step
     * costs half as much for each publish as a small one.
     */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long LONG_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(8);
    private static final long LONGEST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** What is many, and what is very many publishes in the journal only. */
    private static final int MANY_UNFILLED = 5_000;

    private static final int VERY_MANY_UNFILLED = 25_000;

    /** So long publishes may gather in the journal as long as nobody wants to read them. */
    private static final long LAZY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How often the writer looks at the file and the notes at the least. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long NOTES_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The broker has to be gone soon; what is in the journal by then is moved at the next start. */
    private static final long CLOSE_FILL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long CLOSE_MILLIS = 10_000;

    /** What a waiting publish takes beside its payload, about. */
    private static final long PENDING_BYTES = 256;

    /** How much must fit on the disk before publishes are taken again. */
    private static final int TEST_BYTES = 1 << 18;

    /** A message or receipt from {@code append} until it is in the tables. */
    private static final class Pending {
        /** Null for receipts. */
        final MessageId id;

        final long bytes;
        long sequence;
        AcceptedPublish publish;
        Outcome outcome;

        /** Of those who published the same message meanwhile. */
        List<Outcome> joined = List.of();

        boolean durable;

        Pending(MessageId id, AcceptedPublish publish, Outcome outcome) {
            this.id = id;
            this.publish = publish;
            this.outcome = outcome;
            this.bytes = PENDING_BYTES + publish.payload().length + publish.properties().length;
        }

        void join(Outcome other) {
            if (joined.isEmpty()) {
                joined = new ArrayList<>(1);
            }
            joined.add(other);
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
        /** The same message is on disk. */
        DURABLE,
        /** The tables have to be asked. */
        UNSURE
    }

    /** A change of other tables. */
    private record Change(SqlFunction<Connection, Void> sql, CompletableFuture<Void> done) {}

    /** Somebody waits until what is kept up to a sequence number is in the tables. */
    private record FillWaiter(long upTo, CompletableFuture<Void> done) {}

    /** What one round takes; what is done with is taken out, the rest fails if the round does. */
    private static final class Work {
        List<Pending> publishes;
        List<Change> changes;

        /** Null if it is not their turn. */
        Notes notes;

        /** Every publish with this sequence number or a lower one is in this round, or done with. */
        final long upTo;

        Work(List<Pending> publishes, List<Change> changes, Notes notes, long upTo) {
            this.publishes = publishes;
            this.changes = changes;
            this.notes = notes;
            this.upTo = upTo;
        }
    }

    private final StoreFile file;
    private final SqliteSettings settings;
    private final Faults faults;
    private final KnownMessages known;
    private final Notes notes;
    private final Retention retention;
    private final Clock clock;
    private final Runnable filterFull;
    private final JournalCodec codec = new JournalCodec();
    private final Thread thread = new Thread(this::run, "labchat-store");

    private final Object gate = new Object();

    // Guarded by the gate.
    private List<Pending> queue = new ArrayList<>();
    private List<Change> changes = new ArrayList<>();
    private final Map<MessageId, Pending> pending = new HashMap<>();
    private final Deque<Pending> unfilled = new ArrayDeque<>();
    private List<FillWaiter> waiters = new ArrayList<>();
    private List<Runnable> resumes = new ArrayList<>();
    private long queuedBytes;
    private boolean notesWanted;
    private boolean closing;

    // Written under the gate.
    private volatile long lastSequence;
    private volatile long filledUpTo;
    private volatile long filledRounds;
    private volatile boolean behind;
    private volatile String problem;

    private volatile boolean parked;

    // The writer's own.
    private WriteConnection connection;
    private boolean journalMayHaveMore;
    private long committedUpTo;
    private long unfilledSince;
    private long looked = System.nanoTime();
    private long tried;
    private long notesWritten = System.nanoTime();
    private long aliveWritten = System.nanoTime() - ALIVE_NANOS;
    private long problemSince;
    private long refused;

    /**
     * @param connection to a file whose journal is empty; closed at the end
     * @param filterFull called on the writer's thread when {@link KnownMessages} wants a larger filter
     */
    StoreWriter(
            StoreFile file,
            SqliteSettings settings,
            Faults faults,
            KnownMessages known,
            Notes notes,
            Clock clock,
            WriteConnection connection,
            long lastSequence,
            Runnable filterFull) {
        this.file = file;
        this.settings = settings;
        this.faults = faults;
        this.known = known;
        this.notes = notes;
        this.clock = clock;
        this.retention = new Retention(settings, clock);
        this.connection = connection;
        this.lastSequence = lastSequence;
        this.committedUpTo = lastSequence;
        this.filledUpTo = lastSequence;
        this.filterFull = filterFull;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
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
        MessageId id = publish.event() instanceof ChatMessage message ? message.id() : null;
        Pending offered = new Pending(id, publish, outcome);
        long hash = id == null ? 0 : BloomFilter.hash(id);
        long newAsOf = -1;
        while (true) {
            switch (offer(offered, hash, newAsOf)) {
                case TAKEN -> {
                    wake();
                    return offered.sequence;
                }
                case REFUSED -> {
                    outcome.failed();
                    return offered.sequence;
                }
                case JOINED -> {
                    return MessageStore.REPEATED;
                }
                case DURABLE -> {
                    outcome.durable();
                    return MessageStore.REPEATED;
                }
                case UNSURE -> {
                    long before = filledRounds;
                    try {
                        if (known.isInTables(id)) {
                            outcome.durable();
                            return MessageStore.REPEATED;
                        }
                        newAsOf = before;
                    } catch (SQLException e) {
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

    /**
     * Puts a publish into the queue if it may be there.
     *
     * @param newAsOf the tables did not have the message when so many rounds had put something into them; -1 if they
     *     were not asked
     */
    private Offer offer(Pending offered, long hash, long newAsOf) {
        synchronized (gate) {
            if (offered.id != null) {
                Pending first = pending.get(offered.id);
                if (first != null && first.durable) {
                    return Offer.DURABLE;
                }
                if (first != null) {
                    first.join(offered.outcome);
                    return Offer.JOINED;
                }
                if (newAsOf != filledRounds && !known.isCertainlyNew(hash)) {
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
                known.add(hash);
            }
            queue.add(offered);
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
        synchronized (gate) {
            if (pending.containsKey(id)) {
                return true;
            }
        }
        if (known.isCertainlyNew(BloomFilter.hash(id))) {
            return false;
        }
        try {
            return known.isInTables(id);
        } catch (SQLException e) {
            LOG.debug("a message cannot be looked up", e);
            return false;
        }
    }

    /** Begins a larger filter, with what is on its way to the tables in it; {@link KnownMessages#fill} does the rest. */
    void beginFilter(long messages) {
        synchronized (gate) {
            known.beginFilter(messages);
            pending.keySet().forEach(id -> known.add(BloomFilter.hash(id)));
        }
    }

    /** Changes other tables in the next round's transaction; completes when that is on disk, on the writer's thread. */
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
                notesWanted |= withNotes;
            }
        }
        if (reason == null) {
            wake();
        } else {
            done.completeExceptionally(unusable(reason));
        }
        return done;
    }

    private StoreException unusable(String reason) {
        return new StoreException("%s cannot be written: %s".formatted(file.path(), reason));
    }

    @Override
    public CompletionStage<Void> filled(long upTo) {
        if (filledUpTo >= upTo) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean added;
        synchronized (gate) {
            added = !closing;
            if (added) {
                waiters.add(new FillWaiter(upTo, done));
            }
        }
        if (added) {
            wake();
        } else {
            done.completeExceptionally(unusable("it is closed"));
        }
        return done;
    }

    private void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        boolean open = true;
        while (open) {
            Work work = take();
            try {
                round(work);
            } catch (Throwable e) {
                fail(e, work);
            }
            synchronized (gate) {
                open = !closing || !queue.isEmpty() || !changes.isEmpty();
            }
            if (open) {
                park();
            }
        }
        finish();
    }

    private Work take() {
        synchronized (gate) {
            boolean notesDue =
                    notesWanted || closing || notes.isUrgent() || System.nanoTime() - notesWritten >= NOTES_NANOS;
            Notes taken = problem == null && notesDue && !notes.isEmpty() ? notes.take() : null;
            notesWanted = false;
            Work work = new Work(queue, changes, taken, lastSequence);
            queue = new ArrayList<>();
            changes = new ArrayList<>();
            return work;
        }
    }

    private void round(Work work) throws SQLException {
        long now = System.nanoTime();
        if (problem != null) {
            if (now - tried >= RETRY_NANOS) {
                tried = now;
                recover(work);
            }
            settleWaiters(work.upTo);
            return;
        }
        if (now - looked >= IDLE_NANOS) {
            looked = now;
            Optional<String> moved = file.problem();
            if (moved.isPresent()) {
                throw new StoreException(moved.get());
            }
        }
        if (!work.publishes.isEmpty() || !work.changes.isEmpty()) {
            commit(work);
        }
        committedUpTo = work.upTo;
        housekeeping(work);
        settleWaiters(work.upTo);
    }

    /** Puts what was taken on disk and tells those who wait for it. */
    private void commit(Work work) throws SQLException {
        List<Runnable> changed = new ArrayList<>(work.changes.size());
        connection.begin(true);
        addToJournal(work.publishes);
        for (Change change : work.changes) {
            changed.add(apply(change));
        }
        // Somebody may want to read them, or the publishes are nothing without them.
        boolean withNotes = work.notes != null && (!work.changes.isEmpty() || work.notes.isUrgent());
        if (withNotes) {
            work.notes.write(connection.connection());
        }
        connection.commit();
        if (withNotes) {
            work.notes = null;
        }
        List<Pending> kept = work.publishes;
        work.publishes = List.of();
        work.changes = List.of();
        acknowledge(kept);
        changed.forEach(StoreWriter::runSafely);
        if (known.isFull()) {
            filterFull.run();
        }
    }

    private void addToJournal(List<Pending> publishes) throws SQLException {
        int from = 0;
        codec.begin();
        for (int i = 0; i < publishes.size(); i++) {
            Pending publish = publishes.get(i);
            codec.add(publish.sequence, publish.publish, publish.uuid());
            boolean last = i + 1 == publishes.size();
            if (last || i + 1 - from == ROW_PUBLISHES || codec.size() >= ROW_BYTES) {
                connection.addToJournal(publishes.get(from).sequence, publish.sequence, codec.end());
                codec.begin();
                from = i + 1;
            }
        }
    }

    /** A mistake in one change shall not undo the others; returns how to tell who asked for it. */
    private Runnable apply(Change change) throws SQLException {
        try (Statement statement = connection.connection().createStatement()) {
            statement.execute("SAVEPOINT change");
            StoreException mistake;
            try {
                change.sql().apply(connection.connection());
                statement.execute("RELEASE change");
                return () -> change.done().complete(null);
            } catch (StoreException e) {
                mistake = e;
            } catch (SQLException e) {
                if (Database.isEnvironment(e)) {
                    throw e;
                }
                mistake = unusable(Database.reason(e));
                mistake.initCause(e);
            }
            statement.execute("ROLLBACK TO change");
            statement.execute("RELEASE change");
            return () -> change.done().completeExceptionally(mistake);
        }
    }

    private void acknowledge(List<Pending> kept) {
        if (kept.isEmpty()) {
            return;
        }
        List<Outcome> outcomes = new ArrayList<>(kept.size());
        List<Runnable> resumed;
        synchronized (gate) {
            if (unfilled.isEmpty()) {
                unfilledSince = System.nanoTime();
            }
            for (Pending publish : kept) {
                publish.durable = true;
                outcomes.add(publish.outcome);
                outcomes.addAll(publish.joined);
                publish.outcome = null;
                publish.joined = List.of();
                // It is on disk: memory has better uses.
                publish.publish = null;
                queuedBytes -= publish.bytes;
                unfilled.add(publish);
            }
            resumed = updateBehind();
        }
        for (Outcome outcome : outcomes) {
            runSafely(outcome::durable);
        }
        resumed.forEach(StoreWriter::runSafely);
    }

    /** What nobody waits for, and what readers wait for. */
    private void housekeeping(Work work) throws SQLException {
        long now = System.nanoTime();
        long step = fillStep(now);
        boolean alive = now - aliveWritten >= ALIVE_NANOS;
        if (work.notes != null || step > 0 || alive) {
            EventWriter.Moved moved = new EventWriter.Moved(0, 0, false);
            connection.begin(false);
            if (work.notes != null) {
                work.notes.write(connection.connection());
            }
            if (alive) {
                writeAlive();
            }
            if (step > 0) {
                moved = move(step);
            }
            connection.commit();
            if (work.notes != null) {
                work.notes = null;
                notesWritten = now;
            }
            if (alive) {
                aliveWritten = now;
            }
            filled(moved);
        } else if (isQuiet() && retention.isDue()) {
            prune();
        }
    }

    /** How long others may have to wait for a step of moving publishes from the journal now, in ns; 0 for no step. */
    private long fillStep(long now) {
        if (faults.isFillingStopped()) {
            return 0;
        }
        synchronized (gate) {
            int count = unfilled.size();
            if (count == 0 && !journalMayHaveMore) {
                return 0;
            }
            boolean due = now - unfilledSince >= LAZY_NANOS || journalMayHaveMore;
            boolean wanted = !waiters.isEmpty() || count > settings.maxUnfilled() / 2 || queue.isEmpty() && due;
            if (!wanted) {
                return 0;
            }
            if (count > VERY_MANY_UNFILLED) {
                return LONGEST_STEP_NANOS;
            }
            return count > MANY_UNFILLED ? LONG_STEP_NANOS : STEP_NANOS;
        }
    }

    /** Moves publishes from the journal, until others have waited long enough. */
    private EventWriter.Moved move(long stepNanos) throws SQLException {
        long until = System.nanoTime() + stepNanos;
        return connection
                .events()
                .move(count -> count >= STEP_PUBLISHES || !isQuiet() && System.nanoTime() - until >= 0);
    }

    private void filled(EventWriter.Moved moved) {
        if (moved.publishes() == 0 && !moved.isEmpty()) {
            return;
        }
        journalMayHaveMore &= !moved.isEmpty();
        List<Runnable> resumed;
        synchronized (gate) {
            filledRounds++;
            filledUpTo = moved.isEmpty() ? committedUpTo : Math.max(filledUpTo, moved.lastSequence());
            while (!unfilled.isEmpty() && unfilled.peek().sequence <= filledUpTo) {
                Pending first = unfilled.poll();
                if (first.id != null) {
                    pending.remove(first.id, first);
                }
            }
            if (unfilled.isEmpty()) {
                // What comes next may gather again; what is left goes on at once.
                unfilledSince = System.nanoTime();
            }
            resumed = updateBehind();
        }
        resumed.forEach(StoreWriter::runSafely);
    }

    /** Under the gate; returns whom to tell that it is over. */
    private List<Runnable> updateBehind() {
        int most = settings.maxUnfilled();
        long mostBytes = settings.maxQueuedBytes();
        if (problem == null && (unfilled.size() > most || queuedBytes > mostBytes)) {
            behind = true;
        } else if (problem != null || unfilled.size() <= most / 2 && queuedBytes <= mostBytes / 2) {
            behind = false;
        }
        if (behind || resumes.isEmpty()) {
            return List.of();
        }
        List<Runnable> resumed = resumes;
        resumes = new ArrayList<>();
        return resumed;
    }

    /** Tells readers what they can read now, or that they cannot. */
    private void settleWaiters(long upTo) {
        List<FillWaiter> good = new ArrayList<>();
        List<FillWaiter> bad = new ArrayList<>();
        String reason;
        synchronized (gate) {
            reason = problem;
            if (unfilled.isEmpty() && !journalMayHaveMore) {
                filledUpTo = Math.max(filledUpTo, upTo);
            }
            if (waiters.isEmpty()) {
                return;
            }
            List<FillWaiter> left = new ArrayList<>();
            for (FillWaiter waiter : waiters) {
                List<FillWaiter> list = waiter.upTo() <= filledUpTo ? good : reason != null ? bad : left;
                list.add(waiter);
            }
            waiters = left;
        }
        good.forEach(waiter -> waiter.done().complete(null));
        bad.forEach(waiter -> waiter.done().completeExceptionally(unusable(reason)));
    }

    private void writeAlive() throws SQLException {
        try (PreparedStatement alive = connection.connection().prepareStatement("UPDATE broker SET last_alive = ?")) {
            alive.setLong(1, clock.millis());
            alive.executeUpdate();
        }
    }

    private boolean isQuiet() {
        synchronized (gate) {
            return queue.isEmpty() && changes.isEmpty();
        }
    }

    private void prune() throws SQLException {
        connection.begin(false);
        boolean over = retention.step(connection.connection());
        connection.commit();
        if (over && retention.deleted() > 0) {
            LOG.info("{}: deleted {} publishes that were kept long enough", file.path(), retention.deleted());
        }
    }

    private void park() {
        long nanos = IDLE_NANOS;
        boolean mayWait;
        parked = true;
        synchronized (gate) {
            boolean work = !queue.isEmpty() || !changes.isEmpty() || closing || !waiters.isEmpty();
            if (problem != null) {
                nanos = RETRY_NANOS;
            } else if (faults.isFillingStopped()) {
                work = !queue.isEmpty() || !changes.isEmpty() || closing;
            } else if (!unfilled.isEmpty() || journalMayHaveMore) {
                nanos = journalMayHaveMore ? 0 : unfilledSince + LAZY_NANOS - System.nanoTime();
            } else if (retention.isDue()) {
                nanos = 0;
            }
            mayWait = !work && nanos > 0;
        }
        if (mayWait) {
            LockSupport.parkNanos(this, nanos);
        }
        parked = false;
    }

    /** Takes nothing more until {@link #recover} succeeds; whoever waits is told. */
    private void fail(Throwable cause, Work work) {
        if (connection != null) {
            connection.rollback();
        }
        String reason = reason(cause);
        List<Pending> lost = new ArrayList<>(work.publishes);
        List<Change> undone = new ArrayList<>(work.changes);
        List<Outcome> outcomes = new ArrayList<>();
        List<Runnable> resumed;
        boolean isNew;
        synchronized (gate) {
            isNew = problem == null;
            problem = reason;
            lost.addAll(queue);
            undone.addAll(changes);
            queue = new ArrayList<>();
            changes = new ArrayList<>();
            queuedBytes = 0;
            for (Pending publish : lost) {
                if (publish.id != null) {
                    // Published again it is new.
                    pending.remove(publish.id, publish);
                }
                outcomes.add(publish.outcome);
                outcomes.addAll(publish.joined);
            }
            refused = isNew ? outcomes.size() : refused + outcomes.size();
            resumed = updateBehind();
        }
        if (work.notes != null) {
            notes.putBack(work.notes);
        }
        if (isNew) {
            problemSince = System.nanoTime();
            tried = problemSince;
            LOG.error(
                    "{} cannot be written: {}; messages are refused until it can: {}",
                    file.path(),
                    reason,
                    advice(reason));
        }
        LOG.debug("how the store failed", cause);
        outcomes.forEach(outcome -> runSafely(outcome::failed));
        undone.forEach(change -> change.done().completeExceptionally(unusable(reason)));
        resumed.forEach(StoreWriter::runSafely);
        settleWaiters(work.upTo);
    }

    private static String reason(Throwable cause) {
        if (cause instanceof SQLException sql) {
            return Database.reason(sql);
        }
        return cause instanceof StoreException ? cause.getMessage() : "internal error: " + cause;
    }

    private static String advice(String reason) {
        if (reason.contains("full")) {
            return "free some space on its disk";
        }
        if (reason.contains("gone") || reason.contains("replaced")) {
            return "put the file back where it was, or stop the broker and restore a backup with broker.jar restore FILE";
        }
        if (reason.contains("damaged")) {
            return "stop the broker and restore a backup with broker.jar restore FILE";
        }
        if (reason.contains("read-only") || reason.contains("opened") || reason.contains("reached")) {
            return "check owner and mode of the file and its directory";
        }
        if (reason.contains("locked")) {
            return "end the program that has locked it, such as sqlite3 in a transaction";
        }
        return "check its disk";
    }

    /** Opens the file anew and tries whether it can be written. */
    private void recover(Work work) {
        Optional<String> moved = file.problem();
        if (moved.isPresent()) {
            // An empty file in its place would look well, and what was acknowledged would be lost.
            problem = moved.get();
            return;
        }
        try {
            if (connection != null) {
                connection.close();
                connection = null;
            }
            connection = new WriteConnection(file.path(), false, settings.sync(), faults);
            tryToWrite();
        } catch (SQLException | StoreException e) {
            LOG.debug("the store cannot be written yet", e);
            if (connection != null) {
                connection.rollback();
            }
            problem = reason(e);
            return;
        }
        journalMayHaveMore = true;
        committedUpTo = work.upTo;
        long count;
        synchronized (gate) {
            problem = null;
            count = refused;
            refused = 0;
        }
        LOG.info(
                "{} can be written again, after {} s in which {} publishes were refused",
                file.path(),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - problemSince),
                count);
    }

    /** Needs about as much space as what will come. */
    private void tryToWrite() throws SQLException {
        connection.begin(true);
        connection.addToJournal(0, 0, new byte[TEST_BYTES]);
        connection.commit();
        connection.begin(true);
        try (Statement statement = connection.connection().createStatement()) {
            statement.executeUpdate("DELETE FROM journal WHERE last_sequence = 0");
        }
        connection.commit();
        if (!faults.isFillingStopped()) {
            connection.begin(false);
            EventWriter.Moved moved = connection.events().move(count -> count >= ROW_PUBLISHES);
            connection.commit();
            filled(moved);
        }
    }

    /** Moves what is in the journal, within a second: the rest is for the next start. */
    private void finish() {
        long until = System.nanoTime() + CLOSE_FILL_NANOS;
        try {
            if (problem == null && connection != null) {
                connection.begin(true);
                if (!notes.isEmpty()) {
                    notes.take().write(connection.connection());
                }
                writeAlive();
                connection.commit();
                boolean more = !faults.isFillingStopped();
                while (more && System.nanoTime() < until) {
                    connection.begin(false);
                    EventWriter.Moved moved = connection.events().move(count -> System.nanoTime() - until >= 0);
                    connection.commit();
                    filled(moved);
                    more = !moved.isEmpty();
                }
            }
        } catch (SQLException | RuntimeException e) {
            LOG.error("{} could not be written to the end: {}", file.path(), reason(e));
            LOG.debug("how the store failed at its end", e);
            connection.rollback();
        }
        List<FillWaiter> left;
        synchronized (gate) {
            left = waiters;
            waiters = new ArrayList<>();
        }
        left.forEach(waiter -> {
            if (waiter.upTo() <= filledUpTo) {
                waiter.done().complete(null);
            } else {
                waiter.done().completeExceptionally(unusable("it is closed"));
            }
        });
        Database.closeQuietly(connection);
    }

    private static void runSafely(Runnable told) {
        try {
            told.run();
        } catch (RuntimeException | Error e) {
            // The others are to be told all the same.
            LOG.error("who waited for the store failed ({}); please report it", String.valueOf(e));
            LOG.debug("how it failed", e);
        }
    }

    /** Writes what is queued, and ends; what comes later is refused. Waits for it, at most ten seconds. */
    @Override
    public void close() {
        synchronized (gate) {
            closing = true;
        }
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
