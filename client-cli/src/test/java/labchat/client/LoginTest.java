package labchat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginTest {

    private final ChatSession.Login login = new ChatSession.Login("lab.example.org", 8883, "team1a", "secret");

    @Test
    void login_unlessToldWhomToTrust_isWithoutTls() {
        assertThat(login.tls()).isEmpty();
        assertThat(login).hasToString("Login[team1a at lab.example.org:8883]");
    }

    @Test
    void login_withAFingerprint_isOverTls() {
        ChatSession.Login secure = login.fingerprint("a2".repeat(32));

        assertThat(secure.tls()).isPresent();
        assertThat(secure).hasToString("Login[team1a at lab.example.org:8883 over TLS]");
    }

    @Test
    void fingerprint_thatIsNone_isRefused() {
        assertThatThrownBy(() -> login.fingerprint("A2:B3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 hexadecimal digits, not \"A2:B3\"");
    }

    @Test
    void caFile_thatIsNotThere_isNamed(@TempDir Path directory) {
        assertThatThrownBy(() -> login.signedBy(directory.resolve("ca.crt")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ca.crt");
    }
}
