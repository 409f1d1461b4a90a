package labchat.bench.accounts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Random;
import java.util.function.IntFunction;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import labchat.bench.report.BenchException;

/** Users with one password, in a file as Mosquitto and the broker read it. */
public final class Accounts {

    public static final String PATTERN = "b%04d";

    /** No secret: the accounts exist on servers that are started to be measured. */
    public static final String PASSWORD = "bench-only";

    /** As Mosquitto 2.0 writes it. */
    public static final int ITERATIONS = 101;

    private Accounts() {}

    /**
     * Writes the file.
     *
     * @param name of an account, by its number from 0
     */
    public static void write(Path file, int accounts, IntFunction<String> name, String password, int iterations) {
        try {
            SecretKeyFactory pbkdf2 = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512");
            Base64.Encoder base64 = Base64.getEncoder();
            Random random = new Random(1);
            byte[] salt = new byte[12];
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < accounts; i++) {
                random.nextBytes(salt);
                byte[] hash = pbkdf2.generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 512))
                        .getEncoded();
                lines.append("%s:$7$%d$%s$%s%n"
                        .formatted(
                                name.apply(i), iterations, base64.encodeToString(salt), base64.encodeToString(hash)));
            }
            Files.writeString(file, lines);
        } catch (GeneralSecurityException e) {
            throw new BenchException("this Java cannot make PBKDF2 with SHA-512: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BenchException("cannot write %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
