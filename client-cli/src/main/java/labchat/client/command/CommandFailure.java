package labchat.client.command;

import labchat.client.session.SessionFailure;
import labchat.client.ui.Output.OutputException;

/**
 * A command cannot do what it was asked; the message is for the user, one line for each problem, none if there is nothing to say.
 */
public final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    CommandFailure(int exitCode, String message) {
        this(exitCode, message, null);
    }

    CommandFailure(SessionFailure failure) {
        this(ExitCode.of(failure.kind()), failure.message());
    }

    /** The exit code says it all. */
    static CommandFailure silent(int exitCode) {
        return new CommandFailure(exitCode, "");
    }

    /** Standard output cannot be written; silent if only its reader has gone. */
    static CommandFailure of(OutputException cause) {
        return cause.isClosedPipe()
                ? new CommandFailure(ExitCode.CLOSED_PIPE, "", cause)
                : new CommandFailure(ExitCode.FAILURE, cause.getMessage(), cause);
    }

    int exitCode() {
        return exitCode;
    }
}
