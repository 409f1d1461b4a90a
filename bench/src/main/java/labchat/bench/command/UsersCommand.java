package labchat.bench.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.Callable;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
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

    static final String PATTERN = "b%04d";

    /** No secret: the accounts exist on servers that are started to be measured. */
    static final String PASSWORD = "bench-only";

    @Option(names = "--help", usageHelp = true, description = "This text.")
    private boolean help;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file to write.")
    private Path file;

    @Option(names = "--users", defaultValue = "1000", description = "How many; ${DEFAULT-VALUE} by default.")
    private int users;

    @Option(
            names = "--user-pattern",
            defaultValue = PATTERN,
            description = "Their names, with %%d for the number; \"${DEFAULT-VALUE}\" by default.")
    private String userPattern;

    @Option(
            names = "--iterations",
            defaultValue = "101",
            description = "Of PBKDF2: what a login costs; ${DEFAULT-VALUE} by default, as Mosquitto 2.0 writes it.")
    private int iterations;

    @Option(names = "--password-file", description = "A file whose first line is their password.")
    private Path passwordFile;

    static String password(Path file) {
        if (file == null) {
            return PASSWORD;
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
        try {
            SecretKeyFactory pbkdf2 = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512");
            Base64.Encoder base64 = Base64.getEncoder();
            Random random = new Random(1);
            byte[] salt = new byte[12];
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < users; i++) {
                random.nextBytes(salt);
                byte[] hash = pbkdf2.generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 512))
                        .getEncoded();
                lines.append("%s:$7$%d$%s$%s%n"
                        .formatted(
                                names.user(i), iterations, base64.encodeToString(salt), base64.encodeToString(hash)));
            }
            Files.writeString(file, lines);
        } catch (GeneralSecurityException e) {
            throw new BenchException("this Java cannot make PBKDF2 with SHA-512: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BenchException("cannot write %s: %s".formatted(file, e.getMessage()), e);
        }
        return 0;
    }
}
