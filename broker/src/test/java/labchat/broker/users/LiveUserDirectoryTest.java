package labchat.broker.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import labchat.broker.users.LiveUserDirectory.Changes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveUserDirectoryTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("users.conf");
    }

    private static PasswordHash hash(String password) {
        return PasswordHash.create(bytes(password), PasswordHash.MIN_ITERATIONS, RANDOM);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private UsersFile read() {
        UsersFile read = UsersFile.read(file());
        assertThat(read.problems()).isEmpty();
        return read;
    }

    private FileUserDirectory withAnnAndBob() throws Exception {
        UsersFileEditor editor = new UsersFileEditor(file());
        editor.add("ann", hash("ann's"));
        editor.add("bob", hash("bob's"));
        return new FileUserDirectory(read());
    }

    @Test
    void replace_tellsWhoWasAddedRemovedAndChanged_andRaisesTheirVersionsOnly() throws Exception {
        FileUserDirectory before = withAnnAndBob();
        new UsersFileEditor(file()).add("cleo", hash("cleo's"));
        before = before.with(read());
        LiveUserDirectory live = new LiveUserDirectory(before);
        long ann = live.version("ann");
        long bob = live.version("bob");
        new UsersFileEditor(file()).change("bob", hash("another"));
        new UsersFileEditor(file()).remove("cleo");
        new UsersFileEditor(file()).add("dan", hash("dan's"));

        Changes changes = live.replace(before.with(read()));

        assertThat(changes.added()).containsExactly("dan");
        assertThat(changes.removed()).containsExactly("cleo");
        assertThat(changes.changed()).containsExactly("bob");
        assertThat(live.version("ann")).isEqualTo(ann);
        assertThat(live.version("bob")).isGreaterThan(bob);
        assertThat(live.version("cleo")).isNegative();
        assertThat(live.verify("bob", bytes("another"))).isTrue();
        assertThat(live.verify("bob", bytes("bob's"))).isFalse();
    }

    @Test
    void version_ofAnAccountThatIsMadeAgain_isAnother() throws Exception {
        FileUserDirectory before = withAnnAndBob();
        LiveUserDirectory live = new LiveUserDirectory(before);
        long version = live.version("ann");

        live.replace(before.without("ann"));
        live.replace(before);

        assertThat(live.version("ann")).isNotNegative().isNotEqualTo(version);
    }

    @Test
    void aLoginThatWasRemembered_endsWithItsPassword() throws Exception {
        FileUserDirectory before = withAnnAndBob();
        assertThat(before.verify("ann", bytes("ann's"))).isTrue();
        new UsersFileEditor(file()).change("ann", hash("another"));

        assertThat(before.with(read()).verify("ann", bytes("ann's"))).isFalse();
    }

    @Test
    void aFurtherPassword_logsIn_isNamedWhenUsed_andChangesNoVersionUntilItIsRevoked() throws Exception {
        withAnnAndBob();
        List<String> uses = new ArrayList<>();
        FileUserDirectory before = new FileUserDirectory(read(), (user, name) -> uses.add(user + " " + name));
        LiveUserDirectory live = new LiveUserDirectory(before);
        long version = live.version("ann");
        new UsersFileEditor(file()).addPassword("ann", "phone", hash("phone's"));

        Changes added = live.replace(before.with(read()));

        assertThat(added.extended()).containsExactly("ann");
        assertThat(added.changed()).isEmpty();
        assertThat(live.version("ann")).isEqualTo(version);
        assertThat(live.verify("ann", bytes("phone's"))).isTrue();
        assertThat(live.verify("ann", bytes("ann's"))).isTrue();
        assertThat(live.verify("bob", bytes("phone's"))).isFalse();
        assertThat(uses).containsExactly("ann phone", "ann first");

        new UsersFileEditor(file()).revokePassword("ann", "phone");
        Changes revoked = live.replace(before.with(read()));

        assertThat(revoked.changed()).containsExactly("ann");
        assertThat(live.verify("ann", bytes("phone's"))).isFalse();
        assertThat(live.verify("ann", bytes("ann's"))).isTrue();
    }

    @Test
    void furtherPasswords_goWithTheAccount_andWhenTheFirstIsChanged() throws Exception {
        withAnnAndBob();
        UsersFileEditor editor = new UsersFileEditor(file());
        editor.addPassword("ann", "phone", hash("phone's"));
        editor.addPassword("bob", "phone", hash("phone's"));

        editor.change("ann", hash("another"));
        editor.remove("bob");
        editor.add("bob", hash("of another bob"));

        FileUserDirectory accounts = new FileUserDirectory(read());
        assertThat(accounts.verify("ann", bytes("phone's"))).isFalse();
        assertThat(accounts.verify("bob", bytes("phone's"))).isFalse();
        assertThat(Files.readString(MorePasswords.fileOf(file()))).isEmpty();
    }

    @Test
    void aBadLineOfFurtherPasswords_isAProblemWithItsLine_andTellsNoHash() throws Exception {
        withAnnAndBob();
        Files.writeString(MorePasswords.fileOf(file()), "# comment\nann:phone\nann:first:$7$x\nann:a b:$7$y\n");

        assertThat(UsersFile.read(file()).problems())
                .extracting(Object::toString)
                .hasSize(3)
                .allMatch(problem -> problem.contains("users.conf.more:"))
                .noneMatch(problem -> problem.contains("$7$"));
    }
}
