package labchat.bench.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import labchat.bench.accounts.Accounts;
import labchat.bench.load.Target;
import labchat.bench.report.BenchException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code users}. */
@Command(
        name = "users",
        description = {
            "Writes a password file for the users of a run, as Mosquitto and the broker read it.",
            "All have the same password, which is no secret: for measuring only."
        })
final class UsersCommand implements Callable<Integer> {

    @Option(names = "--help", usageHelp = true, description = "This text.")
    private boolean help;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file to write.")
    private Path file;

    @Option(names = "--users", defaultValue = "1000", description = "How many; ${DEFAULT-VALUE} by default.")
    private int users;

    @Option(
            names = "--user-pattern",
            defaultValue = Accounts.PATTERN,
            description = "Their names, with %%d for the number; \"${DEFAULT-VALUE}\" by default.")
    private String userPattern;

    @Option(
            names = "--iterations",
            defaultValue = "" + Accounts.ITERATIONS,
            description = "Of PBKDF2: what a login costs; ${DEFAULT-VALUE} by default, as Mosquitto 2.0 writes it.")
    private int iterations;

    @Option(names = "--password-file", description = "A file whose first line is their password.")
    private Path passwordFile;

    static String password(Path file) {
        if (file == null) {
            return Accounts.PASSWORD;
        }
        try {
            String first = Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            if (first.isEmpty()) {
                throw new BenchException("--password-file %s: its first line is empty".formatted(file));
            }
            return first;
        } catch (IOException e) {
            throw new BenchException("--password-file %s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    @Override
    public Integer call() {
        if (iterations < 1) {
            throw new BenchException("--iterations %d: at least 1 is needed".formatted(iterations));
        }
        String password = password(passwordFile);
        Target names = new Target("", 1, "", userPattern, users, password);
        Accounts.write(file, users, names::user, password, iterations);
        return 0;
    }
}
