package labchat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import labchat.client.session.SessionEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import org.junit.jupiter.api.Test;

class JsonLineTest {

    @Test
    void event_isOneLineWithThePayloadAsItCame() {
        // A field more than the protocol's, and line breaks between and within.
        String payload = "{\n \"sender\":\"team2a\",\"x\":[1,{}],\n\"message\":\"a\\nb å\"}";
        ChatMessage message = new ChatMessage(new ChatId("team2a"), new ChatId("team1a"), "a", new MessageUuid("u"));

        assertThat(JsonLine.of(new SessionEvent.Arrived(
                        message, Instant.parse("2026-11-20T10:15:30Z"), "ttm4175/chat/team1a/message", 1, payload)))
                .isEqualTo("{\"received_at\":\"2026-11-20T10:15:30.000Z\",\"topic\":\"ttm4175/chat/team1a/message\","
                        + "\"qos\":1,\"kind\":\"message\","
                        + "\"payload\":{\"sender\":\"team2a\",\"x\":[1,{}],\"message\":\"a\\nb å\"}}");
    }

    @Test
    void explanation_isOneLineOfTheKindDiagnostics() {
        SessionEvent.Received explanation = new SessionEvent.Received(
                Instant.parse("2026-11-20T10:15:30Z"),
                "ttm4175/chat/team1a/diagnostics",
                1,
                "{\"sender\":\"server\",\"code\":\"invalid_json\",\"reason\":\"line 1\"}");

        assertThat(JsonLine.of(explanation, "diagnostics"))
                .isEqualTo(
                        "{\"received_at\":\"2026-11-20T10:15:30.000Z\",\"topic\":\"ttm4175/chat/team1a/diagnostics\","
                                + "\"qos\":1,\"kind\":\"diagnostics\","
                                + "\"payload\":{\"sender\":\"server\",\"code\":\"invalid_json\",\"reason\":\"line 1\"}}");
    }
}
