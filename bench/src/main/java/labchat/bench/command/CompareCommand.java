package labchat.bench.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import labchat.bench.compare.Comparison;
import labchat.bench.report.BenchException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code compare}, which the script {@code bench/compare} calls. */
@Command(
        name = "compare",
        description = {
            "Starts brokers in turn, freshly for each run, lets the same workloads run against each and prints medians, in"
                    + " brackets the ratio to Mosquitto in the same round. Without --quick it takes an hour and a half, and writes"
                    + " the tables into docs/performance.md."
        })
final class CompareCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandSpec spec;

    @Option(names = "--help", usageHelp = true, description = "This text.")
    private boolean help;

    @Option(names = "--root", hidden = true, defaultValue = ".")
    private Path root;

    @Option(
            names = "--quick",
            description = "The most important workloads and brokers, in less than five minutes; nothing is written.")
    private boolean quick;

    @Option(names = "--rounds", description = "How often each run is made at the most; 3 by default.")
    private Integer rounds;

    @Option(
            names = "--minutes",
            description = "No round is begun that would end later; 120 by default, 3.5 with --quick.")
    private Double minutes;

    @Option(names = "--seconds", description = "Measured in each run; 8 by default, 3 with --quick.")
    private Double seconds;

    @Option(names = "--warm-up", description = "Seconds before that; 12 by default, 2 with --quick.")
    private Double warmUp;

    @Option(names = "--workload", split = ",", description = "Only these; the names are those of the progress lines.")
    private Set<String> workloads = new LinkedHashSet<>();

    @Option(names = "--server", split = ",", description = "Only these; such as mosquitto,labchat.")
    private Set<String> servers = new LinkedHashSet<>();

    @Option(names = "--no-page", description = "Leave docs/performance.md as it is.")
    private boolean noPage;

    @Override
    public Integer call() {
        Path folder = root.toAbsolutePath().normalize();
        if (!Files.exists(folder.resolve("acl.conf"))) {
            throw new BenchException("%s is not the project's folder; start it with bench/compare".formatted(folder));
        }
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        String options = String.join(" ", given)
                .replaceFirst("^compare ?", "")
                .replaceAll("--root \\S+ ?", "")
                .trim();
        new Comparison(
                        new Comparison.Options(
                                folder,
                                quick,
                                rounds != null ? rounds : 3,
                                minutes != null ? minutes : quick ? 3.5 : 120,
                                warmUp != null ? warmUp : quick ? 2 : 12,
                                seconds != null ? seconds : quick ? 3 : 8,
                                workloads,
                                servers,
                                quick || noPage ? null : folder.resolve("docs/performance.md"),
                                ("bench/compare " + options).trim()),
                        Clock.systemUTC())
                .run();
        return 0;
    }
}
