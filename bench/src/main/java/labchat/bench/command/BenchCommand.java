package labchat.bench.command;

import labchat.bench.report.BenchException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line as a whole. */
@Command(
        name = "bench.jar",
        description = {
            "Load for an MQTT broker that carries the chat, and what it makes of it.",
            "Each run prints one line of JSON: what was sent, acknowledged, delivered, lost, came twice or late; rates count"
                    + " only what has arrived. Durations are in microseconds."
        },
        subcommands = {
            ChatCommand.class,
            FanoutCommand.class,
            ConnectCommand.class,
            IdleCommand.class,
            OfflineCommand.class,
            SlowCommand.class,
            UsersCommand.class,
            CompareCommand.class
        })
public final class BenchCommand implements Runnable {

    private static final int FAILED = 1;

    @Option(names = "--help", usageHelp = true, description = "This text; after a workload, that workload's.")
    private boolean help;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** Runs a command line; gives the exit code: 0, 1 if it failed, 2 if it is wrong. */
    public static int execute(String... arguments) {
        return new CommandLine(new BenchCommand())
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    if (problem instanceof BenchException) {
                        System.err.println("bench: " + problem.getMessage());
                        return FAILED;
                    }
                    throw problem;
                })
                .setParameterExceptionHandler((problem, given) -> {
                    System.err.println("bench: " + problem.getMessage());
                    System.err.println("       See: java -jar bench.jar %s --help"
                            .formatted(problem.getCommandLine().getCommandName().replace("bench.jar", ""))
                            .replaceAll(" +", " "));
                    return CommandLine.ExitCode.USAGE;
                })
                .execute(arguments);
    }
}
