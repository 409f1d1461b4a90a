package labchat.client.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextSanitizerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hei!",
                "blåbærsyltetøy",
                "日本語",
                "עברית",
                "e\u0301",
                "👍🏽",
                "❤\ufe0f",
                "👨\u200d👩\u200d👧",
                "a\u00a0b"
            })
    void text_withoutAnythingHidden_staysAsItIs(String text) {
        assertThat(TextSanitizer.lines(text)).containsExactly(text);
    }

    @ParameterizedTest
    @CsvSource({
        // C0: NUL, BEL, backspace, vertical tab, ESC; DEL; C1: CSI
        "0000",
        "0007",
        "0008",
        "000b",
        "001b",
        "007f",
        "009b",
        // soft hyphen, Arabic letter mark, zero-width space, non-joiner, joiner by itself, marks
        "00ad",
        "061c",
        "200b",
        "200c",
        "200d",
        "200e",
        "200f",
        // bidirectional embeddings, overrides, isolates
        "202a",
        "202b",
        "202c",
        "202d",
        "202e",
        "2066",
        "2067",
        "2068",
        "2069",
        // word joiner, byte order mark, Hangul fillers
        "2060",
        "feff",
        "115f",
        "1160",
        "3164",
        "ffa0"
    })
    void characterThatHidesOrActs_isShownAsItsNumber(String hex) {
        String text = "a" + Character.toString(Integer.parseInt(hex, 16)) + "b";

        assertThat(TextSanitizer.lines(text)).containsExactly("a\\u" + hex + "b");
    }

    @Test
    void tagCharacter_beyondTheFirstPlane_isShownAsItsNumber() {
        assertThat(TextSanitizer.lines("a" + Character.toString(0xe0041))).containsExactly("a\\u{e0041}");
    }

    @Test
    void halfOfAPair_isShownAsItsNumber() {
        assertThat(TextSanitizer.lines("a\ud83d")).containsExactly("a\\ud83d");
    }

    @Test
    void terminalSequence_hasNoEscapeLeft() {
        List<String> lines = TextSanitizer.lines("\u001b[2J\u001b]0;title\u0007");

        assertThat(lines).containsExactly("\\u001b[2J\\u001b]0;title\\u0007");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\r\nb", "a\rb", "a\u0085b", "a\u2028b", "a\u2029b"})
    void lineBreak_ofEveryKind_makesTwoLines(String text) {
        assertThat(TextSanitizer.lines(text)).containsExactly("a", "b");
    }

    @Test
    void tab_becomesSpaces() {
        assertThat(TextSanitizer.lines("a\tb")).containsExactly("a    b");
    }

    @Test
    void emptyText_isOneEmptyLine() {
        assertThat(TextSanitizer.lines("")).containsExactly("");
    }

    @Test
    void oneLine_ofALongText_endsInAnEllipsisAtTheLimit() {
        assertThat(TextSanitizer.oneLine("👍👍👍👍", 3)).isEqualTo("👍👍…");
        assertThat(TextSanitizer.oneLine("👍👍👍", 3)).isEqualTo("👍👍👍");
    }
}
