package labchat.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Debian packages hold what they should, and no secret. What they do when they are installed is tried by
 * {@code packaging/try-in-clean-root}.
 */
class DebianPackageIT {

    private static final Path TARGET = BrokerProcess.root().resolve("packaging/target");

    @TempDir
    private Path dir;

    @BeforeEach
    void needDpkg() {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "dpkg-deb"))),
                "there is no dpkg-deb");
    }

    /** The package's files; what is not of the system's package manager is in DEBIAN. */
    private Path unpack(String name) throws Exception {
        Path file;
        try (Stream<Path> files = Files.list(TARGET)) {
            file = files.filter(path -> path.getFileName().toString().matches(name + "_[^_]*_all\\.deb"))
                    .findFirst()
                    .orElseThrow();
        }
        Path root = dir.resolve(name);
        Process process = new ProcessBuilder("dpkg-deb", "-R", file.toString(), root.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        return root;
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"labchat-broker", "labchat"})
    void package_hasCommandManualCompletionAndLicences(String name) throws Exception {
        Path root = unpack(name);

        assertThat(mode(root.resolve("usr/bin/" + name))).isEqualTo("rwxr-xr-x");
        for (String file : List.of(
                "usr/share/man/man1/" + name + ".1.gz",
                "usr/share/bash-completion/completions/" + name,
                "usr/share/zsh/vendor-completions/_" + name,
                "usr/share/fish/vendor_completions.d/" + name + ".fish",
                "usr/share/doc/" + name + "/copyright",
                "usr/share/doc/" + name + "/THIRD-PARTY.txt",
                "usr/share/doc/" + name + "/sbom.cdx.json")) {
            assertThat(root.resolve(file)).isNotEmptyFile();
            assertThat(mode(root.resolve(file))).as(file).isEqualTo("rw-r--r--");
        }
        assertThat(Files.readString(root.resolve("DEBIAN/control")))
                .contains("Package: " + name + "\n", "java17-runtime-headless");
    }

    @Test
    void broker_keepsSettingsOfStaff_andBringsNoAccounts() throws Exception {
        Path root = unpack("labchat-broker");

        assertThat(Files.readAllLines(root.resolve("DEBIAN/conffiles")))
                .containsExactlyInAnyOrder(
                        "/etc/labchat/broker.conf", "/etc/labchat/acl.conf", "/etc/default/labchat-broker");
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().matches("users\\.conf|.*\\.key"));
        }
        assertThat(root.resolve("lib/systemd/system/labchat-broker.service"))
                .content()
                .contains("ExecStart=/usr/bin/labchat-broker serve", "NoNewPrivileges=yes", "CapabilityBoundingSet=\n");
    }
}
