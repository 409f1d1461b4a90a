package labchat.it.support;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Writes Mosquitto's {@code password_file} by its definition, without the broker's own code. */
public final class UsersConf {

    private static final int ITERATIONS = 101;

    private UsersConf() {}

    /** One line for each name; {@code name:$7$iterations$salt$hash}, PBKDF2 with HMAC-SHA512 of 64 bytes. */
    public static String of(List<String> names, String password) {
        return names.stream().map(name -> line(name, password)).collect(Collectors.joining());
    }

    private static String line(String name, String password) {
        byte[] salt = (name + "............").substring(0, 12).getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 512))
                    .getEncoded();
            Base64.Encoder base64 = Base64.getEncoder();
            return "%s:$7$%d$%s$%s%n"
                    .formatted(name, ITERATIONS, base64.encodeToString(salt), base64.encodeToString(hash));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has this algorithm", e);
        }
    }
}
