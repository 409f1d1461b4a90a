package labchat.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import labchat.protocol.event.Presence;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresenceCodecTest {

    private static final ChatId TEAM2A = new ChatId("team2a");
    private static final Optional<Instant> SINCE = Optional.of(Instant.parse("2026-11-20T10:15:30.123Z"));

    private static String json(Presence presence) {
        return new String(PresenceCodec.encode(presence), UTF_8);
    }

    private static Optional<Presence> read(String json) {
        return PresenceCodec.decode(json.getBytes(UTF_8));
    }

    @Test
    void encode_writesTheProtocolsJson() {
        assertThat(json(new Presence(TEAM2A, true, SINCE)))
                .isEqualTo("{\"sender\":\"team2a\",\"status\":\"online\",\"since\":\"2026-11-20T10:15:30.123Z\"}");
        assertThat(json(new Presence(TEAM2A, false, SINCE)))
                .isEqualTo("{\"sender\":\"team2a\",\"status\":\"offline\",\"since\":\"2026-11-20T10:15:30.123Z\"}");
        assertThat(json(new Presence(TEAM2A, false, Optional.empty())))
                .isEqualTo("{\"sender\":\"team2a\",\"status\":\"offline\",\"since\":null}");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T10:15:30Z,2026-11-20T10:15:30.000Z",
        "2026-11-20T10:15:00Z,2026-11-20T10:15:00.000Z",
        "2026-11-20T10:15:30.1Z,2026-11-20T10:15:30.100Z",
        "2026-11-20T10:15:30.123999999Z,2026-11-20T10:15:30.123Z",
    })
    void encode_writesThreeDigitsOfMilliseconds(String time, String written) {
        assertThat(json(new Presence(TEAM2A, true, Optional.of(Instant.parse(time)))))
                .contains("\"since\":\"" + written + "\"");
    }

    @Test
    void decode_readsWhatEncodeWrites() {
        for (boolean online : new boolean[] {true, false}) {
            for (Optional<Instant> since : List.of(SINCE, Optional.<Instant>empty())) {
                Presence presence = new Presence(TEAM2A, online, since);
                assertThat(PresenceCodec.decode(PresenceCodec.encode(presence))).contains(presence);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"since\":\"2026-11-20T10:15:30.123Z\",\"status\":\"online\",\"sender\":\"team2a\"}",
                "{\"sender\":\"team2a\",\"x\":[{\"status\":\"offline\"}],\"status\":\"online\",\"since\":\"2026-11-20T10:15:30.123Z\",\"n\":1}",
                " {\"sender\":\"team2a\",\"status\":\"online\",\"since\":\"2026-11-20T11:15:30.123+01:00\"} ",
            })
    void decode_takesFieldsInAnyOrderAndPassesOverOthers(String json) {
        assertThat(read(json)).contains(new Presence(TEAM2A, true, SINCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"since\":null", ",\"since\":\"yesterday\"", ",\"since\":7", ",\"since\":[]"})
    void decode_withoutATime_isSinceNull(String since) {
        assertThat(read("{\"sender\":\"team2a\",\"status\":\"offline\"" + since + "}"))
                .contains(new Presence(TEAM2A, false, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "online",
                "[]",
                "{}",
                "{\"sender\":\"team2a\"}",
                "{\"sender\":\"team2a\",\"status\":\"away\"}",
                "{\"sender\":\"team2a\",\"status\":true}",
                "{\"status\":\"online\"}",
                "{\"sender\":\"team 2a\",\"status\":\"online\"}",
                "{\"sender\":\"team2a\",\"status\":\"online\"",
            })
    void decode_ofSomethingElse_isEmpty(String payload) {
        assertThat(read(payload)).isEmpty();
    }
}
