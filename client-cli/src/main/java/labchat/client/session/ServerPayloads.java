package labchat.client.session;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import labchat.protocol.codec.DiagnosticCodec;
import labchat.protocol.codec.PresenceCodec;
import labchat.protocol.identity.ChatId;

/** Reads what the server publishes beside the four kinds, unasked. */
public final class ServerPayloads {

    private ServerPayloads() {}

    /** Reads {@code ROOT/<id>/presence}; empty if the payload is none, or another's. */
    public static Optional<SessionEvent.Presence> presence(ChatId id, byte[] payload) {
        return PresenceCodec.decode(payload)
                .filter(presence -> presence.user().equals(id))
                .map(presence -> new SessionEvent.Presence(id, presence.online(), presence.since()));
    }

    /** Reads {@code ROOT/<id>/diagnostics}; empty if the payload is none. */
    public static Optional<SessionEvent.Diagnostics> diagnostics(SessionEvent.Received received) {
        return DiagnosticCodec.decode(received.payload().getBytes(StandardCharsets.UTF_8))
                .map(diagnostic -> new SessionEvent.Diagnostics(
                        filled(diagnostic.topic()),
                        diagnostic.code(),
                        diagnostic.reason(),
                        filled(diagnostic.hint()),
                        received));
    }

    private static Optional<String> filled(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
