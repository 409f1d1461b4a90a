package labchat.protocol.event;

import java.util.Objects;
import labchat.protocol.identity.ChatId;

/**
 * The server's explanation of a mistake, to the account that made it.
 *
 * @param receiver the account
 * @param code a stable word, such as {@code invalid_json}; each is explained in docs/diagnostics.md
 * @param topic the topic or filter it is about; empty if none
 * @param reason what is wrong and where
 * @param hint what to do; empty if there is nothing to add
 * @param payload the beginning of what was sent; empty if nothing was
 */
public record Diagnostic(ChatId receiver, String code, String topic, String reason, String hint, String payload) {

    /** The last level of the topic that diagnostics are published on. */
    public static final String LEVEL = "diagnostics";

    /** How much of the payload is quoted, in characters. */
    public static final int QUOTED_CHARACTERS = 200;

    public Diagnostic {
        Objects.requireNonNull(receiver, "receiver");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(hint, "hint");
        Objects.requireNonNull(payload, "payload");
        if (payload.length() > QUOTED_CHARACTERS) {
            int cut = Character.isHighSurrogate(payload.charAt(QUOTED_CHARACTERS - 1))
                    ? QUOTED_CHARACTERS - 1
                    : QUOTED_CHARACTERS;
            payload = payload.substring(0, cut);
        }
    }
}
