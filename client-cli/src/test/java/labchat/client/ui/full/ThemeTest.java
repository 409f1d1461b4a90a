package labchat.client.ui.full;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import labchat.client.options.Preferences.Background;
import org.jline.utils.AttributedCharSequence;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThemeTest {

    @ParameterizedTest
    @CsvSource({
        "11;rgb:ffff/ffff/ffff, LIGHT",
        "11;rgb:f/f/f, LIGHT",
        "11;rgb:fdfd/f6f6/e3e3, LIGHT",
        "11;rgb:1e/22/2a, DARK",
        "11;rgba:0000/0000/0000/ffff, DARK",
        "11;rgb:0000/0000/ffff, DARK"
    })
    void terminalsAnswer_isLightOrDark(String answer, Background background) {
        assertThat(BackgroundReply.parse(answer)).contains(background);
    }

    @ParameterizedTest
    @ValueSource(strings = {"11;?", "10;rgb:ffff/ffff/ffff", "11;rgb:zz/00/00", "11;white", ""})
    void otherAnswers_sayNothing(String answer) {
        assertThat(BackgroundReply.parse(answer)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0;15, LIGHT",
        "15;0, DARK",
        "15;default;0, DARK",
        "0;7, LIGHT",
        "7;8, DARK",
        "'', AUTO",
        "15;default, AUTO"
    })
    void variableOfTheTerminal_isLightDarkOrNothing(String value, Background background) {
        assertThat(BackgroundReply.of(Map.of("COLORFGBG", value))).isEqualTo(background);
    }

    @Test
    void trueColour_isWhatTheVariableSays_elseTheTerminalsDescription() {
        assertThat(Theme.colors(Map.of("COLORTERM", "truecolor"), Optional.of(256)))
                .isGreaterThan(256);
        assertThat(Theme.colors(Map.of("COLORTERM", "yes"), Optional.of(256))).isEqualTo(256);
        assertThat(Theme.colors(Map.of(), Optional.empty())).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({"16777216,38;2;", "256,38;5;", "8,3"})
    void names_haveAsManyColoursAsTheTerminal(int colors, String sequence) {
        for (Background background : Background.values()) {
            String drawn = new AttributedString("x", new Theme(true, background, colors).name("team2a"))
                    .toAnsi(colors, AttributedCharSequence.ForceMode.None);
            boolean middle = background == Background.AUTO && colors > 256;
            assertThat(drawn).contains(middle ? "38;5;" : sequence);
            assertThat(drawn.contains("38;")).isEqualTo(colors >= 256);
        }
    }
}
