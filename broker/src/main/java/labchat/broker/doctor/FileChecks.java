package labchat.broker.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.ConfigProblem;
import labchat.broker.reload.NewFiles;
import labchat.cli.Finding;

/** Settings, accounts and rules: whether they can be read, have mistakes, and who may look at them or change them. */
final class FileChecks {

    private FileChecks() {}

    static List<Finding> of(NewFiles files, List<Path> named) {
        List<Finding> findings = new ArrayList<>();
        for (ConfigProblem problem : files.problems()) {
            String where = problem.line() == 0 ? problem.source() : problem.source() + ":" + problem.line();
            findings.add(Finding.problem(where, problem.message(), "The broker does not start before this is mended."));
        }
        BrokerConfig config = files.config();
        if (isGood(files, config.passwordFile())) {
            int accounts = files.users().names().size();
            findings.add(
                    accounts > 0 || config.allowAnonymous()
                            ? Finding.ok(config.passwordFile().toString(), "%d accounts".formatted(accounts))
                            : Finding.warning(
                                    config.passwordFile().toString(),
                                    "no account, so nobody can log in",
                                    "broker.jar users add NAME, or a whole class with class create."));
        }
        if (isGood(files, config.aclFile())) {
            findings.add(Finding.ok(
                    config.aclFile().toString(),
                    "%d rules".formatted(files.acl().rules().size())));
        }
        files.acl()
                .warnings()
                .forEach(warning -> findings.add(Finding.warning(
                        config.aclFile().toString(), warning.toString(), "Look at that line; docs/staff.md.")));
        for (Path secret : secrets(config)) {
            readableByOthers(secret).ifPresent(findings::add);
        }
        Set<Path> all = new LinkedHashSet<>(named);
        all.add(config.passwordFile());
        all.add(config.aclFile());
        for (Path file : all) {
            writableByOthers(file).ifPresent(findings::add);
        }
        return findings;
    }

    private static boolean isGood(NewFiles files, Path file) {
        return files.problems().stream().noneMatch(problem -> problem.source().equals(file.toString()));
    }

    private static Set<Path> secrets(BrokerConfig config) {
        Set<Path> secrets = new LinkedHashSet<>();
        secrets.add(config.passwordFile());
        secrets.add(config.passwordFile().resolveSibling(config.passwordFile().getFileName() + ".more"));
        config.tls().keyFile().ifPresent(secrets::add);
        config.tls().keyPasswordFile().ifPresent(secrets::add);
        config.web().signUpCodeFile().ifPresent(secrets::add);
        return secrets;
    }

    private static Optional<Finding> readableByOthers(Path file) {
        return mode(file)
                .filter(mode -> mode.contains(PosixFilePermission.OTHERS_READ))
                .map(mode -> Finding.warning(
                        file.toString(),
                        "everybody who can log in to this machine can read it",
                        "chmod o-rwx '%s' (the broker's user must own it, or be in its group).".formatted(file)));
    }

    private static Optional<Finding> writableByOthers(Path file) {
        return mode(file)
                .filter(mode -> mode.contains(PosixFilePermission.OTHERS_WRITE))
                .map(mode -> Finding.problem(
                        file.toString(),
                        "everybody who can log in to this machine can change it",
                        "chmod o-w '%s'".formatted(file)));
    }

    /** Empty where there is no such thing, or no such file. */
    private static Optional<Set<PosixFilePermission>> mode(Path file) {
        try {
            return Optional.of(Files.getPosixFilePermissions(file));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
