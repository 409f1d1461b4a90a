package labchat.client.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsOptionsTest {

    private static final String FINGERPRINT = "A2:".repeat(31) + "A2";

    @TempDir
    private Path home;

    private final ConnectOptions options = new ConnectOptions();
    private Map<String, String> environment;

    @BeforeEach
    void aHomeOfItsOwn() {
        environment = new HashMap<>(Map.of("HOME", home.toString(), "LABCHAT_PASSWORD", "secret"));
        options.user = "team1a";
        // Nothing listens there, and nothing is asked of it.
        options.host = "127.0.0.1";
        options.port = "1";
    }

    private ResolvedOptions resolve() throws UsageException {
        return options.resolve(environment, Optional.empty());
    }

    @Test
    void withoutTheOptions_thereIsNoTls() throws UsageException {
        options.port = null;

        assertThat(resolve().connection().tls()).isEmpty();
        assertThat(resolve().connection().port()).isEqualTo(1883);
    }

    @Test
    void insecure_isTlsAndItsPort() throws UsageException {
        options.port = null;
        options.tls.insecure = true;

        assertThat(resolve().connection().tls()).isPresent();
        assertThat(resolve().connection().port()).isEqualTo(8883);
    }

    @Test
    void fingerprint_alone_isTls() throws UsageException {
        options.tls.fingerprint = FINGERPRINT;

        assertThat(resolve().connection().tls()).isPresent();
    }

    @Test
    void fingerprint_ofTheFile_isTls() throws Exception {
        Path file = home.resolve(".config/labchat/config");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "fingerprint " + FINGERPRINT + "\n");

        assertThat(resolve().connection().tls()).isPresent();
    }

    @Test
    void fingerprint_thatIsNone_isRefused() {
        options.tls.fingerprint = "AA:BB";

        assertThatThrownBy(this::resolve)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--fingerprint must be a SHA-256")
                .hasMessageContaining("AA:BB");
    }

    @Test
    void options_thatContradictEachOther_areRefused() {
        options.tls.insecure = true;
        options.tls.fingerprint = FINGERPRINT;

        assertThatThrownBy(this::resolve).hasMessageContaining("choose");
    }

    @Test
    void certificate_withoutItsKey_isRefused() {
        options.tls.cert = "team1a.crt";

        assertThatThrownBy(this::resolve).hasMessageContaining("--cert needs --key too");
    }

    @Test
    void file_thatIsNotThere_isNamed() {
        options.tls.caFile = home.resolve("none.crt").toString();

        assertThatThrownBy(this::resolve).hasMessageContaining("none.crt does not exist");
    }
}
