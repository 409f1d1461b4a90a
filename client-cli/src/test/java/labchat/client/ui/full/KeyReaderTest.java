package labchat.client.ui.full;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import labchat.client.ui.full.Key.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyReaderTest {

    private static List<Key> read(String sent) throws IOException {
        StringReader characters = new StringReader(sent);
        // In the middle of nothing a terminal is silent; only who waits for ever comes to the end.
        KeyReader reader = new KeyReader(millis -> {
            int c = characters.read();
            return c == -1 && millis > 0 ? -2 : c;
        });
        List<Key> keys = new ArrayList<>();
        Optional<Key> key = reader.next();
        while (key.isPresent()) {
            keys.add(key.get());
            key = reader.next();
        }
        return keys;
    }

    @ParameterizedTest
    @CsvSource({
        "[A, UP",
        "OA, UP",
        "[B, DOWN",
        "[1;3A, PREVIOUS",
        "[1;3B, NEXT",
        "[1;5C, WORD_RIGHT",
        "[D, LEFT",
        "[5~, PAGE_UP",
        "[6~, PAGE_DOWN",
        "[3~, DELETE",
        "[H, HOME",
        "[4~, END",
        "OP, HELP",
        "[11~, HELP",
        "[[A, HELP",
        "[I, FOCUS_IN",
        "[O, FOCUS_OUT",
        "[13;3u, NEW_LINE",
        "[27;3;13~, NEW_LINE",
        "[99;99z, OTHER"
    })
    void sequence_isAKey(String sequence, Code code) throws IOException {
        assertThat(read("\u001b" + sequence + "x")).extracting(Key::code).containsExactly(code, Code.TEXT);
    }

    @Test
    void characters_areKeys() throws IOException {
        assertThat(read("å👍\r\n\t\u007f\u000b"))
                .containsExactly(
                        Key.of(Code.TEXT, "å"),
                        Key.of(Code.TEXT, "👍"),
                        Key.of(Code.ENTER),
                        Key.of(Code.NEW_LINE),
                        Key.of(Code.TAB),
                        Key.of(Code.BACKSPACE),
                        Key.of(Code.CTRL, "k"));
    }

    @Test
    void escape_isAKey_andAltBeginsWithIt() throws IOException {
        assertThat(read("\u001b")).containsExactly(Key.of(Code.ESCAPE));
        assertThat(read("\u001ba\u001b\r\u001b\u0012"))
                .containsExactly(
                        Key.of(Code.ALT, "a"), Key.of(Code.NEW_LINE), Key.of(Code.ESCAPE), Key.of(Code.CTRL, "r"));
    }

    @Test
    void mouse_isRead() throws IOException {
        assertThat(read("\u001b[<0;5;3M\u001b[<0;5;3m\u001b[<64;5;3M\u001b[<65;1;1M"))
                .containsExactly(
                        new Key(Code.CLICK, "", 4, 2),
                        Key.of(Code.OTHER),
                        new Key(Code.WHEEL_UP, "", 4, 2),
                        new Key(Code.WHEEL_DOWN, "", 0, 0));
    }

    @Test
    void pastedText_isNotKeys() throws IOException {
        assertThat(read("\u001b[200~one\r\ntwo\rthree\u001b[A\u001b[201~x"))
                .containsExactly(Key.of(Code.PASTE, "one\ntwo\nthree\u001b[A"), Key.of(Code.TEXT, "x"));
    }

    @Test
    void nonsense_isNoKeyAndNoFailure() throws IOException {
        assertThat(read("\u001b[<x;y;zM\u001b[<0M\u001b[\u001bO\u0000"))
                .extracting(Key::code)
                .doesNotContain(Code.CLICK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"]11;rgb:ffff/ffff/ffff\u0007", "]11;rgb:ffff/ffff/ffff\u001b\\"})
    void terminalsAnswer_isNoText(String answer) throws IOException {
        assertThat(read("\u001b" + answer + "x"))
                .containsExactly(Key.of(Code.BACKGROUND, "11;rgb:ffff/ffff/ffff"), Key.of(Code.TEXT, "x"));
    }

    @Test
    void altAndBracket_isNoAnswer() throws IOException {
        assertThat(read("\u001b]")).containsExactly(Key.of(Code.ALT, "]"));
        assertThat(read("\u001b]x")).containsExactly(Key.of(Code.ALT, "]"), Key.of(Code.TEXT, "x"));
    }
}
