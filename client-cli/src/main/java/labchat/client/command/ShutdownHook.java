package labchat.client.command;

import labchat.client.practice.PartnerLoop;
import labchat.client.session.ChatSession;

/** Says goodbye to the server also when a signal ends the process, so that no lost connection is reported there. */
final class ShutdownHook {

    private ShutdownHook() {}

    /** Writes down what a partner has seen. */
    static void closeAtExit(PartnerLoop loop) {
        Runtime.getRuntime().addShutdownHook(new Thread(loop::close, "labchat-lists"));
    }

    /** Does this when a signal ends the process, and also after the command has ended by itself. */
    static void atExit(Runnable task) {
        Runtime.getRuntime().addShutdownHook(new Thread(task, "labchat-summary"));
    }

    static void closeAtExit(ChatSession session) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(session::close, "labchat-goodbye"));
        } catch (IllegalStateException e) {
            // The process is ending already, and with it the connection that was not yet made.
            session.close();
        }
    }
}
