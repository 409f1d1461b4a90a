package labchat.bench.command;

import java.util.concurrent.Callable;
import labchat.bench.load.IdleLoad;
import labchat.bench.report.BenchException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code idle}. */
@Command(name = "idle", description = "Connections that do nothing: what memory each takes of the server. Needs --pid.")
final class IdleCommand implements Callable<Integer> {

    @Option(names = "--help", usageHelp = true, description = "This text.")
    private boolean help;

    @Mixin
    private LoadOptions load;

    @Option(names = "--clients", defaultValue = "10000", description = "How many; ${DEFAULT-VALUE} by default.")
    private int clients;

    @Option(names = "--no-subscription", description = "They only connect; else each subscribes to its user's tree.")
    private boolean noSubscription;

    @Override
    public Integer call() {
        return load.run((crowd, server) -> {
            if (server == null) {
                throw new BenchException("idle looks at the server's memory: say which process it is with --pid");
            }
            return new IdleLoad(crowd, clients, !noSubscription).run(server);
        });
    }
}
