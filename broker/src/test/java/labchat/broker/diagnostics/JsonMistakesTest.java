package labchat.broker.diagnostics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonMistakesTest {

    private static final String ELSE = "check it with";

    private final JsonMistakes mistakes = new JsonMistakes();

    /** Each mistake, and next to it one that looks like it and is another. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                          | The payload is empty",
                "`  \n `                     | The payload is empty",
                "`x`                         | The payload is plain text",
                "`hello 'you'`               | The payload is plain text",
                "`\"{\\\"a\\\": 1}\"`        | call json.dumps once",
                "`'{\"a\": 1}'`              | call json.dumps once",
                "`\"text\"`                  | The payload is plain text",
                "`[{\"a\": 1}]`              | one object",
                "`{'a': 1}`                  | not single ones",
                "`{\"a\": 'b'}`              | not single ones",
                "`{\"a\": \"it is ,'b'\" 1}` | check it with",
                "`{\"a\": None}`             | not Python's None",
                "`{\"a\": True, \"b\": 1}`   | not Python's True",
                "`{\"a\": [False]}`          | not Python's False",
                "`{\"a\": \": None\" 1}`     | check it with",
                "`{\"a\": Nonesense}`        | check it with",
                "`{\"a\": 1,}`               | Remove the comma",
                "`{\"a\": [1, ]}`            | Remove the comma",
                "`{\"a\": \",}\" 1}`         | check it with",
                "`{\"a\": \"b}`              | A double quote is missing",
                "`{\"a\": \"say \"hi\" b\"}` | check it with",
                "`{\"a\": \"b\"`             | A closing brace } is missing",
                "`{\"a\": \"{\"`             | A closing brace } is missing",
                "`{\"a\": \"{\" 1}`          | check it with"
            })
    void hint_mistake_isTheFittingOne(String payload, String hint) {
        assertThat(mistakes.hint(payload.getBytes(UTF_8))).contains(hint);
    }

    @ParameterizedTest
    @CsvSource({"65536", "262144"})
    void hint_hugePayloadOfQuotesAndBackslashes_comesAtOnce(int length) {
        assertThat(mistakes.hint(("{\"" + "\\\"".repeat(length / 2)).getBytes(UTF_8)))
                .isNotEmpty()
                .doesNotContain(ELSE);
    }
}
