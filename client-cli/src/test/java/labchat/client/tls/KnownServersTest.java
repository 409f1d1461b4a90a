package labchat.client.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownServersTest {

    private static final Fingerprint ONE = new Fingerprint("01:".repeat(31) + "01");
    private static final Fingerprint TWO = new Fingerprint("A2:".repeat(31) + "A2");

    @TempDir
    private Path directory;

    @Test
    void server_isRememberedByHostAndPort() throws IOException {
        KnownServers known = new KnownServers(directory.resolve("labchat/known_servers"));
        assertThat(known.of("broker:8883")).isEmpty();

        known.remember("broker:8883", ONE);
        known.remember("broker:88", TWO);

        assertThat(known.of("broker:8883")).contains(ONE);
        assertThat(known.of("broker:88")).contains(TWO);
        assertThat(known.of("broker:8884")).isEmpty();
    }

    @Test
    void server_rememberedAnew_hasOnlyTheNewFingerprint() throws IOException {
        KnownServers known = new KnownServers(directory.resolve("known_servers"));
        known.remember("other:1", TWO);
        known.remember("broker:8883", ONE);

        known.remember("broker:8883", TWO);

        assertThat(known.of("broker:8883")).contains(TWO);
        assertThat(known.of("other:1")).contains(TWO);
        assertThat(Files.readAllLines(known.file())).hasSize(2);
    }

    @Test
    void line_thatIsBroken_isNoReasonToTrust() throws IOException {
        Path file = Files.writeString(directory.resolve("known_servers"), "broker:8883 01:02\n");

        assertThatThrownBy(() -> new KnownServers(file).of("broker:8883"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the line for broker:8883 is broken");
    }

    @Test
    void fingerprint_isReadAsPeopleWriteIt() {
        String plain = "a2".repeat(32);
        assertThat(Fingerprint.parse(TWO.text())).contains(TWO);
        assertThat(Fingerprint.parse(plain)).contains(TWO);
        assertThat(Fingerprint.parse("sha256:" + plain)).contains(TWO);
        assertThat(Fingerprint.parse("SHA256=" + TWO)).contains(TWO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A2", "G1:02", "sha1:a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2"})
    void fingerprint_thatIsNone_isNotRead(String typed) {
        assertThat(Fingerprint.parse(typed)).isEmpty();
    }
}
