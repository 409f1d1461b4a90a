package labchat.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFaultTest {

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        "{'sender': 'team1a'}",
                        "line 1, column 2: expected a field name in double quotes, or }, found a single quote:"
                                + " {»'«sender': 'team1a'}"),
                Arguments.of(
                        "{\"sender\": 'team1a'}",
                        "line 1, column 12: expected a value, found a single quote: {\"sender\": »'«team1a'}"),
                Arguments.of(
                        "{\"a\": 1,}",
                        "line 1, column 9: expected a field name in double quotes, found }: {\"a\": 1,»}«"),
                Arguments.of("[1,]", "line 1, column 4: expected a value, found ]: [1,»]«"),
                Arguments.of("{\"a\": 1", "line 1, column 8: expected a comma or }, found the end: {\"a\": 1»«"),
                Arguments.of(
                        "{\"a\": None}",
                        "line 1, column 7: expected a value, found \"None\", which is text without double quotes:"
                                + " {\"a\": »None«}"),
                Arguments.of(
                        "{\"a\" 1}",
                        "line 1, column 6: expected a colon (:) between the field's name and its value, found \"1\":"
                                + " {\"a\" »1«}"),
                Arguments.of(
                        "{\"a\": 1 \"b\": 2}",
                        "line 1, column 9: expected a comma or }, found a double quote: {\"a\": 1 »\"«b\": 2}"),
                Arguments.of(
                        "{a: 1}",
                        "line 1, column 2: expected a field name in double quotes, or }, found \"a\": {»a«: 1}"),
                Arguments.of(
                        "hei på deg",
                        "line 1, column 1: expected a value, found \"hei\", which is text without double quotes:"
                                + " »hei« på deg"),
                Arguments.of("{} x", "line 1, column 4: expected the end after the object, found more: {} »x«"),
                Arguments.of("", "line 1, column 1: expected a value, found the end"),
                Arguments.of(
                        "{\"a\": \"hei}",
                        "line 1, column 7: the text that begins here has no closing double quote: {\"a\": »\"«hei}"),
                Arguments.of(
                        "{\"a\": \"hei\nhei\"}",
                        "line 1, column 11: a line break inside the text, where it is written \\n: is the closing \""
                                + " missing? {\"a\": \"hei»⏎«hei\"}"),
                Arguments.of(
                        "{\"a\": \"c:\\user\"}",
                        "line 1, column 10: after \\u come four hexadecimal digits: {\"a\": \"c:»\\u«ser\"}"),
                Arguments.of(
                        "{\"a\": \"c:\\me\"}",
                        "line 1, column 10: a backslash is written \\\\, unless n, t, \" or the like follows:"
                                + " {\"a\": \"c:»\\m«e\"}"),
                Arguments.of(
                        "{\"a\": 007}",
                        "line 1, column 7: a number does not begin with 0; is it meant as text, in double quotes?"
                                + " {\"a\": »007«}"),
                Arguments.of(
                        "{\"a\": 16fd2706}",
                        "line 1, column 7: expected a value, found \"16fd2706\", which is text without double quotes:"
                                + " {\"a\": »16fd2706«}"),
                Arguments.of(
                        "{\"a\": 1,\n \"blåbær😀\": 2,\n 'b': 3}",
                        "line 3, column 2: expected a field name in double quotes, found a single quote:"
                                + " …1,⏎ \"blåbær😀\": 2,⏎ »'«b': 3}"),
                Arguments.of(
                        "{“a”: 1}",
                        "line 1, column 2: expected a field name in double quotes, or }, found a typographic quote:"
                                + " {»“«a”: 1}"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void find_fault_saysWhereWhatWasExpectedAndMarksIt(String text, String words) {
        assertThat(JsonFault.find(text)).contains(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " {\"a\": [1, -2.5e+3, 0, true, false, null, \"\\u00e5\\n\\\\\", {}, []], \"b\": {\"c\": \"å\"}} \n",
                "\"text\"",
                "0.5"
            })
    void find_json_findsNothing(String text) {
        assertThat(JsonFault.find(text)).isEmpty();
    }

    @Test
    void find_longText_showsItsSurroundings() {
        String text = "{\"a\": \"" + "x".repeat(100) + "\" 'b': \"" + "y".repeat(100) + "\"}";
        assertThat(JsonFault.find(text).orElseThrow())
                .isEqualTo("line 1, column 110: expected a comma or }, found a single quote:" + " …" + "x".repeat(18)
                        + "\" »'«b': \"" + "y".repeat(19) + "…");
    }

    @Test
    void find_randomlyDamagedJson_agreesWithTheParser() throws IOException {
        Random random = new Random(9);
        String good = "{\"sender\":\"team1a\", \"n\":[1, -2.5e3, true, null, {}], \"message\":\"a\\u00e5\\n\"}";
        String characters = "{}[]:,\"'\\ntrue0123456789.-+eE \n\t/u";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder bad = new StringBuilder(good);
            for (int k = 0; k <= random.nextInt(3); k++) {
                int at = random.nextInt(bad.length());
                char c = characters.charAt(random.nextInt(characters.length()));
                switch (random.nextInt(3)) {
                    case 0 -> bad.setCharAt(at, c);
                    case 1 -> bad.insert(at, c);
                    default -> bad.deleteCharAt(at);
                }
            }
            String text = bad.toString();
            assertThat(JsonFault.find(text).isEmpty()).as(text).isEqualTo(isJson(text));
        }
    }

    private static boolean isJson(String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text.getBytes(UTF_8))) {
            parser.nextToken();
            parser.skipChildren();
            parser.getText();
            return parser.nextToken() == null;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return false;
        }
    }
}
