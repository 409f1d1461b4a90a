package labchat.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"team1a", "x1", "A", "0", "_", "-", "abcdefghijklmnopqrstuvwxyzABCDEF"})
    void construct_valid_isKept(String value) {
        assertThat(new ChatId(value).value()).isEqualTo(value);
        assertThat(ChatId.parse(value)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "+", "#", "é", "abcdefghijklmnopqrstuvwxyzABCDEFG", "a\u0000"})
    void construct_invalid_isRefused(String value) {
        assertThatThrownBy(() -> new ChatId(value)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ChatId.parse(value)).isEmpty();
    }

    @Test
    void problem_namesCharacterAndIndex() {
        assertThat(ChatId.problem("team 1"))
                .hasValueSatisfying(p -> assertThat(p).contains("' ' at index 4"));
    }
}
