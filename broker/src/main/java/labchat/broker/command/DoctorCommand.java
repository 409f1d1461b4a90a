package labchat.broker.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import labchat.broker.BrokerApp;
import labchat.broker.config.ConfigLoader;
import labchat.broker.control.ControlSocket;
import labchat.broker.doctor.Doctor;
import labchat.broker.doctor.Finding;
import labchat.broker.doctor.Finding.Level;
import labchat.broker.doctor.RunningBroker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code doctor}: looks whether everything is as the broker needs it. */
@Command(
        name = "doctor",
        description = {
            "Looks whether everything is as the broker needs it, while it runs or not: ports, files and",
            "who can read them, disk, store, clock, certificate, passwords, who can connect, memory,",
            "libraries. Each line is ok, a warning or a problem, and says what to do.",
            "Takes the options of serve: give the same ones. Run it as the user that the broker runs as.",
            "Exit status: 0 no problem (perhaps warnings), 1 some problem."
        },
        versionProvider = Version.class,
        sortOptions = false)
final class DoctorCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Mixin
    private ServeOptions options;

    @Option(
            order = 30,
            names = "--json",
            description = "One JSON object: status, and findings with level, subject, found, advice.")
    private boolean json;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        boolean quiet = common.quiet() || root.common().quiet();
        LogSettings.apply(false, true);
        ServeOptions merged = options.over(root.options());
        List<Finding> findings =
                Doctor.examine(LoadedFiles.read(merged), settings(merged), System.getenv(), Clock.systemUTC());
        if (json) {
            System.out.println(json(findings));
        } else {
            text(findings, quiet).forEach(System.out::println);
        }
        return Doctor.worst(findings) == Level.PROBLEM ? ExitCode.FAILURE : ExitCode.GOOD;
    }

    private static List<Path> settings(ServeOptions options) {
        Path file = options.config().orElse(ConfigLoader.STANDARD_FILE);
        return Files.exists(file) ? List.of(file) : List.of();
    }

    /** What a running broker says when it is asked by {@link RunningBroker}. */
    static ControlSocket.Answer answer(BrokerApp app) {
        List<Integer> ports = new ArrayList<>();
        ServedPorts.of(app).byName().values().forEach(port -> port.ifPresent(ports::add));
        return new ControlSocket.Answer(
                ExitCode.GOOD, RunningBroker.answer(ProcessHandle.current().pid(), ports));
    }

    static List<String> text(List<Finding> findings, boolean quiet) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            if (quiet && finding.level() == Level.OK) {
                continue;
            }
            lines.add("%s %s: %s."
                    .formatted(
                            label(finding.level()),
                            Messages.printable(finding.subject()),
                            Messages.printable(finding.found())));
            if (!finding.advice().isEmpty()) {
                lines.add("         > " + Messages.printable(finding.advice()));
            }
        }
        lines.add(summary(findings));
        return lines;
    }

    private static String label(Level level) {
        String word = "%-8s".formatted(level.name().toLowerCase(Locale.ROOT));
        return Ansi.AUTO.string(
                switch (level) {
                    case OK -> "@|green %s|@".formatted(word);
                    case WARNING -> "@|bold,yellow %s|@".formatted(word);
                    case PROBLEM -> "@|bold,red %s|@".formatted(word);
                });
    }

    private static String summary(List<Finding> findings) {
        long problems = count(findings, Level.PROBLEM);
        long warnings = count(findings, Level.WARNING);
        if (problems == 0 && warnings == 0) {
            return "Everything is all right.";
        }
        return "%s, %s.".formatted(number(problems, "problem"), number(warnings, "warning"));
    }

    private static String number(long count, String word) {
        return count == 0 ? "no " + word + "s" : count == 1 ? "1 " + word : "%d %ss".formatted(count, word);
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    static String json(List<Finding> findings) {
        StringBuilder out = new StringBuilder("{\"status\":");
        quote(Doctor.worst(findings).name().toLowerCase(Locale.ROOT), out);
        out.append(",\"findings\":[");
        String between = "";
        for (Finding finding : findings) {
            out.append(between).append("{\"level\":");
            quote(finding.level().name().toLowerCase(Locale.ROOT), out);
            out.append(",\"subject\":");
            quote(finding.subject(), out);
            out.append(",\"found\":");
            quote(finding.found(), out);
            out.append(",\"advice\":");
            quote(finding.advice(), out);
            out.append('}');
            between = ",";
        }
        return out.append("]}").toString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < ' ' || c >= 0x7f && c < 0xa0 || Character.isSurrogate((char) c)) {
                out.append("\\u%04x".formatted(c));
            } else {
                out.append((char) c);
            }
        });
        out.append('"');
    }
}
