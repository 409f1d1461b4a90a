package labchat.broker.classroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import labchat.broker.users.UsersFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassDirectoryTest {

    private static final Pattern PASSWORD = Pattern.compile("[a-z]+-[a-z]+-[a-z]+-[a-z]+-\\d{3}");

    @TempDir
    private Path temporary;

    private Path directory;
    private ClassDirectory classroom;

    @BeforeEach
    void create() throws IOException {
        directory = temporary.resolve("class");
        classroom = new ClassDirectory(directory, Clock.systemUTC());
        classroom.create("broker.example", List.of(), List.of("team1", "team2"), List.of("x1"), "staff");
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private static Set<String> passwordsIn(String text) {
        Set<String> found = new HashSet<>();
        Matcher password = PASSWORD.matcher(text);
        while (password.find()) {
            found.add(password.group());
        }
        return found;
    }

    private String passwordOf(String user) throws IOException {
        Set<String> found = passwordsIn(Files.readString(classroom.slipFile(user)));
        assertThat(found).as("passwords on the slip of " + user).hasSize(1);
        return found.iterator().next();
    }

    private boolean opens(String user, String password) {
        return UsersFile.read(classroom.usersFile())
                .hash(user)
                .orElseThrow()
                .verify(password.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachSlip_hasItsOwnPasswordAlone_andNoOtherFileHasAny() throws IOException {
        assertThat(classroom.users()).containsExactly("team1", "team2", "x1", "staff");
        Set<String> all = new HashSet<>();
        for (String user : classroom.users()) {
            String password = passwordOf(user);
            assertThat(opens(user, password)).as(user).isTrue();
            assertThat(all.add(password)).isTrue();
            assertThat(passwordsIn(Files.readString(directory.resolve("slips/" + user + ".mqttx.json"))))
                    .containsExactly(password);
        }
        files().forEach((name, text) -> {
            if (name.equals("slips.html")) {
                assertThat(passwordsIn(text)).isEqualTo(all);
            } else if (!name.startsWith("slips/")) {
                assertThat(passwordsIn(text)).as(name).isEmpty();
            }
        });
    }

    @Test
    void files_areForTheirOwnerOnly_andIgnoredByGit() throws IOException {
        assertThat(Files.readString(directory.resolve(".gitignore"))).contains("\n*\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        for (String name :
                List.of("users.conf", "broker.conf", "slips.html", "slips/team1.html", "server.key", "ca.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void create_whereSomethingIs_changesNothing() throws IOException {
        Map<String, String> before = files();

        assertThatThrownBy(() -> classroom.create("other.example", List.of(), List.of("team9"), List.of(), "staff"))
                .isInstanceOf(ClassDirectory.ClassException.class)
                .hasMessageContaining("users.conf");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void create_withSettingsInAnotherFolder_leavesThemAndFollowsThem() throws IOException {
        Path etc = Files.createDirectory(directory.resolve("etc"));
        Path service = Files.createDirectory(directory.resolve("service"));
        Files.copy(directory.resolve("acl.conf"), etc.resolve("acl.conf"));
        Files.writeString(etc.resolve("broker.conf"), "port 1999\ntls_port off\n");
        Files.createSymbolicLink(service.resolve("acl.conf"), etc.resolve("acl.conf"));
        Files.createSymbolicLink(service.resolve("broker.conf"), etc.resolve("broker.conf"));
        ClassDirectory kept = new ClassDirectory(service, Clock.systemUTC());

        assertThat(kept.hasSettingsElsewhere()).isTrue();
        kept.create("broker.example", List.of(), List.of("team1"), List.of(), "staff");

        assertThat(kept.settingsFolder()).isEqualTo(etc.toRealPath());
        assertThat(service.resolve("broker.conf")).isSymbolicLink();
        assertThat(Files.readString(etc.resolve("broker.conf"))).isEqualTo("port 1999\ntls_port off\n");
        assertThat(Files.readString(kept.slipFile("team1"))).contains("-p 1999");
        assertThat(kept.users()).containsExactly("team1", "staff");
        assertThat(classroom.hasSettingsElsewhere()).isFalse();
    }

    @Test
    void reset_givesOneNewSlip_andLeavesTheOthers() throws IOException {
        String before = passwordOf("team1");
        String other = passwordOf("team2");

        classroom.reset("team1");

        String after = passwordOf("team1");
        assertThat(after).isNotEqualTo(before);
        assertThat(opens("team1", after)).isTrue();
        assertThat(opens("team1", before)).isFalse();
        assertThat(opens("team2", other)).isTrue();
        assertThat(passwordsIn(Files.readString(classroom.sheet())))
                .contains(after, other)
                .doesNotContain(before);
        assertThatThrownBy(() -> classroom.reset("team3")).hasMessageContaining("there are team1, team2");
    }

    @Test
    void addAndRemove_followInFileAndSheet() throws IOException {
        assertThat(classroom.add(Map.of("team3", "Ola & Kari", "team1", ""))).containsExactly("team3");
        assertThat(Files.readString(classroom.sheet())).contains("<h2>team3</h2>", "Ola &amp; Kari");
        classroom.reset("team3");
        assertThat(Files.readString(classroom.slipFile("team3"))).contains("Ola &amp; Kari");

        classroom.remove("team3");

        assertThat(classroom.users()).doesNotContain("team3");
        assertThat(Files.readString(classroom.sheet())).doesNotContain("team3");
        assertThat(classroom.slipFile("team3")).doesNotExist();
    }

    @Test
    void slips_nameWhatTheSettingsSayNow() throws IOException {
        Path conf = directory.resolve("broker.conf");
        Files.writeString(conf, Files.readString(conf).replace("port 1883", "port off"));

        classroom.reset("team1");

        assertThat(Files.readString(classroom.slipFile("team1")))
                .contains("java -jar client-cli.jar --tls -h broker.example -u team1")
                .contains("port=8883, tls={&quot;ca_certs&quot;: &quot;ca.crt&quot;}")
                .contains("https://broker.example:8080/")
                .doesNotContain("port 1883");
    }

    @Test
    void roster_takesHeadingsSeparatorsAndQuotes_andRefusesBadIds() {
        Roster good = roster("\uFEFFname;id\nOla;team7\n\"Per; \"\"P\"\"\";team8\nKari;team7\n\n");
        assertThat(good.problems()).isEmpty();
        assertThat(good.people())
                .containsExactlyInAnyOrderEntriesOf(Map.of("team7", "Ola, Kari", "team8", "Per; \"P\""));
        assertThat(roster("team7,Ola\nteam8\n").people()).containsKeys("team7", "team8");
        assertThat(roster("te am,Ola\nserver\n,x\n").problems())
                .extracting(Object::toString)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("roster.csv:1: \"te am\""),
                        second -> assertThat(second).startsWith("roster.csv:2: \"server\""),
                        third -> assertThat(third).startsWith("roster.csv:3: no id"));
    }

    private static Roster roster(String text) {
        return Roster.of("roster.csv", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void passwords_areMadeOf256WordsThatDoNotBeginEachOther() {
        assertThat(Passwords.WORDS).hasSize(256).doesNotHaveDuplicates();
        assertThat(Passwords.WORDS)
                .noneMatch(word ->
                        Passwords.WORDS.stream().anyMatch(other -> !other.equals(word) && other.startsWith(word)));
        assertThat(new Passwords(new SecureRandom()).next()).matches(PASSWORD);
    }
}
