package labchat.client.ui;

import java.util.function.Consumer;
import java.util.function.Function;
import labchat.client.session.ChatSession;
import labchat.client.session.SessionEvent;

/** A chat with its user, from the first connection to the goodbye. */
@FunctionalInterface
public interface ChatUi {

    /**
     * Runs the chat on the calling thread. The session it makes is left open, so that its caller can see to what was
     * not sent.
     *
     * @param sessions makes the session for a listener
     */
    ChatResult run(Function<Consumer<SessionEvent>, ChatSession> sessions);
}
