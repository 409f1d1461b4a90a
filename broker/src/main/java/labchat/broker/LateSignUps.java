package labchat.broker;

import java.util.Optional;
import labchat.broker.config.SignUp;
import labchat.broker.signup.SignUpDesk;
import labchat.broker.web.SignUps;

/** The page's way to the desk where accounts are made, which opens a moment after the page. */
final class LateSignUps implements SignUps {

    private volatile SignUpDesk desk;

    /** From now on accounts are made. */
    void open(SignUpDesk opened) {
        desk = opened;
    }

    @Override
    public Answer signUp(Request request) {
        SignUpDesk now = desk;
        if (now == null) {
            return NONE.signUp(request);
        }
        SignUpDesk.Answer answer = now.signUp(request.id(), request.password(), request.code(), request.address());
        Outcome outcome = switch (answer.outcome()) {
            case CREATED -> Outcome.CREATED;
            case OFF -> Outcome.OFF;
            case WRONG_CODE -> Outcome.WRONG_CODE;
            case TAKEN -> Outcome.TAKEN;
            case INVALID_ID -> Outcome.INVALID_ID;
            case INVALID_PASSWORD -> Outcome.INVALID_PASSWORD;
            case TOO_MANY -> Outcome.TOO_MANY;
            case FAILED -> Outcome.FAILED;
        };
        return new Answer(outcome, answer.reason());
    }

    @Override
    public Optional<SignUp> mode() {
        return Optional.ofNullable(desk).map(SignUpDesk::mode);
    }
}
