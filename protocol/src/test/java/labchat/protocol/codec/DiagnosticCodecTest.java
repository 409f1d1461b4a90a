package labchat.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import labchat.protocol.event.Diagnostic;
import labchat.protocol.identity.ChatId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosticCodecTest {

    private static final Diagnostic DIAGNOSTIC =
            new Diagnostic(new ChatId("team1a"), "invalid_json", "a/b", "line 1", "use \"", "{'");

    @Test
    void encode_diagnostic_isTheProtocolsJson() {
        assertThat(new String(DiagnosticCodec.encode(DIAGNOSTIC), UTF_8)).isEqualTo("""
                        {"sender":"server","receiver":"team1a","status":"error","code":"invalid_json",\
                        "topic":"a/b","reason":"line 1","hint":"use \\"","payload":"{'"}""");
    }

    @Test
    void decode_encoded_isTheSame() {
        assertThat(DiagnosticCodec.decode(DiagnosticCodec.encode(DIAGNOSTIC))).contains(DIAGNOSTIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"sender\":\"team2a\",\"receiver\":\"team1a\",\"code\":\"x\"}",
                "{\"sender\":\"server\",\"receiver\":\"team1a\"}",
                "{\"sender\":\"server\",\"receiver\":\"no id\",\"code\":\"x\"}",
            })
    void decode_somethingElse_isNothing(String payload) {
        assertThat(DiagnosticCodec.decode(payload.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void construct_longPayload_isCutButNotWithinACharacter() {
        Diagnostic cut = new Diagnostic(new ChatId("a"), "c", "", "", "", "x".repeat(199) + "😀".repeat(5));
        assertThat(cut.payload()).isEqualTo("x".repeat(199));
    }
}
