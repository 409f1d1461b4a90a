package labchat.protocol.codec;

import java.util.Objects;
import labchat.protocol.event.ChatEvent;

/** What a payload turned out to be. */
public sealed interface DecodeResult {

    /** The payload is well formed; whether it is true (sender, receiver) is for others to judge. */
    record Decoded(ChatEvent event) implements DecodeResult {
        public Decoded {
            Objects.requireNonNull(event, "event");
        }
    }

    /**
     * The payload breaks a rule.
     *
     * @param reason what is wrong, where, and what was expected, for the payload's author
     */
    record Rejected(RejectCode code, String reason) implements DecodeResult {
        public Rejected {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
