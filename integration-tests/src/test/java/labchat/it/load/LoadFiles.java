package labchat.it.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Accounts {@code u0}, {@code u1} and so on, with the class's rights. */
final class LoadFiles {

    static final String PASSWORD = "the same for all";

    private LoadFiles() {}

    static String user(int number) {
        return "u" + number;
    }

    /** A password file in which one hash serves all, because hashing is not what is looked at. */
    static Path users(Path directory, int count) throws IOException {
        String hash = hash();
        return Files.writeString(
                directory.resolve("users.conf"),
                IntStream.range(0, count)
                        .mapToObj(i -> user(i) + ":" + hash)
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    private static String hash() {
        byte[] salt = new byte[12];
        try {
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(new PBEKeySpec(PASSWORD.toCharArray(), salt, 1, 512))
                    .getEncoded();
            Base64.Encoder base64 = Base64.getEncoder();
            return "$7$1$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A {@code broker.conf} that lets everybody publish as fast as they can. */
    static Path config(Path directory) throws IOException {
        return Files.writeString(directory.resolve("broker.conf"), "max_publish_rate 0\n");
    }
}
