package labchat.client.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {

    private static final Path PATH = Path.of("/home/x/.config/labchat/config");

    private static final String TWO_PROFILES = """
            # mine
            user team1a
            host localhost

            profile lab
            host lab.example.org
            port 8883
            profile home
            user team2b
            """;

    private static ConfigFile parse(String text) throws UsageException {
        return ConfigFile.parse(PATH, text);
    }

    @Test
    void linesBeforeTheFirstProfile_holdAlways() throws UsageException {
        assertThat(parse(TWO_PROFILES).settings(Optional.empty()))
                .containsOnly(Map.entry(Setting.USER, "team1a"), Map.entry(Setting.HOST, "localhost"));
    }

    @Test
    void profile_winsOverThem() throws UsageException {
        assertThat(parse(TWO_PROFILES).settings(Optional.of("lab")))
                .containsOnly(
                        Map.entry(Setting.USER, "team1a"),
                        Map.entry(Setting.HOST, "lab.example.org"),
                        Map.entry(Setting.PORT, "8883"));
    }

    @Test
    void unknownProfile_isAnsweredWithTheKnownOnes() throws UsageException {
        ConfigFile file = parse(TWO_PROFILES);

        assertThatThrownBy(() -> file.settings(Optional.of("work")))
                .isInstanceOf(UsageException.class)
                .hasMessage("no profile \"work\" in %s; it has lab, home".formatted(PATH));
    }

    @Test
    void allProblems_areReportedTogetherWithTheirLines() {
        assertThatThrownBy(() -> parse("hots x\nport 99999\nuser a b\nprofile\nprofile a\nprofile a\nqos 1\nqos 2\n"))
                .isInstanceOf(UsageException.class)
                .message()
                .isEqualTo("""
                        %1$s:1: unknown setting "hots"; did you mean host?
                        %1$s:2: port must be 1 to 65535, found "99999"
                        %1$s:3: user must be an id of 1 to 32 characters out of A-Z a-z 0-9 _ -, found "a b"
                        %1$s:4: profile needs one name, such as: profile lab
                        %1$s:6: the profile "a" is there already
                        %1$s:8: qos is set already in this part of the file""".formatted(PATH));
    }

    @Test
    void password_doesNotBelongInTheFile_andIsNotRepeated() {
        assertThatThrownBy(() -> parse("password hunter2"))
                .hasMessageContaining("password_file")
                .message()
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "port,1883,0",
        "mqtt_version,3.1.1,4",
        "mqtt_version,5,five",
        "qos,2,3",
        "keepalive,0,65536",
        "chat_root,ttm4175/chat,ttm4175/#",
        "contacts,'team1a, x1',team/1a",
        "color,never,blue",
        "host,::1,'a b'"
    })
    void value_isCheckedByTheSettingsRule(String name, String good, String bad) throws UsageException {
        assertThat(parse(name + " " + good).settings(Optional.empty())).containsValue(good);
        assertThatThrownBy(() -> parse(name + " " + bad))
                .hasMessageStartingWith(PATH + ":1: " + name + " must be ")
                .hasMessageEndingWith("found \"" + bad + "\"");
    }

    @Test
    void path_followsXdg() {
        assertThat(ConfigFile.path(Map.of("XDG_CONFIG_HOME", "/etc/xdg", "HOME", "/home/x")))
                .contains(Path.of("/etc/xdg/labchat/config"));
        assertThat(ConfigFile.path(Map.of("XDG_CONFIG_HOME", "relative", "HOME", "/home/x")))
                .contains(PATH);
        assertThat(ConfigFile.path(Map.of("HOME", "/home/x"))).contains(PATH);
    }

    @ParameterizedTest
    @CsvSource({
        "receipts,on,true",
        "receipts,no,false",
        "notify,desktop,true",
        "notify,loud,false",
        "background,dark,true"
    })
    void preference_isReadOrRefused(String name, String value, boolean good) throws UsageException {
        String line = name + " " + value;
        if (good) {
            assertThat(parse(line).settings(Optional.empty()))
                    .containsOnly(Map.entry(Setting.of(name).orElseThrow(), value));
        } else {
            assertThatThrownBy(() -> parse(line)).hasMessageContaining(name + " must be");
        }
    }

    @Test
    void changedPreference_isALineOfItsOwn_andAllElseStays(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("labchat/config");
        assertThat(ConfigFile.change(file, Optional.empty(), Setting.RECEIPTS, "off"))
                .isEmpty();
        assertThat(file).hasContent("receipts off\n");

        Files.writeString(file, TWO_PROFILES);
        assertThat(ConfigFile.change(file, Optional.of("lab"), Setting.NOTIFY, "off"))
                .isEmpty();
        assertThat(ConfigFile.change(file, Optional.of("lab"), Setting.NOTIFY, "desktop"))
                .isEmpty();
        assertThat(file).hasContent(TWO_PROFILES.replace("profile lab", "notify desktop\nprofile lab"));
    }

    @Test
    void preferenceThatTheProfileSets_isChangedThere(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("config");
        String text = "notify bell\nprofile lab\nnotify off\nprofile home\nnotify off\n";
        Files.writeString(file, text);

        ConfigFile.change(file, Optional.of("lab"), Setting.NOTIFY, "desktop");

        assertThat(file).hasContent("notify bell\nprofile lab\nnotify desktop\nprofile home\nnotify off\n");
    }

    @Test
    void preferenceThatCannotBeKept_saysWhy(@TempDir Path directory) throws IOException {
        Path inTheWay = Files.writeString(directory.resolve("labchat"), "a file, not a directory");

        assertThat(ConfigFile.change(inTheWay.resolve("config"), Optional.empty(), Setting.MOUSE, "off"))
                .hasValueSatisfying(why -> assertThat(why).contains("cannot be written"));
    }
}
