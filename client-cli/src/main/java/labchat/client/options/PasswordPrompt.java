package labchat.client.options;

import java.util.Optional;
import labchat.protocol.identity.ChatId;

/** Asks a person: for a password, without showing it, or for a yes. */
@FunctionalInterface
public interface PasswordPrompt {

    /** The password; empty if there is no terminal to ask on, or the person gave up. */
    Optional<String> ask(ChatId user);

    /** Whether the person says yes; empty if there is no terminal to ask on, or the person gave up. */
    default Optional<Boolean> confirm(String question) {
        return Optional.empty();
    }
}
