package labchat.protocol.event;

import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/** One publish of one of the four kinds. */
public sealed interface ChatEvent permits ChatMessage, Receipt, Typing {

    /** Who sends it. */
    ChatId sender();

    /** In whose part of the tree it is published: a user or a room. */
    ChatId receiver();

    /** Which of the four kinds it is. */
    ChatKind kind();

    /** Does one thing for each kind; the compiler reports a forgotten one. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of event. */
    interface Visitor<R> {
        R message(ChatMessage message);

        R receipt(Receipt receipt);

        R typing(Typing typing);
    }
}
