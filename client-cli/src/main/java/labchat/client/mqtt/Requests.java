package labchat.client.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionException;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.RequestFault;

/**
 * The requests that wait for their answers. Version 5 tells answers apart by Correlation Data; version 3.1.1 has only
 * what an answer repeats of its request, so there two requests that would look the same go out one after the other. It
 * belongs to the session's thread.
 */
final class Requests {

    private final boolean correlated;
    private final List<Pending<?>> pending = new ArrayList<>();
    private int numbered;

    /** @param correlated whether answers carry Correlation Data */
    Requests(boolean correlated) {
        this.correlated = correlated;
    }

    /**
     * Takes in a request.
     *
     * @param prefix makes its correlation differ from those of this user's other clients
     */
    <A> void add(Pending<A> request, String prefix) {
        numbered++;
        request.correlation = prefix + "-" + numbered;
        pending.add(request);
    }

    /** Those that may go out now and have not yet. */
    List<Pending<?>> due() {
        List<Pending<?>> due = new ArrayList<>();
        for (Pending<?> request : pending) {
            boolean blocked = !correlated
                    && pending.stream()
                            .takeWhile(before -> before != request)
                            .anyMatch(before -> before.looksLike(request));
            if (!request.sent && !blocked) {
                due.add(request);
            }
        }
        return due;
    }

    /** The request that a payload answers, with the answer in it; empty if this session has not asked. */
    Optional<Pending<?>> answered(String level, byte[] payload, Optional<String> correlation) {
        for (Pending<?> request : pending) {
            if (request.sent
                    && request.level().equals(level)
                    && (!correlated || correlation.equals(Optional.of(request.correlation)))
                    && request.takes(payload, !correlated)) {
                pending.remove(request);
                return Optional.of(request);
            }
        }
        return Optional.empty();
    }

    /** The oldest request of that level. */
    Optional<Pending<?>> oldest(String level) {
        return pending.stream()
                .filter(request -> request.sent && request.level().equals(level))
                .<Pending<?>>map(request -> request)
                .findFirst();
    }

    /** Takes out one that has failed; false if it is done already. */
    boolean remove(Pending<?> request) {
        return pending.remove(request);
    }

    /** Takes out all. */
    List<Pending<?>> removeAll() {
        List<Pending<?>> all = List.copyOf(pending);
        pending.clear();
        return all;
    }

    /** One request on its way. */
    static final class Pending<A> {
        private final ServerRequest<A> request;
        private final CompletableFuture<A> done = new CompletableFuture<>();
        private String correlation = "";
        private boolean sent;
        private Optional<A> answer = Optional.empty();
        private Optional<Future<?>> timeout = Optional.empty();

        Pending(ServerRequest<A> request) {
            this.request = request;
        }

        CompletableFuture<A> done() {
            return done;
        }

        String level() {
            return request.level();
        }

        byte[] payload() {
            return request.payload();
        }

        String correlation() {
            return correlation;
        }

        void sent(Future<?> timer) {
            sent = true;
            timeout = Optional.of(timer);
        }

        private boolean looksLike(Pending<?> other) {
            return level().equals(other.level()) && request.mark().equals(other.request.mark());
        }

        private boolean takes(byte[] payload, boolean compare) {
            answer = request.read(payload)
                    .filter(read -> !compare || request.markOf(read).equals(request.mark()));
            return answer.isPresent();
        }

        /** Tells the one who asked. */
        void complete() {
            timeout.ifPresent(timer -> timer.cancel(false));
            A given = answer.orElseThrow();
            Optional<RequestFault> fault = request.fault(given);
            if (fault.isPresent()) {
                fail(failure(fault.get().code(), fault.get().reason()));
            } else {
                done.complete(given);
            }
        }

        void fail(SessionFailure failure) {
            timeout.ifPresent(timer -> timer.cancel(false));
            done.completeExceptionally(new SessionException(failure));
        }
    }

    /** A refusal by the server, in its own words. */
    static SessionFailure failure(String code, String reason) {
        return new SessionFailure(
                code.equals("acl_denied") ? SessionFailure.Kind.NOT_AUTHORISED : SessionFailure.Kind.REFUSED, reason);
    }
}
