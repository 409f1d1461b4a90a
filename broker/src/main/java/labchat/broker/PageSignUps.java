package labchat.broker;

import java.util.Optional;
import labchat.broker.config.SignUp;
import labchat.broker.signup.SignUpDesk;
import labchat.broker.web.SignUps;

/** The page's way to the desk that makes accounts; until there is one, nobody gets any. May be used by any thread. */
final class PageSignUps implements SignUps {

    private volatile Optional<SignUpDesk> desk = Optional.empty();

    /** From now on this desk makes them. */
    void open(SignUpDesk opened) {
        desk = Optional.of(opened);
    }

    /** Who may make an account now. */
    SignUp mode() {
        return desk.map(SignUpDesk::mode).orElse(SignUp.OFF);
    }

    @Override
    public Answer signUp(Request request) {
        if (desk.isEmpty()) {
            return NONE.signUp(request);
        }
        SignUpDesk.Answer answer =
                desk.get().signUp(request.id(), request.password(), request.code(), request.address());
        return new Answer(Outcome.valueOf(answer.outcome().name()), answer.reason());
    }
}
