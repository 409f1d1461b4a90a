package labchat.broker.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountChangesTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path directory;

    private Path file;
    private LiveUserDirectory users;
    private AccountChanges changes;

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("users.conf");
        UsersFileEditor editor = new UsersFileEditor(file);
        editor.add("ann", PasswordHash.create(bytes("ann's"), 1, RANDOM));
        editor.addPassword("ann", "phone", PasswordHash.create(bytes("phone's"), 1, RANDOM));
        users = new LiveUserDirectory(new FileUserDirectory(UsersFile.read(file)));
        changes = new AccountChanges(users, new AccountChanges.Running() {
            @Override
            public Path file() {
                return file;
            }

            @Override
            public int iterations() {
                return 1;
            }

            @Override
            public <T> T alone(Supplier<T> task) {
                return task.get();
            }

            @Override
            public void takeIn(UserDirectory accounts) {
                users.replace(accounts);
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private FileUserDirectory accounts() {
        return (FileUserDirectory) users.accounts();
    }

    @Test
    void furtherPassword_revoked_isGoneHereAndInTheFile() throws IOException {
        long before = users.version("ann");
        assertThat(users.verify("ann", bytes("phone's"))).isTrue();

        changes.revokePassword("ann", "phone");

        assertThat(users.verify("ann", bytes("phone's"))).isFalse();
        assertThat(users.verify("ann", bytes("ann's"))).isTrue();
        assertThat(users.version("ann")).as("who is connected is cut off").isNotEqualTo(before);
        assertThat(accounts().passwordsOf("ann")).containsExactly("first");
        assertThat(UsersFile.read(file).passwordsOf("ann")).containsExactly("first");
    }

    @Test
    void furtherPassword_thatIsNone_isRefusedInWords() {
        assertThatThrownBy(() -> changes.revokePassword("ann", "tablet"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ann has no password \"tablet\"");
    }

    @Test
    void file_thatCannotBeWritten_isNamedAndNothingChanges() throws IOException {
        Files.delete(file);
        Files.delete(MorePasswords.fileOf(file));
        Files.delete(directory.resolve("users.conf.lock"));
        file = directory.resolve("gone").resolve("users.conf");

        assertThatThrownBy(() -> changes.add("bob", bytes("bob's one")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be written: there is no such file or directory")
                .hasMessageContaining("users.conf");
        assertThat(users.contains("bob")).isFalse();
    }
}
