package labchat.broker.users;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import labchat.broker.users.UsersFileEditor.EditException;

/**
 * Changes single accounts of a broker that runs: in the file, and at once in force. Other changes of the file that nobody
 * has had taken in stay so. May be used by any thread but an event loop; takes as long as a password's hash and a file.
 */
public final class AccountChanges {

    /** What of the running broker this needs. */
    public interface Running {

        /** Mosquitto's {@code password_file}, as it is set now. */
        Path file();

        /** For passwords that are hashed now. */
        int iterations();

        /** Runs it while no reload runs. */
        <T> T alone(Supplier<T> task);

        /** Those accounts count from now on; who has lost one, or its password, is cut off. */
        void takeIn(UserDirectory accounts);
    }

    private final LiveUserDirectory users;
    private final Running running;
    private final SecureRandom random = new SecureRandom();

    public AccountChanges(LiveUserDirectory users, Running running) {
        this.users = Objects.requireNonNull(users, "users");
        this.running = Objects.requireNonNull(running, "running");
    }

    /**
     * Makes an account.
     *
     * @throws IOException in words: there is one of this name, or the file could not be written; then nothing has changed
     */
    public void add(String user, byte[] password) throws IOException {
        Optional<String> problem = UsersFile.problemOfName(user);
        if (problem.isPresent()) {
            throw new EditException("user \"%s\": %s".formatted(user, problem.get()));
        }
        PasswordHash hash = PasswordHash.create(password, running.iterations(), random);
        change(accounts -> {
            if (accounts.contains(user)) {
                throw new EditException("the user \"%s\" exists".formatted(user));
            }
            new UsersFileEditor(running.file()).add(user, hash);
            return accounts.with(user, hash);
        });
    }

    /**
     * Gives an account another password; its connections are closed.
     *
     * @throws IOException in words: there is no such account, or the file could not be written; then nothing has changed
     */
    public void setPassword(String user, byte[] password) throws IOException {
        PasswordHash hash = PasswordHash.create(password, running.iterations(), random);
        change(accounts -> {
            new UsersFileEditor(running.file()).change(user, hash);
            return accounts.with(user, hash);
        });
    }

    /**
     * Removes an account; its connections are closed and its sessions forgotten.
     *
     * @throws IOException in words: there is no such account, or the file could not be written; then nothing has changed
     */
    public void remove(String user) throws IOException {
        change(accounts -> {
            new UsersFileEditor(running.file()).remove(user);
            return accounts.without(user);
        });
    }

    /**
     * Takes one of an account's further passwords away; its connections are closed.
     *
     * @throws IOException in words: there is no such account or password, or the file could not be written; then nothing
     *     has changed
     */
    public void revokePassword(String user, String name) throws IOException {
        change(accounts -> {
            new UsersFileEditor(running.file()).revokePassword(user, name);
            return accounts.withoutPassword(user, name);
        });
    }

    private interface Change {
        FileUserDirectory apply(FileUserDirectory accounts) throws IOException;
    }

    private void change(Change change) throws IOException {
        try {
            running.alone(() -> {
                try {
                    if (!(users.accounts() instanceof FileUserDirectory accounts)) {
                        throw new EditException("the accounts of this broker are in no file");
                    }
                    running.takeIn(change.apply(accounts));
                    return null;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw inWords(e.getCause());
        }
    }

    /** The system's own names only the file. */
    private static IOException inWords(IOException problem) {
        if (problem instanceof AccessDeniedException denied) {
            return new EditException("%s cannot be written by the user %s, who the broker runs as; check owner and mode"
                    .formatted(denied.getFile(), System.getProperty("user.name")));
        }
        if (problem instanceof FileSystemException file) {
            return new EditException("%s cannot be written: %s"
                    .formatted(
                            file.getFile(),
                            file instanceof NoSuchFileException
                                    ? "there is no such file or directory"
                                    : String.valueOf(file.getReason())));
        }
        return problem;
    }
}
