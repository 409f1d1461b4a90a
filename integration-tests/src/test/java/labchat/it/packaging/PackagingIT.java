package labchat.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import labchat.it.support.BrokerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars are complete, and hold nothing that was left out on purpose. */
class PackagingIT {

    private static final String BROKER = "broker/target/broker.jar";
    private static final String CLIENT = "client-cli/target/client-cli.jar";

    @ParameterizedTest
    @CsvSource({BROKER + ",labchat.broker.BrokerMain", CLIENT + ",labchat.client.ClientMain"})
    void manifest_ofEachJar_namesMainClassAndVersion(String path, String mainClass) throws IOException {
        try (JarFile jar = open(path)) {
            Attributes manifest = jar.getManifest().getMainAttributes();

            assertThat(manifest.getValue("Main-Class")).isEqualTo(mainClass);
            assertThat(jar.getEntry(mainClass.replace('.', '/') + ".class")).isNotNull();
            assertThat(manifest.getValue("Implementation-Version")).matches("\\d+\\.\\d+\\.\\d+.*");
            // Bouncy Castle and others bring classes for newer Java in META-INF/versions.
            assertThat(manifest.getValue("Multi-Release")).isEqualTo("true");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BROKER, CLIENT})
    void entries_ofEachJar_areUniqueAndUnsigned(String path) throws IOException {
        List<String> names = names(path);

        assertThat(names).doesNotHaveDuplicates().noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {BROKER, CLIENT})
    void services_ofEachJar_areAllThere(String path) throws IOException {
        try (JarFile jar = open(path)) {
            List<String> services = names(path).stream()
                    .filter(name -> name.matches("META-INF/services/[^/]+"))
                    .toList();

            assertThat(services).contains("META-INF/services/org.slf4j.spi.SLF4JServiceProvider");
            for (String service : services) {
                assertThat(text(jar, service)
                                .lines()
                                .map(line -> line.replaceFirst("#.*", "").strip())
                                .filter(line -> !line.isEmpty()))
                        .as(service)
                        .isNotEmpty()
                        .allMatch(name -> jar.getEntry(name.replace('.', '/') + ".class") != null);
            }
        }
    }

    @Test
    void services_ofTheBroker_putTheGuardInTheWay() throws IOException {
        try (JarFile jar = open(BROKER)) {
            assertThat(text(jar, "META-INF/services/io.netty.bootstrap.ChannelInitializerExtension"))
                    .contains("labchat.broker.mqtt.guard.");
        }
    }

    @Test
    void natives_ofTheBroker_areThoseThatAreWanted() throws IOException {
        assertThat(names(BROKER).stream().filter(name -> name.matches(".*\\.(so|jnilib|dylib|dll)")))
                .containsExactlyInAnyOrder(
                        "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
                        "META-INF/native/libnetty_transport_native_epoll_aarch_64.so",
                        "org/sqlite/native/Linux/aarch64/libsqlitejdbc.so",
                        "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so",
                        "org/sqlite/native/Linux-Musl/aarch64/libsqlitejdbc.so",
                        "org/sqlite/native/Linux-Musl/x86_64/libsqlitejdbc.so",
                        "org/sqlite/native/Mac/aarch64/libsqlitejdbc.dylib",
                        "org/sqlite/native/Mac/x86_64/libsqlitejdbc.dylib",
                        "org/sqlite/native/Windows/aarch64/sqlitejdbc.dll",
                        "org/sqlite/native/Windows/x86_64/sqlitejdbc.dll");
    }

    @Test
    void classes_ofTheBroker_areNoneOfWhatWasLeftOut() throws IOException {
        assertThat(names(BROKER))
                .noneMatch(name -> name.startsWith("io/netty/channel/kqueue/"))
                .noneMatch(name -> name.startsWith("io/netty/internal/tcnative/"))
                .noneMatch(name -> name.startsWith("com/zaxxer/"))
                .noneMatch(name -> name.startsWith("org/apache/log4j/"))
                .noneMatch(name -> name.startsWith("labchat/client/"))
                .anyMatch(name -> name.startsWith("io/moquette/broker/"));
    }

    @Test
    void classes_ofTheClient_areNoneOfTheBrokers() throws IOException {
        assertThat(names(CLIENT))
                .noneMatch(name -> name.startsWith("labchat/broker/"))
                .noneMatch(name -> name.startsWith("io/moquette/"))
                .anyMatch(name -> name.startsWith("com/hivemq/client/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {BROKER, CLIENT})
    void licence_ofEachJar_isTheRepositorys(String path) throws IOException {
        try (JarFile jar = open(path)) {
            assertThat(text(jar, "META-INF/LICENSE"))
                    .isEqualTo(Files.readString(BrokerProcess.root().resolve("LICENSE")));
        }
    }

    /** Whose licence is not the Apache License 2.0 needs a text of its own. */
    @ParameterizedTest
    @ValueSource(strings = {BROKER, CLIENT})
    void licences_ofEachJar_coverEveryLibrary(String path) throws IOException {
        Set<String> covered = new HashSet<>();
        for (String name : names(path)) {
            if (name.matches("META-INF/licenses/[^/]+/[^/]+")) {
                covered.add(name.split("/")[2].replaceFirst("-jar$", ""));
            }
        }
        try (JarFile jar = open(path)) {
            List<String> libraries = text(jar, "META-INF/THIRD-PARTY.txt")
                    .lines()
                    .filter(line -> line.startsWith("     ("))
                    .toList();

            assertThat(libraries).hasSizeGreaterThan(10);
            for (String library : libraries) {
                String artifact = library.replaceFirst(".*\\([^(:]*:([^:]*):.*", "$1");
                assertThat(library.contains("Apache") || covered.contains(artifact))
                        .as("a licence for %s among %s", library.strip(), covered)
                        .isTrue();
            }
            assertThat(covered).contains("netty");
        }
    }

    private static JarFile open(String path) throws IOException {
        return new JarFile(BrokerProcess.root().resolve(path).toFile());
    }

    private static String text(JarFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        try (InputStream bytes = jar.getInputStream(entry)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** As they stand in the file, so that one that is there twice is here twice. */
    private static List<String> names(String path) throws IOException {
        Path file = BrokerProcess.root().resolve(path);
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }
}
