package labchat.broker.command;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * What was opened, to be closed in reverse: at Ctrl-C or SIGTERM, after which the process ends with status 0, or when
 * the start fails.
 */
final class Closing {

    /** The process must be gone within three seconds. */
    private static final long MAX_MILLIS = 2_700;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Thread hook = new Thread(this::closeAndHalt, "labchat-shutdown");

    /** From here on, a signal closes what was opened by then. */
    void onSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Has it closed before everything that was opened earlier. */
    synchronized <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Closes all, because the start failed. */
    void giveUp() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The signal was faster: the hook is closing, and will end the process.
            return;
        }
        close();
    }

    private synchronized void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                System.err.println(Messages.warning("while stopping: " + e.getMessage()));
            }
        }
    }

    private void closeAndHalt() {
        Thread closer = new Thread(this::close, "labchat-close");
        closer.setDaemon(true);
        closer.start();
        boolean closed = false;
        try {
            closer.join(MAX_MILLIS);
            closed = !closer.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!closed) {
            System.err.println(Messages.error("could not stop within %d s; some last lines of the logs may be missing"
                    .formatted(TimeUnit.MILLISECONDS.toSeconds(MAX_MILLIS + 999))));
        }
        System.out.flush();
        System.err.flush();
        // Without this, a process that a signal ended would not end with 0.
        Runtime.getRuntime().halt(closed ? ExitCode.GOOD : ExitCode.FAILURE);
    }
}
