package labchat.broker.diagnostics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaidSenderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sender\":\"team1a\",\"receiver\":\"team2a\"}",
                "{\"receiver\": \"team2a\", \"sender\" : \"team1a\"",
                "{'sender': 'team1a', 'message': None}",
                "å {\"sender\":\"team1a\"} x"
            })
    void in_payloadThatNamesItsSender_isThatId(String payload) {
        assertThat(SaidSender.in(payload.getBytes(UTF_8))).contains("team1a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sender: team1a",
                "{\"sender\": 17}",
                "{\"sender\": \"\"}",
                "{\"sender\": \"team 1a\"}",
                "{\"sender\": \"ttm4175/chat/team1a\"}",
                "{\"sender\": \"#\"}",
                "{\"sender\": \"a123456789012345678901234567890123\"}",
                "{\"receiver\": \"team1a\"}"
            })
    void in_payloadWithoutAnIdAsSender_isEmpty(String payload) {
        assertThat(SaidSender.in(payload.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void in_senderFarBehind_isNotLookedFor() {
        assertThat(SaidSender.in((" ".repeat(2000) + "\"sender\":\"team1a\"").getBytes(UTF_8)))
                .isEmpty();
    }
}
