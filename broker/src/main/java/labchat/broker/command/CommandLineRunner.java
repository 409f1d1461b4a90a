package labchat.broker.command;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import labchat.broker.config.Suggestion;
import picocli.CommandLine;

/** Reads the arguments, runs what they name, and turns every error into one line and an exit status. */
public final class CommandLineRunner {

    /** The program's name if it is not started by {@code java -jar broker.jar}; a package's script sets it. */
    private static final Optional<String> NAME = Optional.ofNullable(System.getProperty("labchat.command"));

    private CommandLineRunner() {}

    /** Runs to the end, or until the broker is stopped; returns the exit status. Throws nothing. */
    public static int run(String[] args) {
        applyColor(List.of(args));
        CommandLine commandLine = new CommandLine(new RootCommand());
        NAME.ifPresent(commandLine::setCommandName);
        // As everywhere, the last one wins: scripts add to what others have written.
        commandLine.setOverwrittenOptionsAllowed(true);
        commandLine.setParameterExceptionHandler(CommandLineRunner::wrongUsage);
        commandLine.setExecutionExceptionHandler((error, command, result) -> failed(error, command));
        try {
            return commandLine.execute(args);
        } catch (Throwable e) {
            return failed(e, commandLine);
        }
    }

    /** Color decides how the help itself is written, so that it must be known before the arguments are read. */
    private static void applyColor(List<String> args) {
        String color = "auto";
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i).startsWith("--color=")) {
                color = args.get(i).substring("--color=".length());
            } else if (args.get(i).equals("--color") && i + 1 < args.size()) {
                color = args.get(i + 1);
            }
        }
        switch (color) {
            case "always" -> System.setProperty("picocli.ansi", "true");
            case "never" -> System.setProperty("picocli.ansi", "false");
            default -> System.clearProperty("picocli.ansi");
        }
    }

    private static int wrongUsage(CommandLine.ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(Messages.error(describe(error)));
        err.println("See: %s%s --help"
                .formatted(
                        NAME.isPresent() ? "" : "java -jar ",
                        command.getCommandSpec().qualifiedName()));
        return ExitCode.USAGE;
    }

    private static String describe(CommandLine.ParameterException error) {
        if (!(error instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return Messages.of(error).replaceFirst("^Error: ", "");
        }
        String first = unmatched.getUnmatched().get(0);
        CommandLine.Model.CommandSpec command = error.getCommandLine().getCommandSpec();
        boolean option = first.startsWith("-");
        String name = option ? first.replaceFirst("=.*", "") : first;
        String meant = Suggestion.nearest(
                        name,
                        option
                                ? command.optionsMap().keySet()
                                : command.subcommands().keySet())
                .map("; did you mean %s?"::formatted)
                .orElse("");
        return "unknown %s \"%s\"%s".formatted(option ? "option" : "argument", name, meant);
    }

    private static int failed(Throwable error, CommandLine command) {
        PrintWriter err = command.getErr();
        boolean verbose = Arrays.asList(
                        command.getParseResult() == null
                                ? new String[0]
                                : command.getParseResult().originalArgs().toArray(new String[0]))
                .contains("--verbose");
        if (error instanceof CommandFailure failure) {
            failure.lines().forEach(line -> err.println(Messages.error(line)));
        } else {
            err.println(Messages.error(Messages.of(error)));
        }
        if (verbose) {
            error.printStackTrace(err);
        }
        err.flush();
        return error instanceof CommandFailure failure ? failure.exitCode() : ExitCode.FAILURE;
    }
}
