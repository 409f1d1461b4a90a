package labchat.client.ui.full;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComposerTest {

    private final Composer composer = new Composer();

    @Test
    void backspace_takesAWholeCharacter() {
        composer.set("a👨‍👩‍👧e\u0301");
        composer.backspace();
        assertThat(composer.text()).isEqualTo("a👨‍👩‍👧");
        composer.backspace();
        assertThat(composer.text()).isEqualTo("a");
    }

    @Test
    void words_areDeletedAndJumpedOver() {
        composer.set("one two  three");
        composer.deleteWord();
        assertThat(composer.text()).isEqualTo("one two  ");
        composer.wordLeft();
        composer.insert("x");
        assertThat(composer.text()).isEqualTo("one xtwo  ");
        composer.deleteToStart();
        assertThat(composer.text()).isEqualTo("two  ");
    }

    @Test
    void lines_areMovedBetween() {
        composer.set("long line\nab\nxyz");
        assertThat(composer.up()).isTrue();
        composer.insert("|");
        assertThat(composer.text()).isEqualTo("long line\nab|\nxyz");
        assertThat(composer.up()).isTrue();
        assertThat(composer.up()).isFalse();
        assertThat(composer.down()).isTrue();
        assertThat(composer.down()).isTrue();
        assertThat(composer.down()).isFalse();
    }

    @Test
    void layout_countsColumns_andKnowsTheCursor() {
        composer.set("你好abc");

        Composer.Layout layout = composer.layout(6);

        assertThat(layout.rows()).containsExactly("你好a", "bc");
        assertThat(layout.row()).isEqualTo(1);
        assertThat(layout.column()).isEqualTo(2);
    }

    @Test
    void wrapping_breaksBetweenWords_andLongOnesAnywhereButInCharacters() {
        assertThat(Columns.wrap("one two three", 7, 5)).containsExactly("one two", "three");
        assertThat(Columns.wrap("abcdefgh", 3, 4)).containsExactly("abc", "defg", "h");
        assertThat(Columns.wrap("你好世界", 5, 5)).containsExactly("你好", "世界");
        assertThat(Columns.wrap("", 5, 5)).containsExactly("");
        assertThat(Columns.fit("你好世界", 5)).isEqualTo("你好…");
    }
}
