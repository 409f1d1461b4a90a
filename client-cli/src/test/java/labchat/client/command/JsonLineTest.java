package labchat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.client.session.SessionEvent;
import labchat.client.ui.Contact;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.RoomInfo;
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

    @Test
    void messageFromTheHistory_hasTheProtocolsFields() {
        ChatId me = new ChatId("team1a");
        ChatId other = new ChatId("team2a");
        Instant at = Instant.parse("2026-11-20T10:15:30Z");
        ChatMessage message = new ChatMessage(me, other, "a\nb", new MessageUuid("m1"));

        assertThat(JsonLine.of(new HistoryEntry(message, at, false, Map.of(other, at), Map.of())))
                .isEqualTo(
                        "{\"sender\":\"team1a\",\"receiver\":\"team2a\",\"message\":\"a\\nb\",\"uuid\":\"m1\","
                                + "\"sent\":\"2026-11-20T10:15:30.000Z\",\"delivered\":\"2026-11-20T10:15:30.000Z\",\"read\":null}");
        assertThat(JsonLine.of(new HistoryEntry(message, at, true, Map.of(other, at), Map.of())))
                .endsWith("\"delivered\":{\"team2a\":\"2026-11-20T10:15:30.000Z\"},\"read\":{}}");
    }

    @Test
    void room_hasTheProtocolsFields() {
        assertThat(JsonLine.of(new RoomInfo(new ChatId("group_1"), false, List.of(new ChatId("team1a")), true)))
                .isEqualTo("{\"id\":\"group_1\",\"public\":false,\"members\":[\"team1a\"],\"joined\":true}");
    }

    @Test
    void whoWasNeverConnected_isOfflineSinceNull() {
        assertThat(JsonLine.of(new Contact(new ChatId("x1"), Optional.of(false), Optional.empty(), false)))
                .isEqualTo("{\"id\":\"x1\",\"status\":\"offline\",\"since\":null}");
    }
}
