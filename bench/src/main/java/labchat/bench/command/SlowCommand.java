package labchat.bench.command;

import java.util.concurrent.Callable;
import labchat.bench.load.ChatLoad;
import labchat.bench.report.BenchException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slow}. */
@Command(
        name = "slow",
        description = "Chat, first as it is, then with some readers who read nothing and get every hundredth message.")
final class SlowCommand implements Callable<Integer> {

    @Option(names = "--help", usageHelp = true, description = "This text.")
    private boolean help;

    @Mixin
    private LoadOptions load;

    @Mixin
    private MeasureOptions measure;

    @Option(names = "--clients", defaultValue = "36", description = "Those who read; ${DEFAULT-VALUE} by default.")
    private int clients;

    @Option(names = "--slow", defaultValue = "4", description = "Those who do not; ${DEFAULT-VALUE} by default.")
    private int slow;

    @Option(
            names = "--window",
            description = "Messages that each client has under way; 4 by default, unless there is --rate.")
    private Integer window;

    @Option(names = "--rate", defaultValue = "0", description = "All clients' messages a second, in place of --window.")
    private int rate;

    @Override
    public Integer call() {
        measure.check();
        if (slow < 1) {
            throw new BenchException("--slow %d: at least 1 is needed".formatted(slow));
        }
        return load.run((crowd, server) -> new ChatLoad(
                        crowd,
                        new ChatLoad.Options(
                                clients,
                                measure.qos,
                                window != null ? window : rate > 0 ? 0 : 4,
                                rate,
                                false,
                                true,
                                measure.textLength,
                                measure.warmUp,
                                measure.warmUpMessages,
                                measure.seconds,
                                measure.drain,
                                measure.late,
                                slow))
                .run(server));
    }
}
