package labchat.broker.doctor;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.broker.reload.NewFiles;
import labchat.cli.Finding;

/**
 * Looks at everything once. Changes nothing but that it opens listeners for a moment, where nobody listens, and reads the
 * store. Takes a second or two, some more with a large store.
 */
public final class Doctor {

    private Doctor() {}

    /**
     * Looks.
     *
     * @param files as {@code serve} would read them; problems in them are findings
     * @param named the files of settings that were read
     * @param environment all variables
     */
    public static List<Finding> examine(
            NewFiles files, List<Path> named, Map<String, String> environment, Clock clock) {
        Optional<RunningBroker> running = RunningBroker.at(files.config().dataDir());
        List<Finding> findings = new ArrayList<>();
        findings.addAll(FileChecks.of(files, named));
        findings.add(broker(files, running));
        findings.addAll(PortChecks.of(files.config(), running, SystemPorts.INSTANCE));
        findings.addAll(ExposureChecks.of(files));
        findings.addAll(CertificateChecks.of(files, environment, clock));
        findings.addAll(DataChecks.of(files.config()));
        findings.addAll(MachineChecks.of(files, clock));
        findings.add(LibraryChecks.ofThisProgram());
        return List.copyOf(findings);
    }

    private static Finding broker(NewFiles files, Optional<RunningBroker> running) {
        return running.map(r -> Finding.ok(
                        "broker",
                        "runs on %s%s"
                                .formatted(
                                        files.config().dataDir(),
                                        r.process()
                                                .map(" (process %d)"::formatted)
                                                .orElse(""))))
                .orElseGet(() -> Finding.ok(
                        "broker", "none runs on %s".formatted(files.config().dataDir())));
    }
}
