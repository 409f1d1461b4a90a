package labchat.broker.users;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TextFile;

/**
 * Changes a {@code password_file} in place: comments and order are kept, readers see the old file or the new one and
 * never half of one, its mode becomes 0600. Two changes at once, in this process or another, wait for each other by a
 * lock on {@code FILE.lock} beside it.
 */
public final class UsersFileEditor {

    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;

    public UsersFileEditor(Path file) {
        this.file = file;
    }

    /** The file could not be changed as asked; the message says why, in words for staff. */
    public static final class EditException extends IOException {
        private static final long serialVersionUID = 1L;

        EditException(String message) {
            super(message);
        }
    }

    /** Appends an account; makes the file if there is none. */
    public void add(String user, PasswordHash hash) throws IOException {
        edit(lines -> {
            int at = indexOf(lines, user);
            if (at >= 0) {
                throw new EditException("%s:%d: the user \"%s\" exists; change the password with: users passwd %s"
                        .formatted(file, at + 1, user, user));
            }
            lines.add(user + ":" + hash.encoded());
            // Of somebody who had this name before.
            forgetMore(user);
        });
    }

    /** Appends accounts, all of them or none; makes the file if there is none. */
    public void addAll(Map<String, PasswordHash> accounts) throws IOException {
        edit(lines -> {
            for (Map.Entry<String, PasswordHash> account : accounts.entrySet()) {
                if (indexOf(lines, account.getKey()) >= 0) {
                    throw new EditException("%s: the user \"%s\" exists".formatted(file, account.getKey()));
                }
                lines.add(account.getKey() + ":" + account.getValue().encoded());
                forgetMore(account.getKey());
            }
        });
    }

    /** Replaces an account's password; further ones are revoked. */
    public void change(String user, PasswordHash hash) throws IOException {
        edit(lines -> {
            lines.set(existing(lines, user), user + ":" + hash.encoded());
            forgetMore(user);
        });
    }

    /** Removes an account with all its passwords. */
    public void remove(String user) throws IOException {
        edit(lines -> {
            lines.remove(existing(lines, user));
            forgetMore(user);
        });
    }

    /** Adds a further password to an account. */
    public void addPassword(String user, String name, PasswordHash hash) throws IOException {
        Optional<String> problem = MorePasswords.problemOfName(name);
        if (problem.isPresent()) {
            throw new EditException(problem.get());
        }
        edit(lines -> {
            existing(lines, user);
            editMore(more -> {
                if (indexOfMore(more, user, name) >= 0) {
                    throw new EditException("%s has a password \"%s\" already; revoke it first, or choose another name"
                            .formatted(user, name));
                }
                if (more.stream().filter(line -> line.startsWith(user + ":")).count() >= MorePasswords.MOST) {
                    throw new EditException("%s has %d further passwords, which is the most; revoke one first"
                            .formatted(user, MorePasswords.MOST));
                }
                more.add("%s:%s:%s".formatted(user, name, hash.encoded()));
            });
        });
    }

    /** Takes a further password away. */
    public void revokePassword(String user, String name) throws IOException {
        edit(lines -> {
            existing(lines, user);
            editMore(more -> {
                int at = indexOfMore(more, user, name);
                if (at < 0) {
                    throw new EditException("%s has no password \"%s\"%s"
                            .formatted(
                                    user,
                                    name,
                                    name.equals(UsersFile.FIRST_PASSWORD)
                                            ? " that could be revoked; change it, or remove the user"
                                            : "; see: users passwd list " + user));
                }
                more.remove(at);
            });
        });
    }

    private static int indexOfMore(List<String> more, String user, String name) {
        for (int i = 0; i < more.size(); i++) {
            if (more.get(i).startsWith(user + ":" + name + ":")) {
                return i;
            }
        }
        return -1;
    }

    private void forgetMore(String user) throws IOException {
        if (Files.exists(MorePasswords.fileOf(file))) {
            editMore(more -> more.removeIf(line -> line.startsWith(user + ":")));
        }
    }

    /** Within {@link #edit}, whose lock holds for this file too. */
    private void editMore(Change change) throws IOException {
        Path more = MorePasswords.fileOf(file);
        Path target = Files.exists(more) ? more.toRealPath() : more.toAbsolutePath();
        List<String> lines = new ArrayList<>();
        if (Files.exists(target)) {
            TextFile text = TextFile.of(more.toString(), Files.readAllBytes(target));
            List<ConfigProblem> problems = MorePasswords.parse(text).problems();
            if (!problems.isEmpty()) {
                throw new EditException("%s; correct the file first".formatted(problems.get(0)));
            }
            lines.addAll(text.lines());
        }
        change.apply(lines);
        replace(target, String.join("\n", lines) + (lines.isEmpty() ? "" : "\n"));
    }

    private interface Change {
        void apply(List<String> lines) throws IOException;
    }

    private int existing(List<String> lines, String user) throws EditException {
        int at = indexOf(lines, user);
        if (at < 0) {
            throw new EditException("%s: there is no user \"%s\"; see: users list".formatted(file, user));
        }
        return at;
    }

    private static int indexOf(List<String> lines, String user) {
        for (int i = 0; i < lines.size(); i++) {
            if (UsersFile.nameIn(lines.get(i)).filter(user::equals).isPresent()) {
                return i;
            }
        }
        return -1;
    }

    private void edit(Change change) throws IOException {
        IN_THIS_PROCESS.lock();
        try {
            // A link is followed, so that the file behind it is replaced and not the link.
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path lockFile = target.resolveSibling(target.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new EditException("%s: could not be locked".formatted(lockFile));
                }
                List<String> lines = new ArrayList<>(linesOf(target));
                change.apply(lines);
                replace(target, String.join("\n", lines) + (lines.isEmpty() ? "" : "\n"));
            }
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    private List<String> linesOf(Path target) throws IOException {
        if (!Files.exists(target)) {
            return List.of();
        }
        TextFile text = TextFile.of(file.toString(), Files.readAllBytes(target));
        List<ConfigProblem> problems = UsersFile.parse(text).problems();
        if (!problems.isEmpty()) {
            throw new EditException("%s; correct the file first, see: users check".formatted(problems.get(0)));
        }
        return text.lines();
    }

    private static void replace(Path target, String content) throws IOException {
        Path temporary = createBeside(target);
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            keepOwner(target, temporary);
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Path createBeside(Path target) throws IOException {
        boolean posix = target.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mode = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        for (int i = 0; ; i++) {
            Path candidate = target.resolveSibling(".%s.%d-%d.tmp"
                    .formatted(target.getFileName(), ProcessHandle.current().pid(), i));
            try {
                return Files.createFile(candidate, mode);
            } catch (FileAlreadyExistsException e) {
                if (i == 100) {
                    throw e;
                }
            }
        }
    }

    /** The superuser changes the file of the user that the broker runs as: it must stay that user's. */
    private static void keepOwner(Path target, Path temporary) throws IOException {
        if (Files.exists(target) && !Files.getOwner(target).equals(Files.getOwner(temporary))) {
            Files.setOwner(temporary, Files.getOwner(target));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new EditException("%s: this file system cannot replace a file at once".formatted(to));
        }
    }
}
