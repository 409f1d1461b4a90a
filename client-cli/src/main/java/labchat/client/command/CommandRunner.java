package labchat.client.command;

import picocli.CommandLine;

/** Runs a command line to its exit code. */
public final class CommandRunner {

    private CommandRunner() {}

    /** Understands and runs the arguments; everything that can go wrong has been told when it returns. */
    public static int run(String... arguments) {
        LabchatCommand root = new LabchatCommand();
        CommandLine line = new CommandLine(root);
        line.setParameterExceptionHandler((problem, given) -> ErrorReport.usage(problem));
        line.setExecutionExceptionHandler((thrown, command, parsed) -> ErrorReport.failure(thrown, root.debug()));
        return line.execute(arguments);
    }
}
