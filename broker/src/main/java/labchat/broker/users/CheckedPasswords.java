package labchat.broker.users;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which accounts were found, at an earlier start, to have a password that is not the name itself; so that a start with a
 * thousand accounts need not hash a thousand passwords again. The file {@code checked-passwords} of the data directory holds
 * a random key and, for each such line of the password file, its HMAC-SHA256 under that key. A line that has changed is not
 * in it, and is checked anew; so is everything if the file cannot be read. Only what is harmless is remembered: whoever has
 * a demo password is found again at each start. May be used by any thread.
 */
public final class CheckedPasswords {

    /** The file's name. */
    public static final String FILE_NAME = "checked-passwords";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final Logger LOG = LoggerFactory.getLogger(CheckedPasswords.class);

    private final Path file;
    private final byte[] key;
    private final Set<String> known;

    private CheckedPasswords(Path file, byte[] key, Set<String> known) {
        this.file = Objects.requireNonNull(file, "file");
        this.key = key;
        this.known = Set.copyOf(known);
    }

    /** What the data directory knows; nothing if it has no such file, or a broken one. */
    public static CheckedPasswords read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        try {
            if (Files.exists(file)) {
                List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
                byte[] key = HexFormat.of().parseHex(lines.isEmpty() ? "" : lines.get(0));
                if (key.length == KEY_BYTES) {
                    return new CheckedPasswords(file, key, new HashSet<>(lines.subList(1, lines.size())));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("{}: checked anew: {}", file, e.getMessage());
        }
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new CheckedPasswords(file, key, Set.of());
    }

    /** Whether this account, with this hash, was found good before. */
    boolean isGood(String user, PasswordHash hash) {
        return !known.isEmpty() && known.contains(digest(user, hash));
    }

    /**
     * All accounts of this file have just been found good; the file is written if that is news. If it cannot be, the next
     * start checks again.
     */
    public void remember(UsersFile users) {
        Set<String> good = new TreeSet<>();
        users.accounts().forEach((user, hash) -> good.add(digest(user, hash)));
        if (good.equals(known)) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path temporary = file.resolveSibling("." + FILE_NAME + ".tmp");
            Files.deleteIfExists(temporary);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(temporary, HexFormat.of().formatHex(key) + "\n" + String.join("\n", good) + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.debug("{}: cannot be written, so that the next start checks again: {}", file, e.getMessage());
        }
    }

    private String digest(String user, PasswordHash hash) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            // A name holds no colon.
            return HexFormat.of()
                    .formatHex(mac.doFinal((user + ":" + hash.encoded()).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA256", e);
        }
    }
}
