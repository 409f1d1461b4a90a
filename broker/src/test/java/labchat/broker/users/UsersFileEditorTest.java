package labchat.broker.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class UsersFileEditorTest {

    @TempDir
    private Path dir;

    private Path file;
    private UsersFileEditor editor;

    @BeforeEach
    void setUp() {
        file = dir.resolve("users.conf");
        editor = new UsersFileEditor(file);
    }

    private static PasswordHash hash(String password) {
        return PasswordHash.create(password.getBytes(StandardCharsets.UTF_8), 1, new SecureRandom());
    }

    private static boolean accepts(Path file, String user, String password) {
        return UsersFile.read(file).hash(user).orElseThrow().verify(password.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void add_toNoFile_makesItReadableByItsOwnerOnly() throws Exception {
        editor.add("ann", hash("secret"));

        assertThat(accepts(file, "ann", "secret")).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void edits_ofAFile_keepCommentsAndOrder() throws Exception {
        String ann = "ann:" + UsersFileTest.hash("a");
        String bob = "bob:" + UsersFileTest.hash("b");
        Files.writeString(file, "# the class\n" + ann + "\n\n# the others\n" + bob + "\n");

        editor.add("cid", hash("c"));
        editor.change("ann", hash("new"));
        editor.remove("bob");

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).isEqualTo("# the class");
        assertThat(lines.get(1)).startsWith("ann:$7$");
        assertThat(lines.get(2)).isEmpty();
        assertThat(lines.get(3)).isEqualTo("# the others");
        assertThat(lines.get(4)).startsWith("cid:$7$");
        assertThat(accepts(file, "ann", "new")).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void edit_leavesNoTemporaryFile() throws Exception {
        editor.add("ann", hash("secret"));

        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("users.conf", "users.conf.lock");
        }
    }

    @Test
    void edit_throughALink_changesTheFileBehindIt() throws Exception {
        editor.add("ann", hash("secret"));
        Path link = Files.createSymbolicLink(dir.resolve("link.conf"), file);

        new UsersFileEditor(link).add("bob", hash("b"));

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(UsersFile.read(file).names()).containsExactly("ann", "bob");
    }

    @Test
    void add_ofAUserThatExists_isRefusedAndChangesNothing() throws Exception {
        editor.add("ann", hash("secret"));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> editor.add("ann", hash("other")))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "%s:1: the user \"ann\" exists; change the password with: users passwd ann".formatted(file));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void changeAndRemove_ofAUserThatDoesNotExist_areRefused() throws Exception {
        editor.add("ann", hash("secret"));

        assertThatThrownBy(() -> editor.change("bob", hash("b")))
                .isInstanceOf(IOException.class)
                .hasMessage("%s: there is no user \"bob\"; see: users list".formatted(file));
        assertThatThrownBy(() -> editor.remove("bob")).isInstanceOf(IOException.class);
        assertThat(UsersFile.read(file).names()).containsExactly("ann");
    }

    @Test
    void edit_ofAFileWithProblems_isRefused() throws Exception {
        Files.writeString(file, "ann\n");

        assertThatThrownBy(() -> editor.add("bob", hash("b")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ":1: no colon")
                .hasMessageEndingWith("correct the file first, see: users check");
        assertThat(Files.readString(file)).isEqualTo("ann\n");
    }

    @Test
    @Timeout(60)
    void edits_atOnce_areAllKept() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> edits = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String user = "user" + i;
                edits.add(threads.submit(() -> {
                    new UsersFileEditor(file).add(user, hash(user));
                    return null;
                }));
            }
            for (Future<?> edit : edits) {
                edit.get();
            }
        } finally {
            threads.shutdown();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }

        assertThat(UsersFile.read(file).problems()).isEmpty();
        assertThat(UsersFile.read(file).names()).hasSize(40);
    }
}
