package labchat.broker.staff;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The accounts, for the staff's page. Methods may block for as long as a file and a password's hash take; they are not
 * called on connections' threads.
 */
public interface AccountDesk {

    /**
     * One of the things that a user logs in with.
     *
     * @param name {@code first} is the password in the password file itself
     * @param lastUsed empty if nobody has, as far as is known
     */
    record Password(String name, Optional<Instant> lastUsed) {
        public Password {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(lastUsed, "lastUsed");
        }
    }

    /**
     * A certificate that was made for a user.
     *
     * @param state {@code valid}, {@code revoked} or {@code expired}
     */
    record Certificate(String name, Instant validUntil, Optional<Instant> lastUsed, String state) {
        public Certificate {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(validUntil, "validUntil");
            Objects.requireNonNull(lastUsed, "lastUsed");
            Objects.requireNonNull(state, "state");
        }
    }

    /** An account and what it can log in with. */
    record Account(String user, boolean staff, List<Password> passwords, List<Certificate> certificates) {
        public Account {
            Objects.requireNonNull(user, "user");
            passwords = List.copyOf(passwords);
            certificates = List.copyOf(certificates);
        }
    }

    /** What became of it: {@link #DONE}, or why it was not done. */
    enum Result {
        DONE("done"),
        /** Nobody can have this id, or nobody could write to it. */
        INVALID_ID("invalid_id"),
        /** An account, a room or the server has it. */
        ID_TAKEN("id_taken"),
        INVALID_PASSWORD("invalid_password"),
        UNKNOWN("unknown_user"),
        /** Nobody locks themselves out. */
        YOURSELF("yourself"),
        /** Somebody has changed the file by hand, and the broker has not read it since. */
        CHANGED_BY_HAND("changed_by_hand"),
        /** The file could not be written, or holds mistakes. */
        NOT_WRITTEN("not_written");

        private final String code;

        Result(String code) {
            this.code = code;
        }

        /** A stable word for programs. */
        public String code() {
            return code;
        }
    }

    /**
     * The answer.
     *
     * @param line in words, for the page
     * @param password the one that was made up, to be shown once; this record's text does not show it
     */
    record Answer(Result result, String line, Optional<String> password) {
        public Answer {
            Objects.requireNonNull(result, "result");
            Objects.requireNonNull(line, "line");
            Objects.requireNonNull(password, "password");
        }

        /** An answer without a password. */
        public static Answer of(Result result, String line) {
            return new Answer(result, line, Optional.empty());
        }

        @Override
        public String toString() {
            return "Answer[%s, %s]".formatted(result, line);
        }
    }

    /** All accounts, in the file's order. */
    List<Account> list();

    /** Makes an account, with a readable password of the broker's choice if none is given. */
    Answer add(String user, Optional<String> password, String staff);

    /** Gives an account another password, likewise; its connections end, and its further passwords are gone. */
    Answer setPassword(String user, Optional<String> password, String staff);

    /** Removes an account; its connections end and its sessions are forgotten. */
    Answer remove(String user, String staff);

    /** Takes one of a user's further passwords away; the user's connections end. */
    Answer revokePassword(String user, String name, String staff);

    /** Has one of a user's certificates refused from now on; who is connected with it is cut off. */
    Answer revokeCertificate(String user, String name, String staff);
}
