package labchat.client.command;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import labchat.client.options.ResolvedOptions;
import labchat.client.session.Interest;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.identity.ChatId;

/** A connection for a command that asks the server and takes none of the user's messages. */
final class Asking implements AutoCloseable, SessionEvent.Visitor<Optional<SessionFailure>> {

    /** How long the server may take to send what it knows of who is connected. */
    private static final Duration ROUND_TRIP = Duration.ofSeconds(5);

    private final Map<ChatId, SessionEvent.Presence> presence = new LinkedHashMap<>();
    private final Mailbox mailbox;
    private boolean connected;

    private Asking(ResolvedOptions options, Interest interest) {
        mailbox = Mailbox.open(options, interest, Clock.systemUTC(), this::take, Optional.empty());
    }

    /**
     * Connects.
     *
     * @throws CommandFailure if that is not possible
     */
    static Asking open(ResolvedOptions options, Interest interest) throws CommandFailure, InterruptedException {
        Asking asking = new Asking(options, interest);
        try {
            while (!asking.connected) {
                asking.mailbox.take();
            }
            return asking;
        } catch (CommandFailure | InterruptedException | RuntimeException e) {
            asking.close();
            throw e;
        }
    }

    private void take(SessionEvent event) throws CommandFailure {
        Optional<SessionFailure> failure = event.accept(this);
        if (failure.isPresent()) {
            throw new CommandFailure(failure.get());
        }
    }

    /** Asks one thing and waits for the answer, which comes or fails in a few seconds. */
    <A> A ask(ServerRequest<A> request) throws CommandFailure, InterruptedException {
        Result<A> result = new Result<>();
        mailbox.ask(request, (answer, failure) -> {
            result.answer = answer;
            result.failure = failure;
        });
        while (result.answer.isEmpty()) {
            if (result.failure.isPresent()) {
                throw new CommandFailure(result.failure.get());
            }
            mailbox.take();
        }
        return result.answer.get();
    }

    /** All whose presence the server told of at once; empty if it tells of none. */
    Map<ChatId, SessionEvent.Presence> presence() throws CommandFailure, InterruptedException {
        mailbox.settle(ROUND_TRIP);
        return presence;
    }

    @Override
    public void close() {
        mailbox.close();
    }

    /** What has become of one request. */
    private static final class Result<A> {
        private Optional<A> answer = Optional.empty();
        private Optional<SessionFailure> failure = Optional.empty();
    }

    @Override
    public Optional<SessionFailure> connected(SessionEvent.Connected event) {
        connected = true;
        return Optional.empty();
    }

    @Override
    public Optional<SessionFailure> connectionLost(SessionEvent.ConnectionLost event) {
        return Optional.of(
                new SessionFailure(SessionFailure.Kind.UNAVAILABLE, "connection lost: %s".formatted(event.reason())));
    }

    @Override
    public Optional<SessionFailure> ended(SessionEvent.Ended event) {
        return Optional.of(event.failure());
    }

    @Override
    public Optional<SessionFailure> presence(SessionEvent.Presence event) {
        presence.put(event.id(), event);
        return Optional.empty();
    }

    @Override
    public Optional<SessionFailure> arrived(SessionEvent.Arrived event) {
        return Optional.empty();
    }

    @Override
    public Optional<SessionFailure> malformed(SessionEvent.Malformed event) {
        return Optional.empty();
    }

    @Override
    public Optional<SessionFailure> diagnostics(SessionEvent.Diagnostics event) {
        return Optional.empty();
    }

    @Override
    public Optional<SessionFailure> unsent(SessionEvent.Unsent event) {
        return Optional.empty();
    }

    @Override
    public Optional<SessionFailure> rooms(SessionEvent.Rooms event) {
        return Optional.empty();
    }

    @Override
    public Optional<SessionFailure> notice(SessionEvent.NoticeCame event) {
        return Optional.empty();
    }

    @Override
    public Optional<SessionFailure> caughtUp(SessionEvent.CaughtUp event) {
        return Optional.empty();
    }
}
