package labchat.broker.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.Suggestion;
import labchat.broker.diagram.Diagram;
import labchat.broker.diagram.DiagramBuilder;
import labchat.broker.diagram.DiagramFormat;
import labchat.broker.traffic.TrafficFilter;
import labchat.broker.traffic.TrafficReader;
import labchat.broker.traffic.TrafficRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code diagram}: a sequence diagram of packets in the traffic log. */
@Command(
        name = "diagram",
        description = {
            "Draws what two users and the broker said to each other, from the traffic log or a",
            "recording, or compares a diagram of your own with it. Every arrow is a packet;",
            "several typing hints in a row are one arrow."
        },
        versionProvider = Version.class,
        sortOptions = false)
final class DiagramCommand implements Callable<Integer> {

    private static final int NAMED = 12;

    /** How many arrows a comparison looks at: with the acknowledgements, more than are worth drawing. */
    private static final int COMPARED = 2_000;

    /** The words are what is typed. */
    enum Format {
        mermaid(DiagramFormat.MERMAID),
        plantuml(DiagramFormat.PLANTUML),
        svg(DiagramFormat.SVG),
        text(DiagramFormat.TEXT);

        private final DiagramFormat format;

        Format(DiagramFormat format) {
            this.format = format;
        }
    }

    @Option(order = 1, names = "--between", paramLabel = "NAME", arity = "2", description = "The two.")
    private List<String> between = List.of();

    @Option(
            order = 2,
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (default), svg, mermaid or plantuml.")
    private Format format;

    @Option(
            order = 3,
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to; a file that exists is not touched (default: standard output).")
    private Path output;

    @Option(order = 4, names = "--acks", description = "Show acknowledgements too; those that refuse are always shown.")
    private boolean acknowledgements;

    @Option(
            order = 5,
            names = "--all",
            description = "Show what they say to others too; otherwise only what concerns both.")
    private boolean everything;

    @Option(
            order = 6,
            names = "--max",
            paramLabel = "COUNT",
            defaultValue = "500",
            description = "How many arrows at most (default: 500); of more, the last.")
    private int max;

    @Option(
            order = 9,
            names = "--recording",
            paramLabel = "FILE",
            description = {
                "Of a recording instead of the traffic log; a name alone is looked for here, then in",
                "recordings/ in the data directory. The names are those of the recording."
            })
    private String recording;

    @Mixin
    private CompareOptions comparison;

    @Mixin
    private TimeOptions times;

    @Mixin
    private TrafficOptions traffic;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        if (!comparison.isAsked()) {
            return run();
        }
        try {
            return run();
        } catch (CommandFailure e) {
            // 1 is for diagrams that differ.
            throw e.asUsage();
        }
    }

    private int run() throws IOException {
        BrokerConfig config = traffic.load();
        Path source = recording == null ? TrafficOptions.log(config) : ReplayCommand.find(recording, config.dataDir());
        checkOptions(source);
        Clock clock = Clock.systemUTC();
        TrafficFilter filter =
                new TrafficFilter(times.since(clock), times.until(clock), Set.copyOf(between), Set.of(), false);
        boolean all = acknowledgements || comparison.isAsked();
        DiagramBuilder builder = new DiagramBuilder(
                between.get(0),
                between.get(1),
                recording == null ? config.chatTopics() : RecordedTraffic.topics(source),
                new DiagramBuilder.Options(all, everything, comparison.isAsked() ? Math.max(max, COMPARED) : max));
        if (recording == null) {
            read(source, filter, builder);
        } else {
            RecordedTraffic.read(source, filter, builder);
        }
        if (!builder.leftSeen() || !builder.rightSeen()) {
            throw recording == null
                    ? notFound(source, filter, builder)
                    : RecordedTraffic.notFound(source, builder.leftSeen() ? between.get(1) : between.get(0));
        }
        if (comparison.isAsked()) {
            return comparison.compare(builder.build(), acknowledgements, common.quiet());
        }
        write(builder.build(), source);
        return ExitCode.GOOD;
    }

    private void checkOptions(Path source) {
        if (between.isEmpty()) {
            throw recording == null
                    ? CommandFailure.usage("--between is missing; expected two names, such as --between team1a team2a")
                    : RecordedTraffic.whoIsThere(source);
        }
        if (between.size() != 2) {
            throw CommandFailure.usage(
                    "--between is given %d times; expected two names once, such as --between team1a team2a"
                            .formatted(between.size() / 2));
        }
        if (between.get(0).equals(between.get(1))) {
            throw CommandFailure.usage("--between %1$s %1$s: expected two different users".formatted(between.get(0)));
        }
        if (max < 1) {
            throw CommandFailure.usage("--max \"%d\"; expected 1 or more".formatted(max));
        }
        if (comparison.isAsked() && output != null) {
            throw CommandFailure.usage("-o is for a diagram that is drawn; --compare writes to standard output");
        }
    }

    private static void read(Path log, TrafficFilter filter, DiagramBuilder builder) throws IOException {
        try (TrafficReader reader = TrafficReader.open(log, filter)) {
            for (Optional<TrafficRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
                builder.add(next.get());
            }
        } catch (NoSuchFileException e) {
            throw TrafficOptions.missing(log);
        }
    }

    private void write(Diagram diagram, Path log) throws IOException {
        byte[] text = format.format.render(diagram).getBytes(StandardCharsets.UTF_8);
        if (output == null) {
            try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
                out.write(text);
            }
        } else {
            try (OutputStream out = NewFile.create(output)) {
                out.write(text);
            } catch (FileAlreadyExistsException e) {
                throw NewFile.exists(output, e);
            }
        }
        if (common.quiet()) {
            return;
        }
        if (diagram.leftOut() > 0) {
            System.err.println(Messages.warning(
                    "%d earlier arrows are not shown; narrow it with --since and --until, or raise --max"
                            .formatted(diagram.leftOut())));
        }
        if (output != null) {
            int arrows = diagram.steps().size();
            System.out.println(Messages.printable(
                    "%s: wrote %d arrow%s to %s".formatted(log, arrows, arrows == 1 ? "" : "s", output)));
        }
    }

    /** Why somebody is not in what was read: the time, or the name. */
    private CommandFailure notFound(Path log, TrafficFilter filter, DiagramBuilder builder) throws IOException {
        String missing = builder.leftSeen() ? between.get(1) : between.get(0);
        TreeMap<String, Instant> lastSeen = new TreeMap<>();
        try (TrafficReader reader = TrafficReader.open(log, TrafficFilter.ALL)) {
            for (Optional<TrafficRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get() instanceof TrafficRecord.Packet packet) {
                    packet.packet().client().user().ifPresent(user -> lastSeen.put(user, packet.time()));
                }
            }
        }
        if (lastSeen.isEmpty()) {
            return CommandFailure.failure("%s: there is no packet of any user in it".formatted(log));
        }
        if (lastSeen.containsKey(missing)) {
            return CommandFailure.failure("%s: no packet of %s %s; the last one is of %s"
                    .formatted(log, missing, span(filter), lastSeen.get(missing)));
        }
        String meant = lastSeen.size() <= NAMED
                ? "; it has " + String.join(", ", lastSeen.keySet())
                : Suggestion.nearest(missing, lastSeen.keySet())
                        .map("; did you mean %s?"::formatted)
                        .orElse("");
        return CommandFailure.failure("%s: %s was never connected%s".formatted(log, missing, meant));
    }

    private static String span(TrafficFilter filter) {
        String from = filter.since().map("from %s on"::formatted).orElse("");
        String to = filter.until().map("until %s"::formatted).orElse("");
        return (from + " " + to).strip();
    }
}
