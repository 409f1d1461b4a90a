package labchat.broker.staff;

import java.util.List;

/**
 * What staff do to the running broker. Methods may block for as long as a file takes; they are not called on connections'
 * threads.
 */
public interface StaffActions {

    /**
     * What became of it.
     *
     * @param done whether it was done
     * @param lines in words, for the page
     */
    record Outcome(boolean done, List<String> lines) {
        public Outcome {
            lines = List.copyOf(lines);
        }

        /** It was done. */
        public static Outcome done(String line) {
            return new Outcome(true, List.of(line));
        }

        /** It was not done. */
        public static Outcome refused(String line) {
            return new Outcome(false, List.of(line));
        }
    }

    /** Ends all connections of a user. */
    Outcome disconnect(String user, String staff);

    /** Reads settings, users and rights anew. */
    Outcome reload();

    /** Says a line to everybody, as a message of {@code server}. */
    Outcome announce(String text);
}
