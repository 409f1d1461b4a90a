package labchat.client.mqtt;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;

/**
 * What was published and has no acknowledgement yet, in order, so that the next connection can send it again. Belongs to
 * the session's thread.
 */
final class Outbox {

    /** How many publishes may wait for a connection. */
    static final int MOST = 10_000;

    /** What the session does for its outbox. */
    interface Post {

        /** Runs it on the session's thread. */
        void onLoop(Runnable task);

        /** Runs it there, later. */
        Future<?> schedule(Duration delay, Runnable task);

        /** Tells that it was refused, or never acknowledged. */
        void unsent(ChatEvent event, SessionFailure failure);
    }

    /** One connection, as the outbox sees it. */
    interface Connection {

        /** Whether another has taken its place. */
        boolean isStale();

        /** Sends it; completes on any thread. */
        CompletableFuture<Void> transmit(ChatEvent event);
    }

    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> untilEmpty = new ArrayList<>();
    private final Post post;

    Outbox(Post post) {
        this.post = post;
    }

    int size() {
        return waiting.size();
    }

    /** Takes it in; false if there is no room, of which it has been told. */
    boolean add(Outgoing outgoing) {
        if (waiting.size() >= MOST) {
            outgoing.fail(new SessionFailure(
                    SessionFailure.Kind.OTHER,
                    "%d publishes wait for the server already; this one is dropped.".formatted(MOST)));
            return false;
        }
        waiting.add(outgoing);
        return true;
    }

    /** Sends all again, on a new connection. */
    void sendAll(Connection connection) {
        List.copyOf(waiting).forEach(outgoing -> send(outgoing, connection));
    }

    /** Sends one of those that wait. */
    void send(Outgoing outgoing, Connection connection) {
        CompletableFuture<Void> answer = connection.transmit(outgoing.event);
        Duration limit = HiveMqChatSession.ACKNOWLEDGEMENT_TIMEOUT;
        Future<?> timeout = post.schedule(limit, () -> {
            if (!connection.isStale() && waiting.remove(outgoing)) {
                refuse(
                        outgoing,
                        new SessionFailure(
                                SessionFailure.Kind.TIMED_OUT,
                                "the server has not acknowledged it within %d s; it may or may not have arrived."
                                        .formatted(limit.toSeconds())));
            }
        });
        answer.whenComplete((nothing, thrown) -> post.onLoop(() -> {
            timeout.cancel(false);
            if (thrown == null) {
                if (waiting.remove(outgoing)) {
                    outgoing.done.complete(null);
                    noticeEmpty();
                }
                return;
            }
            LinkException failure = (LinkException) ConnectErrors.unwrap(thrown);
            if (!failure.isConnectionLost() && waiting.remove(outgoing)) {
                refuse(outgoing, new SessionFailure(failure.kind(), failure.getMessage()));
            }
        }));
    }

    private void refuse(Outgoing outgoing, SessionFailure failure) {
        post.unsent(outgoing.event, failure);
        outgoing.fail(failure);
        noticeEmpty();
    }

    /** The session is over. */
    void failAll(SessionFailure failure) {
        List<Outgoing> left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(outgoing -> outgoing.fail(failure));
        noticeEmpty();
    }

    /** Completes it as soon as nothing waits. */
    void whenEmpty(CompletableFuture<Void> empty) {
        untilEmpty.add(empty);
        noticeEmpty();
    }

    private void noticeEmpty() {
        if (waiting.isEmpty()) {
            untilEmpty.forEach(empty -> empty.complete(null));
            untilEmpty.clear();
        }
    }

    /** One publish on its way. */
    static final class Outgoing {
        private final ChatEvent event;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Outgoing(ChatEvent event) {
            this.event = event;
        }

        ChatEvent event() {
            return event;
        }

        CompletableFuture<Void> done() {
            return done;
        }

        void fail(SessionFailure failure) {
            done.completeExceptionally(new SessionException(failure));
        }
    }
}
