package labchat.client.command;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import labchat.client.mqtt.HiveMqChatSession;
import labchat.client.options.ResolvedOptions;
import labchat.client.session.ChatSession;
import labchat.client.session.Interest;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;

/**
 * A session for a command that works on one thread: what the session tells, and what becomes of each publish, waits in
 * a queue until the command takes it out.
 */
final class Mailbox implements AutoCloseable {

    /** Something to do on the command's thread. */
    @FunctionalInterface
    interface Delivery {
        void run() throws CommandFailure;
    }

    /** Where the session's events go. */
    @FunctionalInterface
    interface Receiver {
        void accept(SessionEvent event) throws CommandFailure;
    }

    private final BlockingQueue<Delivery> queue = new LinkedBlockingQueue<>();
    private final ChatSession session;
    private final long start = System.nanoTime();
    private final Optional<Duration> limit;

    private Mailbox(
            ResolvedOptions options, Interest interest, Clock clock, Receiver receiver, Optional<Duration> limit) {
        this.session = HiveMqChatSession.create(
                options.connection(),
                interest,
                clock,
                WireOnError.of(options, clock),
                event -> queue.add(() -> receiver.accept(event)));
        this.limit = limit;
    }

    /**
     * Opens a session.
     *
     * @param limit how long {@link #take} goes on, from now; empty for ever
     */
    static Mailbox open(
            ResolvedOptions options, Interest interest, Clock clock, Receiver receiver, Optional<Duration> limit) {
        Mailbox mailbox = new Mailbox(options, interest, clock, receiver, limit);
        ShutdownHook.closeAtExit(mailbox.session);
        mailbox.session.start();
        return mailbox;
    }

    /** Opens a session for a command that closes it itself also when a signal ends the process. */
    static Mailbox openWithoutHook(
            ResolvedOptions options, Interest interest, Clock clock, Receiver receiver, Optional<Duration> limit) {
        Mailbox mailbox = new Mailbox(options, interest, clock, receiver, limit);
        mailbox.session.start();
        return mailbox;
    }

    /** Publishes; what comes of it is told on the command's thread, with a failure or without. */
    void publish(ChatEvent event, BiConsumer<ChatEvent, Optional<SessionFailure>> then) {
        session.publish(event).whenComplete((nothing, thrown) -> queue.add(() -> then.accept(event, failure(thrown))));
    }

    /** What becomes of a request. */
    @FunctionalInterface
    interface Outcome<A> {
        void accept(Optional<A> answer, Optional<SessionFailure> failure) throws CommandFailure;
    }

    /** Asks the server; what comes of it is told on the command's thread, with an answer or a failure. */
    <A> void ask(ServerRequest<A> request, Outcome<A> then) {
        session.request(request)
                .whenComplete(
                        (answer, thrown) -> queue.add(() -> then.accept(Optional.ofNullable(answer), failure(thrown))));
    }

    private static Optional<SessionFailure> failure(Throwable thrown) {
        if (thrown == null) {
            return Optional.empty();
        }
        return Optional.of(SessionFailure.of(thrown));
    }

    /** Waits for the next thing and does it; false if the time is up. */
    boolean take() throws InterruptedException, CommandFailure {
        Delivery next = limit.isEmpty() ? queue.take() : queue.poll(nanosLeft(), TimeUnit.NANOSECONDS);
        if (next == null) {
            return false;
        }
        next.run();
        return true;
    }

    /** Waits until all that was published is acknowledged and all that came before that has been done. */
    void settle(Duration longest) throws InterruptedException, CommandFailure {
        session.drain(longest);
        Delivery next = queue.poll();
        while (next != null) {
            next.run();
            next = queue.poll();
        }
    }

    private long nanosLeft() {
        return limit.orElseThrow().toNanos() - (System.nanoTime() - start);
    }

    @Override
    public void close() {
        session.close();
    }
}
