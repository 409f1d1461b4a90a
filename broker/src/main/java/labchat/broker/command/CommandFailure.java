package labchat.broker.command;

import java.util.List;
import labchat.broker.config.ConfigProblem;

/** A command cannot be carried out: what to tell the user, in as many lines as there are problems, and the status. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;
    private final int exitCode;

    private CommandFailure(int exitCode, List<String> lines, Throwable cause) {
        super(String.join("; ", lines), cause);
        this.exitCode = exitCode;
        this.lines = List.copyOf(lines);
    }

    static CommandFailure failure(String message) {
        return new CommandFailure(ExitCode.FAILURE, List.of(message), null);
    }

    static CommandFailure failure(String message, Throwable cause) {
        return new CommandFailure(ExitCode.FAILURE, List.of(message), cause);
    }

    static CommandFailure usage(String message) {
        return new CommandFailure(ExitCode.USAGE, List.of(message), null);
    }

    static CommandFailure usage(List<String> lines) {
        return new CommandFailure(ExitCode.USAGE, lines, null);
    }

    /** The same, with the status of something that cannot be read. */
    CommandFailure asUsage() {
        return new CommandFailure(ExitCode.USAGE, lines, this);
    }

    static CommandFailure problems(List<ConfigProblem> problems) {
        return new CommandFailure(
                ExitCode.USAGE, problems.stream().map(ConfigProblem::toString).toList(), null);
    }

    List<String> lines() {
        return lines;
    }

    int exitCode() {
        return exitCode;
    }
}
