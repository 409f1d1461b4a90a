package labchat.broker.chat;

import java.util.Objects;
import java.util.Optional;
import labchat.broker.event.Refusal;
import labchat.protocol.event.ChatEvent;

/** What is to be done with a publish on one of the four kinds. */
public sealed interface ChatVerdict {

    /**
     * It is passed on.
     *
     * @param event what it says; empty if it could not be read or was not looked at
     * @param warning what is wrong with it all the same ({@code validation warn})
     */
    record Accepted(Optional<ChatEvent> event, Optional<Refusal> warning) implements ChatVerdict {
        public Accepted {
            Objects.requireNonNull(event, "event");
            Objects.requireNonNull(warning, "warning");
        }
    }

    /** It is not passed on. */
    record Rejected(Ground ground, Refusal refusal) implements ChatVerdict {
        public Rejected {
            Objects.requireNonNull(ground, "ground");
            Objects.requireNonNull(refusal, "refusal");
        }
    }

    /** What kind of rule was broken; decides the reason code that an MQTT 5 publisher gets. */
    enum Ground {
        /** The publisher may not say this: 0x87. */
        NOT_AUTHORIZED,
        /** The payload is not the protocol's: 0x99. */
        PAYLOAD,
        /** The topic names nobody: 0x90. */
        TOPIC
    }
}
