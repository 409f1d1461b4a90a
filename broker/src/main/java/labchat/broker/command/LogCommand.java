package labchat.broker.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import labchat.broker.config.Suggestion;
import labchat.broker.traffic.PacketLine;
import labchat.broker.traffic.TrafficFilter;
import labchat.broker.traffic.TrafficReader;
import labchat.broker.traffic.TrafficRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code log}: the traffic log for people. */
@Command(
        name = "log",
        description = {
            "Shows the packets in the traffic log, the oldest first, files that were set aside included.",
            "Times are UTC; -> is to the broker, <- from it."
        },
        versionProvider = Version.class,
        sortOptions = false)
final class LogCommand implements Callable<Integer> {

    private static final long LOOK_EVERY_MILLIS = 200;

    @Option(
            order = 1,
            names = {"-f", "--follow"},
            description = "Go on with what comes; without --since, only with that. Ctrl-C ends.")
    private boolean follow;

    @Option(
            order = 2,
            names = "--team",
            paramLabel = "NAME",
            split = ",",
            description = "Only packets of this user's connections; several with commas between.")
    private List<String> teams = List.of();

    @Option(order = 3, names = "--refused", description = "Only what was refused, and answers that refuse.")
    private boolean refused;

    @Option(
            order = 4,
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = {
                "Only these: message, delivered, read, typing, presence, diagnostics, history,",
                "rooms, notice, or a packet's type such as connect or subscribe."
            })
    private List<String> kinds = List.of();

    @Option(order = 5, names = "--json", description = "The log's own lines, one JSON object each.")
    private boolean json;

    @Mixin
    private TimeOptions times;

    @Mixin
    private TrafficOptions traffic;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path log = TrafficOptions.log(traffic.load());
        Clock clock = Clock.systemUTC();
        TrafficFilter filter =
                new TrafficFilter(times.since(clock), times.until(clock), Set.copyOf(teams), kinds(), refused);
        // Written through at once when followed; otherwise as much at a time as there is.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        boolean onlyNew = follow && filter.since().isEmpty();
        try (TrafficReader reader = onlyNew ? TrafficReader.openAtEnd(log, filter) : TrafficReader.open(log, filter)) {
            long shown = show(reader, out);
            while (follow && !out.checkError()) {
                Thread.sleep(LOOK_EVERY_MILLIS);
                shown += show(reader, out);
            }
            report(log, reader.unreadable(), shown);
        } catch (NoSuchFileException e) {
            throw TrafficOptions.missing(log);
        }
        return ExitCode.GOOD;
    }

    /** Everything that is there; ends early when nobody reads it any more. */
    private long show(TrafficReader reader, PrintStream out) throws IOException {
        StringBuilder page = new StringBuilder();
        long shown = 0;
        for (Optional<TrafficRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
            page.append(json ? next.get().line() : line(next.get())).append('\n');
            shown++;
            if (page.length() > 1 << 16) {
                out.print(page);
                page.setLength(0);
                if (out.checkError()) {
                    return shown;
                }
            }
        }
        out.print(page);
        out.flush();
        return shown;
    }

    private static String line(TrafficRecord record) {
        String line = PacketLine.of(record);
        boolean alarming = !(record instanceof TrafficRecord.Packet packet) || TrafficFilter.isRefusal(packet.packet());
        return alarming && Ansi.AUTO.enabled() ? "\u001b[31m" + line + "\u001b[0m" : line;
    }

    private void report(Path log, long unreadable, long shown) {
        if (common.quiet()) {
            return;
        }
        if (unreadable > 0) {
            System.err.println(Messages.warning("%s: %d %s no packet's and %s left out"
                    .formatted(
                            log,
                            unreadable,
                            unreadable == 1 ? "line is" : "lines are",
                            unreadable == 1 ? "was" : "were")));
        }
        if (shown == 0) {
            System.err.println(Messages.printable("%s: no such packet".formatted(log)));
        }
    }

    private Set<String> kinds() {
        return kinds.stream()
                .map(kind -> kind.toLowerCase(Locale.ROOT))
                .map(LogCommand::known)
                .collect(Collectors.toSet());
    }

    private static String known(String kind) {
        if (!TrafficFilter.KINDS.contains(kind)) {
            throw CommandFailure.usage("--kind \"%s\"%s; expected one or more of %s"
                    .formatted(
                            kind,
                            Suggestion.nearest(kind, TrafficFilter.KINDS)
                                    .map("; did you mean %s?"::formatted)
                                    .orElse(""),
                            String.join(", ", new TreeSet<>(TrafficFilter.KINDS))));
        }
        return kind;
    }
}
