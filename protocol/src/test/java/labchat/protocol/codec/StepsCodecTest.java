package labchat.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import labchat.protocol.event.StepPart;
import labchat.protocol.event.StepsAnswer;
import labchat.protocol.event.StepsRequest;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepsCodecTest {

    private static final ChatId ME = new ChatId("team1a");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void request_written_isTheProtocolsText() {
        assertThat(StepsCodec.encode(new StepsRequest(ME, 3, "4f1c", "")))
                .asString(UTF_8)
                .isEqualTo("{\"sender\":\"team1a\",\"step\":3,\"run\":\"4f1c\",\"seen\":\"\"}");
    }

    @Test
    void request_readBack_isTheSame() {
        StepsRequest request = new StepsRequest(ME, 4, "4f1c", "abc");

        assertThat(StepsCodec.decodeRequest(StepsCodec.encode(request))).isEqualTo(new RequestResult.Read<>(request));
    }

    @Test
    void answer_readBack_isTheSame() {
        StepsAnswer answer = new StepsAnswer(
                ME,
                3,
                "your own program",
                "4f1c",
                "abc",
                List.of(new ChatId("x1")),
                List.of(
                        new StepPart(
                                "connected", "it has logged in", Optional.of(NOON), "MQTT 5", "", Optional.empty()),
                        new StepPart(
                                "message_sent",
                                "it has sent",
                                Optional.empty(),
                                "",
                                "Send one.",
                                Optional.of(new StepPart.Problem(NOON, "missing_field", "no uuid", "add it")))));

        assertThat(StepsCodec.decodeAnswer(StepsCodec.encode(answer))).contains(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"step\":3}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\"}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"step\":3,\"parts\":[{\"done\":\"noon\"}]}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\",\"step\":3,\"parts\":[{"
            })
    void answer_thatIsNone_isEmpty(String payload) {
        assertThat(StepsCodec.decodeAnswer(payload.getBytes(UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sender\":\"team1a\",\"run\":\"r\"}",
                "{\"sender\":\"team1a\",\"step\":\"3\",\"run\":\"r\"}",
                "{\"sender\":\"team1a\",\"step\":3}",
                "{\"sender\":\"team 1a\",\"step\":3,\"run\":\"r\"}"
            })
    void request_thatIsNone_isRefused(String payload) {
        assertThat(StepsCodec.decodeRequest(payload.getBytes(UTF_8))).isInstanceOf(RequestResult.Refused.class);
    }
}
