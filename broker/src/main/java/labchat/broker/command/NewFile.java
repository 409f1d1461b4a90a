package labchat.broker.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that a command writes and that must not be there yet. */
final class NewFile {

    private NewFile() {}

    /**
     * Makes it, readable by its owner only, from the beginning: it says what others did.
     *
     * @throws FileAlreadyExistsException if there is one already
     */
    static OutputStream create(Path file) throws IOException {
        FileAttribute<?>[] mode =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        return new BufferedOutputStream(
                Channels.newOutputStream(Files.newByteChannel(
                        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)),
                1 << 16);
    }

    /** What to say if there is one already. */
    static CommandFailure exists(Path file, FileAlreadyExistsException e) {
        return CommandFailure.failure("%s exists; name another file, or remove it first".formatted(file), e);
    }
}
