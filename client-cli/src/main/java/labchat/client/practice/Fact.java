package labchat.client.practice;

import java.util.Arrays;
import java.util.Optional;
import labchat.protocol.topic.ChatKind;

/**
 * What the partner may come to know of a team's program. Each is either observed, or told by the team, where a partner
 * cannot observe it: the broker tells nobody what another has subscribed to.
 */
enum Fact {
    CONNECTED("connected", Check.CONNECTED),
    GETS_MESSAGES("gets_message", Check.SUBSCRIBED),
    GETS_DELIVERED("gets_delivered", Check.SUBSCRIBED),
    GETS_READ("gets_read", Check.SUBSCRIBED),
    GETS_TYPING("gets_typing", Check.SUBSCRIBED),
    MESSAGE_SENT("message_sent", Check.MESSAGE_SENT),
    DELIVERED_SENT("delivered_sent", Check.DELIVERED_SENT),
    READ_SENT("read_sent", Check.READ_SENT),
    TYPING_PACED("typing_paced", Check.TYPING_PACED),
    SURVIVES("survives_bad_json", Check.SURVIVES);

    private final String word;
    private final Check check;

    Fact(String word, Check check) {
        this.word = word;
        this.check = check;
    }

    /** Stable; the file has it. */
    String word() {
        return word;
    }

    /** The line of the list that it is a part of. */
    Check check() {
        return check;
    }

    static Optional<Fact> of(String word) {
        return Arrays.stream(values()).filter(fact -> fact.word.equals(word)).findFirst();
    }

    /** That publishes of this kind reach the team's program. */
    static Fact gets(ChatKind kind) {
        return switch (kind) {
            case MESSAGE -> GETS_MESSAGES;
            case DELIVERED -> GETS_DELIVERED;
            case READ -> GETS_READ;
            case TYPING -> GETS_TYPING;
        };
    }
}
