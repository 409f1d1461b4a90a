package labchat.protocol.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestWordTest {

    private static final List<String> KNOWN = List.of("message", "delivered", "read", "typing", "team1a", "team12a");

    @ParameterizedTest
    @CsvSource({
        "messages, message",
        "mesage, message",
        "Message, message",
        "typign, typing",
        "raed, read",
        "deliverd, delivered",
        "team1, team1a",
        "team12, team12a",
        "massege, message",
    })
    void to_nearWord_isFound(String written, String expected) {
        assertThat(NearestWord.to(written, KNOWN)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({"history", "x", "''", "msg", "readiness"})
    void to_farWord_isNot(String written) {
        assertThat(NearestWord.to(written, KNOWN)).isEmpty();
    }
}
