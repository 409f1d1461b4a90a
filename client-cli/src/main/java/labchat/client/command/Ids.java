package labchat.client.command;

import java.util.Optional;
import labchat.client.options.UsageException;
import labchat.protocol.identity.ChatId;

/** Reads ids from the command line. */
final class Ids {

    private Ids() {}

    /**
     * Reads an id that may be missing.
     *
     * @param what names it in the error
     */
    static Optional<ChatId> parse(String what, String value) throws UsageException {
        if (value == null) {
            return Optional.empty();
        }
        Optional<String> problem = ChatId.problem(value);
        if (problem.isPresent()) {
            throw new UsageException("%s \"%s\": %s".formatted(what, value, problem.get()));
        }
        return Optional.of(new ChatId(value));
    }
}
