package labchat.bench.command;

import java.util.concurrent.Callable;
import labchat.bench.load.ChatLoad;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code chat}. */
@Command(
        name = "chat",
        description = "Everybody writes to everybody else in turn; receivers answer with \"delivered\".",
        mixinStandardHelpOptions = false)
final class ChatCommand implements Callable<Integer> {

    @Option(names = "--help", usageHelp = true, description = "This text.")
    private boolean help;

    @Mixin
    private LoadOptions load;

    @Mixin
    private MeasureOptions measure;

    @Option(names = "--clients", defaultValue = "36", description = "How many; ${DEFAULT-VALUE} by default.")
    private int clients;

    @Option(
            names = "--window",
            description = "Messages that each client has under way; 4 by default, unless there is --rate.")
    private Integer window;

    @Option(names = "--rate", defaultValue = "0", description = "All clients' messages a second, in place of --window.")
    private int rate;

    @Option(names = "--rising", description = "The rate rises from nothing to its full value during the warm-up.")
    private boolean rising;

    @Option(names = "--no-receipts", description = "Receivers do not answer.")
    private boolean noReceipts;

    @Override
    public Integer call() {
        measure.check();
        return load.run((crowd, server) -> new ChatLoad(crowd, options(0)).run(server));
    }

    private ChatLoad.Options options(int slow) {
        return new ChatLoad.Options(
                clients,
                measure.qos,
                window != null ? window : rate > 0 ? 0 : 4,
                rate,
                rising,
                !noReceipts,
                measure.textLength,
                measure.warmUp,
                measure.warmUpMessages,
                measure.seconds,
                measure.drain,
                measure.late,
                slow);
    }
}
