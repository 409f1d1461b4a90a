package labchat.bench.command;

import java.util.concurrent.Callable;
import labchat.bench.load.FanoutLoad;
import labchat.bench.report.BenchException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fanout}. */
@Command(name = "fanout", description = "One client writes to all others: to each of them, or to a room.")
final class FanoutCommand implements Callable<Integer> {

    @Option(names = "--help", usageHelp = true, description = "This text.")
    private boolean help;

    @Mixin
    private LoadOptions load;

    @Mixin
    private MeasureOptions measure;

    @Option(
            names = "--receivers",
            defaultValue = "36",
            description = "How many get each message; ${DEFAULT-VALUE} by default.")
    private int receivers;

    @Option(
            names = "--to",
            defaultValue = "room",
            description =
                    "\"room\": one publish that everybody gets; \"all\": a publish to each; ${DEFAULT-VALUE} by default.")
    private String to;

    @Option(names = "--room", defaultValue = "bench_room", description = "The room's id; ${DEFAULT-VALUE} by default.")
    private String room;

    @Option(
            names = "--membership",
            description =
                    "The server keeps the members of rooms, so create the room and join it first; else a subscription is enough.")
    private boolean membership;

    @Option(names = "--window", description = "Rounds under way at once; 4 by default, unless there is --rate.")
    private Integer window;

    @Option(names = "--rate", defaultValue = "0", description = "Rounds a second, in place of --window.")
    private int rate;

    @Override
    public Integer call() {
        measure.check();
        if (!to.equals("room") && !to.equals("all")) {
            throw new BenchException("--to \"%s\": room and all are possible".formatted(to));
        }
        return load.run((crowd, server) -> new FanoutLoad(
                        crowd,
                        new FanoutLoad.Options(
                                receivers,
                                measure.qos,
                                window != null ? window : rate > 0 ? 0 : 4,
                                rate,
                                to.equals("room") ? room : null,
                                membership,
                                measure.textLength,
                                measure.warmUp,
                                measure.seconds,
                                measure.drain,
                                measure.late))
                .run(server));
    }
}
