package labchat.client.command;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import labchat.client.doctor.Outside.Login;
import labchat.client.options.ResolvedOptions;
import labchat.client.session.Interest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/**
 * Logs in and sends a typing hint to oneself. Subscribes to hints only: a subscription to messages would take those that
 * wait out of the server's store, and somebody else's client would never get them.
 */
final class LoginTrial implements SessionEvent.Visitor<Optional<Login>> {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ChatId me;
    private Mailbox mailbox;
    private Login.Step step = Login.Step.LOGIN;
    private long sent;
    private Login result;

    private LoginTrial(ChatId me) {
        this.me = me;
    }

    static Login run(ResolvedOptions options) {
        LoginTrial trial = new LoginTrial(options.connection().user());
        Interest hints = new Interest(false, false, false, false, Set.of(ChatKind.TYPING.level()));
        Mailbox.Receiver receiver = event -> event.accept(trial).ifPresent(login -> trial.result = login);
        try (Mailbox opened = Mailbox.open(options, hints, Clock.systemUTC(), receiver, Optional.of(LIMIT))) {
            trial.mailbox = opened;
            while (trial.result == null) {
                if (!opened.take()) {
                    return trial.late();
                }
            }
            return trial.result;
        } catch (CommandFailure e) {
            return new Login.Bad(trial.step, sentence(e.getMessage()), "Try again; if it stays so, tell your staff.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return trial.late();
        }
    }

    private Login late() {
        return new Login.Bad(
                step,
                step == Login.Step.ROUND_TRIP
                        ? "did not come back within %d s".formatted(LIMIT.toSeconds())
                        : "the server gave no answer within %d s".formatted(LIMIT.toSeconds()),
                "The server may be overloaded: try again; if it stays so, tell your staff.");
    }

    @Override
    public Optional<Login> connected(SessionEvent.Connected event) {
        step = Login.Step.ROUND_TRIP;
        sent = System.nanoTime();
        mailbox.publish(
                new Typing(me, me),
                (hint, failure) -> failure.ifPresent(why -> result = new Login.Bad(
                        step, sentence(why.message()), "Show this line to your staff (acl.conf, acl explain).")));
        return Optional.empty();
    }

    @Override
    public Optional<Login> arrived(SessionEvent.Arrived event) {
        return event.event() instanceof Typing hint && hint.sender().equals(me)
                ? Optional.of(new Login.Good(Duration.ofNanos(System.nanoTime() - sent)))
                : Optional.empty();
    }

    @Override
    public Optional<Login> connectionLost(SessionEvent.ConnectionLost event) {
        return Optional.of(new Login.Bad(
                step,
                "the connection was lost: " + event.reason(),
                "Is the same name and client id used elsewhere? Otherwise the network is unsteady."));
    }

    @Override
    public Optional<Login> ended(SessionEvent.Ended event) {
        SessionFailure failure = event.failure();
        String found = sentence(failure.message());
        return Optional.of(
                switch (failure.kind()) {
                    case LOGIN_REFUSED ->
                        new Login.Bad(
                                Login.Step.LOGIN,
                                found,
                                "Compare both with your slip: capitals count. The server does not say which of the two is wrong; staff can give a new password.");
                    case NOT_AUTHORISED ->
                        new Login.Bad(
                                Login.Step.SUBSCRIBE,
                                found,
                                "Your account lacks a right that everybody has as a rule: show this line to your staff (acl.conf, acl explain).");
                    case REFUSED -> new Login.Bad(step, found, "Show this line to your staff.");
                    case UNAVAILABLE, TIMED_OUT, OTHER ->
                        new Login.Bad(step, found, "Try again; if it stays so, tell your staff.");
                });
    }

    /** Without the full stop that the report sets. */
    private static String sentence(String message) {
        return message.replaceFirst("\\.$", "");
    }

    @Override
    public Optional<Login> malformed(SessionEvent.Malformed event) {
        return Optional.empty();
    }

    @Override
    public Optional<Login> presence(SessionEvent.Presence event) {
        return Optional.empty();
    }

    @Override
    public Optional<Login> diagnostics(SessionEvent.Diagnostics event) {
        return step == Login.Step.ROUND_TRIP
                ? Optional.of(new Login.Bad(
                        step,
                        "the server explains: " + sentence(event.reason()),
                        event.hint().orElse("Show this line to your staff.")))
                : Optional.empty();
    }

    @Override
    public Optional<Login> unsent(SessionEvent.Unsent event) {
        return Optional.empty();
    }

    @Override
    public Optional<Login> rooms(SessionEvent.Rooms event) {
        return Optional.empty();
    }

    @Override
    public Optional<Login> notice(SessionEvent.NoticeCame event) {
        return Optional.empty();
    }

    @Override
    public Optional<Login> caughtUp(SessionEvent.CaughtUp event) {
        return Optional.empty();
    }
}
