package labchat.bench.command;

import java.util.concurrent.Callable;
import labchat.bench.load.OfflineLoad;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code offline}. */
@Command(name = "offline", description = "Messages for users who are not there; then all come back and get them.")
final class OfflineCommand implements Callable<Integer> {

    @Option(names = "--help", usageHelp = true, description = "This text.")
    private boolean help;

    @Mixin
    private LoadOptions load;

    @Option(names = "--receivers", defaultValue = "36", description = "How many are away; ${DEFAULT-VALUE} by default.")
    private int receivers;

    @Option(names = "--messages", defaultValue = "500", description = "For each of them; ${DEFAULT-VALUE} by default.")
    private int messages;

    @Option(names = "--qos", defaultValue = "1", description = "1 or 2; ${DEFAULT-VALUE} by default.")
    private int qos;

    @Option(
            names = "--window",
            defaultValue = "100",
            description = "Messages not acknowledged; ${DEFAULT-VALUE} by default.")
    private int window;

    @Option(
            names = "--no-session",
            description = "The receivers leave no session behind: what the server keeps for users of its own accord.")
    private boolean noSession;

    @Option(
            names = "--text-length",
            defaultValue = "32",
            description = "Characters of a message; ${DEFAULT-VALUE} by default.")
    private int textLength;

    @Option(
            names = "--drain",
            defaultValue = "5",
            description =
                    "After so many seconds in which nothing comes any more, what is missing is lost; ${DEFAULT-VALUE} by default.")
    private int drain;

    @Override
    public Integer call() {
        return load.run((crowd, server) -> new OfflineLoad(
                        crowd, new OfflineLoad.Options(receivers, messages, qos, window, !noSession, textLength, drain))
                .run(server));
    }
}
