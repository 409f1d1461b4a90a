package labchat.broker.reload;

import java.util.List;
import labchat.broker.config.ConfigProblem;

/**
 * A part of the broker that takes new files in while it runs, in two steps, so that a reload does all or nothing. Called by
 * one thread at a time, never by an event loop.
 */
public interface LivePart {

    /** What is ready to be taken in. */
    interface Prepared {
        /** Why it cannot be; then nothing is, of no part. */
        default List<ConfigProblem> problems() {
            return List.of();
        }

        /**
         * Takes it in. Called only if no part has problems; must not fail.
         *
         * @param done gets a line, in words for staff, for each thing that has changed
         */
        void apply(List<String> done);
    }

    /** Reads and checks what it needs beside the files, and changes nothing. */
    Prepared prepare(NewFiles next);
}
