package labchat.broker.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import labchat.broker.BrokerApp;
import labchat.broker.config.ConfigLoader;
import labchat.broker.control.ControlSocket;
import labchat.broker.doctor.Doctor;
import labchat.broker.doctor.RunningBroker;
import labchat.cli.Finding;
import labchat.cli.Finding.Level;
import labchat.cli.FindingReport;
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
            System.out.println(FindingReport.json(findings));
        } else {
            findings.stream()
                    .filter(finding -> !quiet || finding.level() != Level.OK)
                    .flatMap(finding -> FindingReport.lines(finding, Ansi.AUTO.enabled()).stream())
                    .forEach(System.out::println);
            System.out.println(FindingReport.summary(findings));
        }
        return FindingReport.worst(findings) == Level.PROBLEM ? ExitCode.FAILURE : ExitCode.GOOD;
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
}
