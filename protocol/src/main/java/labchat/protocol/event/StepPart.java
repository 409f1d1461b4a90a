package labchat.protocol.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How one part of a step of the lab stands.
 *
 * @param word stable, for programs
 * @param title for people, a few words
 * @param done when it was first seen to work; empty while it is open
 * @param detail what was seen, a few words; empty if nothing was
 * @param todo what to do to get it done; never an answer to the lab's questions
 * @param problem what was last seen to be wrong; empty if nothing was, or it was done rightly since
 */
public record StepPart(
        String word, String title, Optional<Instant> done, String detail, String todo, Optional<Problem> problem) {

    public StepPart {
        Objects.requireNonNull(word, "word");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(done, "done");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(todo, "todo");
        Objects.requireNonNull(problem, "problem");
    }

    /**
     * Something that went wrong.
     *
     * @param code of docs/diagnostics.md; empty if the server refused nothing and only the rule of the step is broken
     * @param hint empty if there is nothing to add
     */
    public record Problem(Instant at, String code, String reason, String hint) {
        public Problem {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(hint, "hint");
        }
    }
}
