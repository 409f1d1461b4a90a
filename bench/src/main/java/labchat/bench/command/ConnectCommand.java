package labchat.bench.command;

import java.util.concurrent.Callable;
import labchat.bench.load.ConnectLoad;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code connect}. */
@Command(name = "connect", description = "Users log in and out; each one's first login is reported apart.")
final class ConnectCommand implements Callable<Integer> {

    @Option(names = "--help", usageHelp = true, description = "This text.")
    private boolean help;

    @Mixin
    private LoadOptions load;

    @Option(names = "--clients", defaultValue = "1000", description = "How many users; ${DEFAULT-VALUE} by default.")
    private int clients;

    @Option(
            names = "--rounds",
            defaultValue = "6",
            description = "How often each logs in; ${DEFAULT-VALUE} by default. The first round is the first logins.")
    private int rounds;

    @Option(
            names = "--at-once",
            defaultValue = "32",
            description = "Logins under way at the same time; ${DEFAULT-VALUE} by default.")
    private int atOnce;

    @Option(
            names = "--warm-up",
            defaultValue = "0",
            description =
                    "Logins of further users before that, so that the server has been at work for a while; ${DEFAULT-VALUE} by default.")
    private int warmUp;

    @Override
    public Integer call() {
        return load.run((crowd, server) ->
                new ConnectLoad(crowd, new ConnectLoad.Options(clients, rounds, atOnce, warmUp)).run(server));
    }
}
