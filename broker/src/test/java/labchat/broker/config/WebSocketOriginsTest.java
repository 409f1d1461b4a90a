package labchat.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketOriginsTest {

    @ParameterizedTest
    @CsvSource({
        "http://lab.example.org:8080, lab.example.org:8083",
        "https://lab.example.org, lab.example.org:8884",
        "http://LAB.example.org, lab.example.org:8083",
        "http://localhost:3000, localhost:8083",
        "http://[2001:db8::1]:8080, [2001:db8::1]:8083",
        "file://, lab.example.org:8083"
    })
    void page_ofTheSameHostOrAProgram_isAllowed(String origin, String host) {
        assertThat(WebSocketOrigins.SAME_HOST.allows(Optional.of(origin), Optional.of(host)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://elsewhere.example.org, lab.example.org:8083",
        "http://lab.example.org.evil.example, lab.example.org:8083",
        "http://127.0.0.1:8080, localhost:8083",
        "null, lab.example.org:8083",
        "http://, lab.example.org:8083",
        "'http://a b', lab.example.org:8083",
        "http://lab.example.org, ' '"
    })
    void page_ofAnotherHost_isRefused(String origin, String host) {
        assertThat(WebSocketOrigins.SAME_HOST.allows(Optional.of(origin), Optional.of(host)))
                .isFalse();
    }

    @Test
    void program_withoutOrigin_isAllowed() {
        assertThat(WebSocketOrigins.SAME_HOST.allows(Optional.empty(), Optional.empty()))
                .isTrue();
    }

    @Test
    void origins_thatAreNamed_areAllowedBesideTheOwn() {
        WebSocketOrigins named = WebSocketOrigins.of(List.of("http://localhost:3000", "null"));

        assertThat(named.allows(Optional.of("http://localhost:3000"), Optional.of("lab:8083")))
                .isTrue();
        assertThat(named.allows(Optional.of("null"), Optional.of("lab:8083"))).isTrue();
        assertThat(named.allows(Optional.of("http://localhost:3001"), Optional.of("lab:8083")))
                .isFalse();
        assertThat(WebSocketOrigins.of(List.of("any")).allows(Optional.of("http://x"), Optional.of("lab")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"any", "null", "http://localhost:3000", "https://lab.example.org", "http://[::1]:3000"})
    void word_ofTheSetting_isTaken(String word) {
        assertThat(WebSocketOrigins.isValid(word)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "localhost", "http://a/", "ftp://a", "http://"})
    void word_thatIsNoOrigin_isRefused(String word) {
        assertThat(WebSocketOrigins.isValid(word)).isFalse();
    }
}
