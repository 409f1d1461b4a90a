package labchat.broker.web;

import java.util.Objects;

/** Makes accounts for those who ask for one on the page. */
@FunctionalInterface
public interface SignUps {

    /** Nobody gets one. */
    SignUps NONE = request -> new Answer(
            Outcome.OFF, "This broker lets nobody sign up. Ask your staff for an account, or sign in with yours.");

    /**
     * Makes the account, or says why not. Called on a web server's thread, by many at once; may take as long as a
     * password's hash and a file's write do. Who answers {@link Outcome#CREATED} lets the user log in from then on.
     */
    Answer signUp(Request request);

    /** What came of it. */
    enum Outcome {
        /** The account is there. */
        CREATED(201, "created"),
        /** The setting {@code signup} is off. */
        OFF(403, "signup_off"),
        /** The class's code is another. */
        WRONG_CODE(403, "wrong_code"),
        /** A user or a room has this id. */
        TAKEN(409, "id_taken"),
        /** Not an id as the protocol has them. */
        INVALID_ID(422, "invalid_id"),
        /** Too short, too long, or the id itself. */
        INVALID_PASSWORD(422, "invalid_password"),
        /** There are as many accounts as there may be, or too many were asked for. */
        TOO_MANY(429, "too_many"),
        /** The account could not be written. */
        FAILED(500, "failed");

        private final int status;
        private final String code;

        Outcome(int status, String code) {
            this.status = status;
            this.code = code;
        }

        /** The answer's status in HTTP. */
        public int status() {
            return status;
        }

        /** The answer's word for programs. */
        public String code() {
            return code;
        }
    }

    /**
     * What somebody asks for, not judged yet.
     *
     * @param id the account's name
     * @param password its password; secret, so this record's text does not show it
     * @param code the class's code, empty if none was given; secret too
     * @param address who asks, as the server sees it
     */
    record Request(String id, String password, String code, String address) {
        public Request {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(password, "password");
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(address, "address");
        }

        @Override
        public String toString() {
            return "Request[id=%s, address=%s]".formatted(id, address);
        }
    }

    /**
     * @param outcome for programs
     * @param reason for people: what is wrong, what is allowed, what to do
     */
    record Answer(Outcome outcome, String reason) {
        public Answer {
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
