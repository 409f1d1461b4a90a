package labchat.broker.event;

import java.util.Optional;

/** Answers the requests of one kind, that is, what is published to {@code ROOT/server/<kind>}. Any thread. */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Takes a request. Called on a connection's own thread: it returns at once and does not block; the answer may come at
     * any time, on any thread. That the request's sender is who is logged in is for the handler to see to, with
     * {@link SenderCheck}.
     *
     * @param user who is logged in; empty for a client without a name
     * @param payload not to be changed
     * @param answers where the answer goes
     * @return why it is none; the publish is then refused and explained, and there must be no answer
     */
    Optional<Refusal> handle(Optional<String> user, byte[] payload, ServerAccount.Answers answers);
}
