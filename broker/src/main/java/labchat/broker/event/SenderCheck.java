package labchat.broker.event;

import java.util.Optional;
import labchat.protocol.identity.ChatId;

/** Nobody speaks in another's name: neither in chat nor in a request to the server. */
public final class SenderCheck {

    private SenderCheck() {}

    /**
     * Why somebody may not speak in this name; empty if they may. A client without a name is taken at its word.
     *
     * @param user who is logged in; empty for a client without a name
     * @param sender who the payload says it is from
     */
    public static Optional<Refusal> problem(Optional<String> user, ChatId sender) {
        return user.filter(name -> !name.equals(sender.value()))
                .map(name -> Refusal.of(
                        "sender_mismatch",
                        "\"sender\" is \"%s\", but you are logged in as \"%s\"".formatted(sender, name)));
    }
}
