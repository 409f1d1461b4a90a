package labchat.client.practice;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import labchat.client.session.ChatSession;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ServerTopic;

/**
 * Keeps a {@link Partner} at work: what the session tells queues for the calling thread, which also sends what is planned
 * and writes the file. Of messages, receipts and hints no more than {@value #MOST_WAITING} wait; what comes beyond that
 * is left out, counted and told.
 */
public final class PartnerLoop implements SessionEvent.Visitor<Void>, AutoCloseable {

    static final int MOST_WAITING = 5_000;

    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);

    /** The server explains each refusal of an odd payload; that is what was wanted. */
    private static final Duration REFUSALS_EXPECTED = Duration.ofSeconds(20);

    /** What the loop needs of its surroundings. */
    public interface Surroundings {
        /** Makes the session for a listener. */
        ChatSession session(Consumer<SessionEvent> listener);

        /** Publishes these as they are; the answer is those that the server has refused. */
        CompletableFuture<List<OddPayload>> sendOdd(ChatId team, List<OddPayload> payloads);

        /** Publishes these checklists for the staff's page; the answer is whether the server takes such. */
        CompletableFuture<Boolean> sendChecklists(List<String> payloads);

        /** Tells a line of a list; on the loop's thread. */
        void line(Partner.Line line);

        /** Tells a few words about the work; on the loop's thread. */
        void word(String text);
    }

    private final Surroundings surroundings;
    private final ListFile file;
    private final Clock clock;
    private final Partner partner;
    private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger leftOut = new AtomicInteger();
    private ChatSession session;
    private Optional<SessionFailure> failure = Optional.empty();
    private boolean dirty;
    private volatile boolean finished;
    private boolean fileFailed;
    private Instant lastWrite = Instant.MIN;
    private Instant refusalsUntil = Instant.MIN;
    /** Whose lists the server has not been told of as they are now. */
    private final Set<ChatId> untold = new LinkedHashSet<>();

    private boolean telling;
    private boolean connected;
    /** Whether the server takes checklists, as far as is known. */
    private boolean taken = true;

    /** @param partner makes the partner that this loop is for */
    public PartnerLoop(
            Surroundings surroundings, ListFile file, Clock clock, Function<Partner.Outside, Partner> partner) {
        this.surroundings = surroundings;
        this.file = file;
        this.clock = clock;
        this.partner = partner.apply(new Performer());
    }

    /**
     * Works until the session ends or the thread is interrupted.
     *
     * @return why it ended
     * @throws IOException if the file of an earlier run cannot be read; nothing was begun then
     */
    public SessionFailure run() throws IOException, InterruptedException {
        int bad = file.load(partner);
        if (bad > 0) {
            surroundings.word("%d lines of the file of lists could not be understood and are left out".formatted(bad));
        }
        partner.lines().forEach(surroundings::line);
        session = surroundings.session(this::hear);
        session.start();
        try {
            while (failure.isEmpty()) {
                Runnable next = take();
                if (next != null) {
                    next.run();
                }
                Instant now = clock.instant();
                partner.tick(now);
                tellServer();
                int missed = leftOut.getAndSet(0);
                if (missed > 0) {
                    surroundings.word(
                            "%d publishes came faster than they could be taken and were left out".formatted(missed));
                }
                if (dirty && !now.isBefore(nextWrite())) {
                    write(now);
                }
            }
            return failure.get();
        } finally {
            writeIfNeeded();
            finished = true;
        }
    }

    /** One connection at a time: what changes meanwhile goes with the next. */
    private void tellServer() {
        if (!taken || telling || !connected || untold.isEmpty()) {
            return;
        }
        List<String> payloads = untold.stream().map(partner::checklist).toList();
        untold.clear();
        telling = true;
        surroundings
                .sendChecklists(payloads)
                .whenComplete((good, thrown) -> queue.add(() -> {
                    telling = false;
                    // After a failure the next change, or the next connection, tries again.
                    if (thrown == null && !good) {
                        tellNoMore();
                    }
                }));
    }

    private void tellNoMore() {
        if (taken) {
            taken = false;
            untold.clear();
            surroundings.word("this server takes no checklists, so the staff's page does not show them");
        }
    }

    private void writeIfNeeded() {
        if (dirty) {
            write(clock.instant());
        }
    }

    private Runnable take() throws InterruptedException {
        Optional<Instant> due = partner.next();
        if (dirty) {
            due = Optional.of(due.filter(nextWrite()::isAfter).orElse(nextWrite()));
        }
        return due.isEmpty()
                ? queue.take()
                : queue.poll(
                        Math.max(1, Duration.between(clock.instant(), due.get()).toMillis()), TimeUnit.MILLISECONDS);
    }

    private Instant nextWrite() {
        return lastWrite.equals(Instant.MIN) ? lastWrite : lastWrite.plus(BETWEEN_WRITES);
    }

    private void write(Instant now) {
        dirty = false;
        lastWrite = now;
        try {
            file.save(partner);
            fileFailed = false;
        } catch (IOException e) {
            if (!fileFailed) {
                surroundings.word("the lists cannot be written, so a restart will forget them: " + e.getMessage());
            }
            fileFailed = true;
        }
    }

    /** Has what is not yet in the file written by the loop's thread; waits a second for it. For the process's end. */
    @Override
    public void close() {
        if (finished) {
            return;
        }
        CompletableFuture<Void> written = new CompletableFuture<>();
        queue.add(() -> {
            writeIfNeeded();
            written.complete(null);
        });
        try {
            written.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The process ends all the same; what is lost is a second's worth.
            return;
        }
    }

    /** The session's listener, on the session's thread. */
    private void hear(SessionEvent event) {
        if (!(event instanceof SessionEvent.Arrived)) {
            queue.add(() -> event.accept(this));
        } else if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            leftOut.incrementAndGet();
        } else {
            queue.add(() -> {
                waiting.decrementAndGet();
                event.accept(this);
            });
        }
    }

    @Override
    public Void connected(SessionEvent.Connected event) {
        surroundings.word(event.again() ? "connected again" : "connected to " + event.server());
        connected = true;
        // A server that was started anew has forgotten them.
        partner.lines().forEach(line -> untold.add(line.team()));
        return null;
    }

    @Override
    public Void connectionLost(SessionEvent.ConnectionLost event) {
        connected = false;
        surroundings.word("connection lost: %s; it is made again by itself".formatted(event.reason()));
        return null;
    }

    @Override
    public Void ended(SessionEvent.Ended event) {
        failure = Optional.of(event.failure());
        return null;
    }

    @Override
    public Void arrived(SessionEvent.Arrived event) {
        partner.arrived(event.event(), event.at());
        return null;
    }

    @Override
    public Void malformed(SessionEvent.Malformed event) {
        surroundings.word("something on %s was no chat message: %s".formatted(event.topic(), event.reason()));
        return null;
    }

    @Override
    public Void presence(SessionEvent.Presence event) {
        partner.presence(event.id(), event.online(), clock.instant());
        return null;
    }

    @Override
    public Void diagnostics(SessionEvent.Diagnostics event) {
        if (event.code().equals("unknown_request")
                && event.topic()
                        .filter(topic -> topic.endsWith("/" + ServerTopic.CHECKLIST))
                        .isPresent()) {
            tellNoMore();
        } else if (clock.instant().isAfter(refusalsUntil)) {
            surroundings.word("the server explains: " + event.reason());
        }
        return null;
    }

    @Override
    public Void unsent(SessionEvent.Unsent event) {
        surroundings.word("not sent to %s: %s"
                .formatted(event.event().receiver(), event.failure().message()));
        return null;
    }

    @Override
    public Void rooms(SessionEvent.Rooms event) {
        return null;
    }

    @Override
    public Void notice(SessionEvent.NoticeCame event) {
        return null;
    }

    @Override
    public Void caughtUp(SessionEvent.CaughtUp event) {
        return null;
    }

    /** Does what the partner wants done. */
    private final class Performer implements Partner.Outside {

        @Override
        public void publish(ChatEvent event) {
            // What becomes of it is an event of the session.
            session.publish(event);
        }

        @Override
        public void publishOdd(ChatId team, List<OddPayload> payloads) {
            refusalsUntil = clock.instant().plus(REFUSALS_EXPECTED);
            surroundings
                    .sendOdd(team, payloads)
                    .whenComplete((refused, thrown) -> queue.add(() -> partner.oddSent(
                            team,
                            payloads,
                            thrown == null ? refused : List.of(),
                            thrown == null
                                    ? Optional.empty()
                                    : Optional.of(SessionFailure.of(thrown).message()))));
        }

        @Override
        public void changed(Partner.Line line) {
            dirty = true;
            untold.add(line.team());
            surroundings.line(line);
        }
    }
}
