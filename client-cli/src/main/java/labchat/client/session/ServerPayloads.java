package labchat.client.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.codec.DiagnosticCodec;
import labchat.protocol.identity.ChatId;

/** Reads what the server publishes beside the four kinds, as far as the client uses it. */
public final class ServerPayloads {

    private static final JsonFactory JSON = new JsonFactory();

    private ServerPayloads() {}

    /** Reads {@code ROOT/<id>/presence}; empty if the payload is none. */
    public static Optional<SessionEvent.Presence> presence(ChatId id, byte[] payload) {
        Map<String, String> fields = strings(payload);
        String status = fields.getOrDefault("status", "");
        if (!status.equals("online") && !status.equals("offline")) {
            return Optional.empty();
        }
        return Optional.of(new SessionEvent.Presence(id, status.equals("online"), instant(fields.get("since"))));
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

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The fields of an object whose values are strings; nothing if the payload is no object. */
    private static Map<String, String> strings(byte[] payload) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(payload)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Map.of();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    fields.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            // What is no JSON has no fields; the caller sees an unknown payload.
            return Map.of();
        }
        return fields;
    }
}
