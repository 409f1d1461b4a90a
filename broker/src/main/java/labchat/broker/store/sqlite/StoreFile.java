package labchat.broker.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Whether the file in the directory is still the one that was opened. */
final class StoreFile {

    private final Path path;
    private final Object identity;

    /** @throws IOException if it is not there */
    StoreFile(Path path) throws IOException {
        this.path = path;
        this.identity = identity(path);
    }

    Path path() {
        return path;
    }

    /** What has become of it; empty if it is where it was. */
    Optional<String> problem() {
        try {
            Object now = identity(path);
            return now.equals(identity) ? Optional.empty() : Optional.of("the file was replaced by another");
        } catch (NoSuchFileException e) {
            return Optional.of("the file is gone");
        } catch (IOException e) {
            return Optional.of("the file cannot be reached (%s)".formatted(Database.reason(e)));
        }
    }

    /** Device and inode; where a file system has none, all files are taken for the same. */
    private static Object identity(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? "" : key;
    }
}
