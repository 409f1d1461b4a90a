package labchat.protocol.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShortTextTest {

    @Test
    void of_textThatFits_isTheSame() {
        String longest = "x".repeat(ShortText.MAX_LENGTH);
        assertThat(ShortText.of(longest)).isSameAs(longest);
    }

    @Test
    void of_longText_isCutWithAnEllipsis() {
        assertThat(ShortText.of("x".repeat(65_535)))
                .hasSize(ShortText.MAX_LENGTH)
                .endsWith("x…");
    }

    @Test
    void of_longTextWithAPairAtTheCut_keepsNoHalfOfIt() {
        String text = "x".repeat(ShortText.MAX_LENGTH - 2) + "😀".repeat(10);
        assertThat(ShortText.of(text)).isEqualTo("x".repeat(ShortText.MAX_LENGTH - 2) + "…");
    }
}
