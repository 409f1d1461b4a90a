package labchat.client.ui;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import labchat.client.session.ChatSession;
import labchat.client.session.SessionEvent;
import labchat.protocol.identity.ChatId;

/** A chat with its user, from the first connection to the goodbye. */
public interface ChatUi {

    /**
     * Runs the chat on the calling thread. The session it makes is left open, so that its caller can see to what was
     * not sent.
     *
     * @param sessions makes the session for a listener
     */
    ChatResult run(Function<Consumer<SessionEvent>, ChatSession> sessions);

    /**
     * Shows a line of the client's own while the chat runs. May be called by any thread; returns at once.
     *
     * @param about whose conversation it belongs to; empty for none
     */
    default void note(Optional<ChatId> about, String text) {}
}
