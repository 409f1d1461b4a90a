package labchat.broker.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import labchat.broker.config.TextFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedPasswordsTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path directory;

    private static PasswordHash hash(String password) {
        return PasswordHash.create(password.getBytes(StandardCharsets.UTF_8), 1, RANDOM);
    }

    private static UsersFile file(String... lines) {
        return UsersFile.parse(
                TextFile.of("users.conf", String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void goodPasswords_areRememberedForTheirLinesOnly() throws IOException {
        PasswordHash anns = hash("something");
        CheckedPasswords.read(directory).remember(file("ann:" + anns.encoded()));

        CheckedPasswords later = CheckedPasswords.read(directory);

        assertThat(later.isGood("ann", anns)).isTrue();
        assertThat(later.isGood("bob", anns)).as("another name").isFalse();
        assertThat(later.isGood("ann", hash("something"))).as("another salt").isFalse();
        assertThat(Files.readString(directory.resolve(CheckedPasswords.FILE_NAME)))
                .doesNotContain("ann")
                .doesNotContain(anns.encoded());
    }

    @Test
    void demoPassword_ofAChangedLine_isFoundAgain() {
        String bob = "bob:" + hash("other").encoded();
        CheckedPasswords.read(directory).remember(file("ann:" + hash("other").encoded(), bob));

        UsersFile changed = file("ann:" + hash("ann").encoded(), bob);

        assertThat(changed.hasDemoPasswords(CheckedPasswords.read(directory))).isTrue();
    }

    @Test
    void brokenFile_knowsNothing() throws IOException {
        PasswordHash anns = hash("ann");
        Files.writeString(directory.resolve(CheckedPasswords.FILE_NAME), "not\nours\n");

        assertThat(file("ann:" + anns.encoded()).hasDemoPasswords(CheckedPasswords.read(directory)))
                .isTrue();
    }

    @Test
    void rememberedLines_areNotHashedAgain() {
        // Remembered as if it had been found good, so that a look at it would tell.
        UsersFile users = file("ann:" + hash("ann").encoded());
        CheckedPasswords.read(directory).remember(users);

        assertThat(users.hasDemoPasswords(CheckedPasswords.read(directory))).isFalse();
    }
}
