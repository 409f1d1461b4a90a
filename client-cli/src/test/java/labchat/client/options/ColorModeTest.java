package labchat.client.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ColorModeTest {

    @Test
    void auto_colorsATerminal_andNothingElse() {
        assertThat(ColorMode.AUTO.isOn(true, Map.of("TERM", "xterm"))).isTrue();
        assertThat(ColorMode.AUTO.isOn(false, Map.of("TERM", "xterm"))).isFalse();
    }

    @Test
    void auto_respectsNoColorUnlessItIsEmpty_andDumbTerminals() {
        assertThat(ColorMode.AUTO.isOn(true, Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(ColorMode.AUTO.isOn(true, Map.of("NO_COLOR", ""))).isTrue();
        assertThat(ColorMode.AUTO.isOn(true, Map.of("TERM", "dumb"))).isFalse();
    }

    @Test
    void explicitWish_winsOverTheEnvironment() {
        assertThat(ColorMode.ALWAYS.isOn(false, Map.of("NO_COLOR", "1"))).isTrue();
        assertThat(ColorMode.NEVER.isOn(true, Map.of())).isFalse();
    }
}
