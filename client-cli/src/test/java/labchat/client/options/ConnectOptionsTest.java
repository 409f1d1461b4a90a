package labchat.client.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import labchat.client.session.MqttVersion;
import labchat.client.session.Password;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectOptionsTest {

    private static final PasswordPrompt PROMPT = user -> Optional.of("asked-" + user);

    @TempDir
    private Path home;

    private final ConnectOptions options = new ConnectOptions();
    private Map<String, String> environment;

    @BeforeEach
    void aHomeOfItsOwn() {
        environment = new HashMap<>(Map.of("HOME", home.toString()));
    }

    private ResolvedOptions resolve() throws UsageException {
        return options.resolve(environment, Optional.of(PROMPT));
    }

    private void config(String text) throws IOException {
        Path file = home.resolve(".config/labchat/config");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void defaults_areThoseOfTheMqttWorld() throws UsageException {
        options.user = "team1a";

        ResolvedOptions resolved = resolve();

        assertThat(resolved.connection().address()).isEqualTo("localhost:1883");
        assertThat(resolved.connection().version()).isEqualTo(MqttVersion.V5);
        assertThat(resolved.connection().qos()).isEqualTo(OptionalInt.empty());
        assertThat(resolved.connection().qosOf(ChatKind.MESSAGE)).isEqualTo(1);
        assertThat(resolved.connection().keepAlive()).isEqualTo(Duration.ofSeconds(60));
        assertThat(resolved.connection().topics().root()).isEqualTo("ttm4175/chat");
        assertThat(resolved.contacts()).isEmpty();
        assertThat(resolved.color()).isEqualTo(ColorMode.AUTO);
    }

    @Test
    void commandLine_winsOverProfile_overFile() throws UsageException, IOException {
        config("user team1a\nhost one\nport 1\nqos 1\nprofile lab\nhost two\nport 2\ncontacts x1 x2\n");
        options.profile = "lab";
        options.port = "3";

        ResolvedOptions resolved = resolve();

        assertThat(resolved.connection().address()).isEqualTo("two:3");
        assertThat(resolved.connection().user()).isEqualTo(new ChatId("team1a"));
        assertThat(resolved.connection().qos()).hasValue(1);
        assertThat(resolved.contacts()).contains(List.of(new ChatId("x1"), new ChatId("x2")));
    }

    @Test
    void qos_isForAllKindsButTypingHints() throws UsageException {
        options.user = "team1a";
        options.qos = "2";

        ResolvedOptions resolved = resolve();

        assertThat(resolved.connection().qosOf(ChatKind.READ)).isEqualTo(2);
        assertThat(resolved.connection().qosOf(ChatKind.TYPING)).isZero();
    }

    @Test
    void everyBadOption_isReported() {
        options.port = "0";
        options.qos = "3";
        options.mqttVersion = "4";
        options.keepAlive = "-1";
        options.chatRoot = "a/#";
        options.color = "pink";

        assertThatThrownBy(this::resolve)
                .isInstanceOf(UsageException.class)
                .message()
                .contains("-p/--port must be 1 to 65535, found \"0\"")
                .contains("-q/--qos must be 0, 1 or 2, found \"3\"")
                .contains("-V/--mqtt-version must be 3.1.1 or 5, found \"4\"")
                .contains("-k/--keepalive must be")
                .contains("--chat-root must be")
                .contains("--color must be auto, always or never")
                .contains("name yourself with -u");
    }

    @Test
    void password_comesFromTheFile_beforeTheVariable_beforeThePrompt() throws UsageException, IOException {
        options.user = "team1a";
        assertThat(resolve().connection().password()).isEqualTo(new Password("asked-team1a"));

        environment.put("LABCHAT_PASSWORD", "from-variable");
        assertThat(resolve().connection().password()).isEqualTo(new Password("from-variable"));

        Path file = Files.writeString(home.resolve("pw"), "from-file\nsecond line\n");
        options.passwordFile = file.toString();
        assertThat(resolve().connection().password()).isEqualTo(new Password("from-file"));
    }

    @Test
    void passwordFile_ofTheConfiguration_isFoundBesideIt() throws UsageException, IOException {
        config("user team1a\npassword_file secret\n");
        Files.writeString(home.resolve(".config/labchat/secret"), "beside\n");

        assertThat(resolve().connection().password()).isEqualTo(new Password("beside"));
    }

    @Test
    void noPassword_andNobodyToAsk_saysHowToGiveOne() {
        options.user = "team1a";

        assertThatThrownBy(() -> options.resolve(environment, Optional.empty()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("LABCHAT_PASSWORD")
                .hasMessageContaining("--password-file");
    }

    @Test
    void passwordFile_missingOrEmpty_isNamed() throws IOException {
        options.user = "team1a";
        options.passwordFile = home.resolve("none").toString();
        assertThatThrownBy(this::resolve).hasMessageContaining("none does not exist");

        options.passwordFile = Files.writeString(home.resolve("empty"), "\n").toString();
        assertThatThrownBy(this::resolve).hasMessageContaining("empty: its first line should be the password");
    }

    @Test
    void password_isNeverPrinted() throws UsageException {
        options.user = "team1a";
        environment.put("LABCHAT_PASSWORD", "hunter2");

        assertThat(resolve().toString()).contains("[REDACTED]").doesNotContain("hunter2");
    }

    @Test
    void nothing_isWrittenToTheHomeDirectory() throws UsageException {
        options.user = "team1a";
        resolve();

        assertThat(home).isEmptyDirectory();
    }
}
