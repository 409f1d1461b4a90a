package labchat.client.ui.full;

import java.util.Optional;
import java.util.function.Consumer;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionFailure;
import labchat.protocol.event.ChatEvent;

/** What the reactions may do beside changing the model. Called on the screen's thread; nothing here waits. */
interface Outside {

    /** Hands it to the session. */
    void publish(ChatEvent event);

    /** Asks the server; one of the two is called later, on the screen's thread. */
    <A> void ask(ServerRequest<A> request, Consumer<A> answered, Consumer<SessionFailure> failed);

    /** Draws attention, if the user is to be told that way. */
    void notify(String words);

    /** Keeps a preference for the next time; says why if that cannot be done. */
    Optional<String> keep(String name, String value);

    /** Takes the mouse, or leaves it to the terminal. */
    void mouse(boolean on);

    /** Gives the terminal back to the shell until the user comes back. */
    void suspend();

    /** Draws everything anew. */
    void redraw();

    /** Ends the chat; with a failure if it was not the user's wish. */
    void leave(Optional<SessionFailure> failure);

    /** Ends the chat at once. */
    void interrupt();
}
