package labchat.client.command;

import labchat.client.session.ChatSession;

/** Says goodbye to the server also when a signal ends the process, so that no lost connection is reported there. */
final class ShutdownHook {

    private ShutdownHook() {}

    static void closeAtExit(ChatSession session) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(session::close, "labchat-goodbye"));
        } catch (IllegalStateException e) {
            // The process is ending already, and with it the connection that was not yet made.
            session.close();
        }
    }
}
