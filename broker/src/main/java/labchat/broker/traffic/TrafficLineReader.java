package labchat.broker.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/** Reads what {@link TrafficLine} writes. Unknown fields are passed over, so that newer logs can be read. */
final class TrafficLineReader {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int NONE = -1;

    private TrafficLineReader() {}

    /** The line's packet or gap; empty if it is no line of the log. */
    static Optional<TrafficRecord> read(String line, TrafficRecord.Place place) {
        try (JsonParser json = JSON.createParser(line)) {
            Map<String, String> fields = fields(json);
            Instant time = Instant.parse(fields.getOrDefault("time", ""));
            if (fields.containsKey("dropped")) {
                return Optional.of(new TrafficRecord.Dropped(time, Long.parseLong(fields.get("dropped")), place, line));
            }
            if (!fields.containsKey("type")) {
                return Optional.empty();
            }
            return Optional.of(new TrafficRecord.Packet(packet(time, fields), place, line));
        } catch (IOException | DateTimeParseException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> fields(JsonParser json) throws IOException {
        Map<String, String> fields = new HashMap<>();
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return fields;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken().isScalarValue()) {
                fields.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return fields;
    }

    private static PacketTrace packet(Instant time, Map<String, String> fields) {
        ClientIdentity client = new ClientIdentity(
                Optional.ofNullable(fields.get("user")),
                fields.getOrDefault("client", ""),
                fields.getOrDefault("address", ""));
        Optional<ChatFields> chat = Optional.ofNullable(fields.get("kind"))
                .map(kind -> new ChatFields(
                        kind,
                        fields.getOrDefault("sender", ""),
                        fields.getOrDefault("receiver", ""),
                        fields.getOrDefault("uuid", "")));
        Optional<Refusal> refusal = Optional.ofNullable(fields.get("code"))
                .map(code ->
                        new Refusal(code, fields.getOrDefault("reason", ""), Optional.ofNullable(fields.get("rule"))));
        return new PacketTrace(
                time,
                client,
                "in".equals(fields.get("direction")),
                fields.get("type"),
                fields.getOrDefault("topic", ""),
                number(fields, "qos", NONE),
                "true".equals(fields.get("retain")),
                "true".equals(fields.get("dup")),
                number(fields, "id", 0),
                number(fields, "size", 0),
                number(fields, "reason_code", NONE),
                chat,
                refusal,
                Optional.ofNullable(fields.get("payload")));
    }

    private static int number(Map<String, String> fields, String name, int otherwise) {
        String text = fields.get(name);
        return text == null ? otherwise : Integer.parseInt(text);
    }
}
