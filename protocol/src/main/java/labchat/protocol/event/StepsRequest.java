package labchat.protocol.event;

import java.util.Objects;
import labchat.protocol.identity.ChatId;

/**
 * Asks the server how far the asker's own program is with a step of the lab; published to {@code ROOT/server/steps}.
 *
 * @param sender who asks; nobody can ask about another
 * @param step the lab's number for it
 * @param run names what is seen from the first request with this name on; 1 to {@value #MOST_RUN} characters
 * @param seen the {@link StepsAnswer#version} that the asker has already, so that the answer may wait for another; or
 *     empty
 */
public record StepsRequest(ChatId sender, int step, String run, String seen) {

    /** The last level of the topics of these requests and of their answers. */
    public static final String LEVEL = "steps";

    /** How long the name of a run may be, in characters. */
    public static final int MOST_RUN = 32;

    public StepsRequest {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(seen, "seen");
        if (run.isEmpty() || run.length() > MOST_RUN) {
            throw new IllegalArgumentException("the name of a run has 1 to %d characters".formatted(MOST_RUN));
        }
    }
}
