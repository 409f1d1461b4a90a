package labchat.broker.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/** The lines of a recording: docs/staff.md says what is in them. */
final class RecordingLines {

    /** What the first line's field {@code labchat} says. */
    static final String KIND = "recording";

    static final int VERSION = 1;

    private static final JsonFactory JSON = new JsonFactory();

    private RecordingLines() {}

    static String header(Recording.Header header) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("labchat", KIND);
            json.writeNumberField("version", VERSION);
            json.writeStringField("root", header.root());
            json.writeStringField("start", header.start().toString());
            json.writeStringField("texts", header.textsKept() ? "kept" : "replaced");
            json.writeStringField("names", "pseudonyms, the same for the same user within this recording");
            json.writeEndObject();
        }
        return out.toString();
    }

    static String end(long millis, String reason) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("ms", millis);
            json.writeStringField("end", reason);
            json.writeEndObject();
        }
        return out.toString();
    }

    static String dropped(long millis, long count) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("ms", millis);
            json.writeNumberField("dropped", count);
            json.writeEndObject();
        }
        return out.toString();
    }

    /** The packet under other names. Addresses, and reasons in words, are left out: both can name somebody. */
    static String packet(long millis, PacketTrace packet, Pseudonyms names, Mask mask) throws IOException {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            String user = packet.client().user().orElse("");
            json.writeStartObject();
            json.writeNumberField("ms", millis);
            json.writeStringField("direction", packet.inbound() ? "in" : "out");
            json.writeStringField("type", packet.type());
            text(json, "user", names.id(user));
            text(json, "client", names.client(user, packet.client().clientId()));
            text(json, "topic", mask.topics(packet.topic()));
            number(json, "qos", packet.qos());
            if (packet.type().equals("PUBLISH")) {
                json.writeBooleanField("retain", packet.retain());
                if (packet.dup()) {
                    json.writeBooleanField("dup", true);
                }
            }
            if (packet.packetId() > 0) {
                json.writeNumberField("id", packet.packetId());
            }
            if (packet.size() > 0) {
                json.writeNumberField("size", packet.size());
            }
            if (packet.chat().isPresent()) {
                ChatFields chat = packet.chat().get();
                json.writeStringField("kind", chat.kind());
                json.writeStringField("sender", names.id(chat.sender()));
                json.writeStringField("receiver", names.id(chat.receiver()));
                text(json, "uuid", names.uuid(chat.uuid()));
            }
            number(json, "reason_code", packet.reasonCode());
            if (packet.refusal().isPresent()) {
                json.writeStringField("code", packet.refusal().get().code());
            }
            // What the broker passes on is what came in; once is enough.
            if (packet.inbound() && packet.payload().isPresent()) {
                json.writeStringField("payload", mask.payload(packet.payload().get()));
            }
            json.writeEndObject();
        }
        return out.toString();
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    private static void number(JsonGenerator json, String name, int value) throws IOException {
        if (value >= 0) {
            json.writeNumberField(name, value);
        }
    }

    /** @param place the file's name and line, for messages */
    static Recording.Header readHeader(String line, String place) throws RecordingException {
        Map<String, String> fields;
        try {
            fields = fields(line);
        } catch (IOException e) {
            fields = Map.of();
        }
        if (!KIND.equals(fields.get("labchat"))) {
            throw new RecordingException(
                    "%s: this is no recording; the first line of one is {\"labchat\":\"recording\",\"version\":%d,…}, and broker.jar record makes it"
                            .formatted(place, VERSION));
        }
        if (!String.valueOf(VERSION).equals(fields.get("version"))) {
            throw new RecordingException("%s: version %s of the format; this broker reads version %d only"
                    .formatted(place, fields.get("version"), VERSION));
        }
        try {
            return new Recording.Header(
                    fields.getOrDefault("root", ""),
                    Instant.parse(fields.getOrDefault("start", "")),
                    "kept".equals(fields.get("texts")));
        } catch (DateTimeException e) {
            throw new RecordingException(
                    "%s: start \"%s\" is no time such as 2026-11-20T10:15:30Z".formatted(place, fields.get("start")),
                    e);
        }
    }

    /** A packet, or empty for a line that says something about the recording itself. */
    static Optional<Recording.Entry> readEntry(String line, String file, long number, Instant start)
            throws RecordingException {
        try {
            Map<String, String> fields = fields(line);
            if (fields.containsKey("end") || fields.containsKey("dropped")) {
                return Optional.empty();
            }
            long millis = Long.parseLong(fields.getOrDefault("ms", "is missing"));
            String type = fields.getOrDefault("type", "");
            if (type.isEmpty() || millis < 0) {
                throw new RecordingException(
                        "%s:%d: expected \"ms\", 0 or more, and \"type\", such as PUBLISH".formatted(file, number));
            }
            return Optional.of(new Recording.Entry(
                    number,
                    millis,
                    packet(start.plusMillis(millis), type, fields),
                    Optional.ofNullable(fields.get("payload"))));
        } catch (NumberFormatException e) {
            throw new RecordingException(
                    "%s:%d: a number was expected (%s)".formatted(file, number, e.getMessage()), e);
        } catch (RecordingException e) {
            throw e;
        } catch (JsonParseException e) {
            throw new RecordingException(
                    "%s:%d: no JSON object at column %d; a recording has one a line"
                            .formatted(file, number, e.getLocation().getColumnNr()),
                    e);
        } catch (IOException e) {
            throw new RecordingException("%s:%d: %s".formatted(file, number, e.getMessage()), e);
        }
    }

    private static PacketTrace packet(Instant time, String type, Map<String, String> fields) {
        Optional<ChatFields> chat = Optional.ofNullable(fields.get("kind"))
                .map(kind -> new ChatFields(
                        kind,
                        fields.getOrDefault("sender", ""),
                        fields.getOrDefault("receiver", ""),
                        fields.getOrDefault("uuid", "")));
        return new PacketTrace(
                time,
                new ClientIdentity(Optional.ofNullable(fields.get("user")), fields.getOrDefault("client", ""), ""),
                "in".equals(fields.get("direction")),
                type,
                fields.getOrDefault("topic", ""),
                number(fields, "qos", -1),
                "true".equals(fields.get("retain")),
                "true".equals(fields.get("dup")),
                number(fields, "id", 0),
                number(fields, "size", 0),
                number(fields, "reason_code", -1),
                chat,
                Optional.ofNullable(fields.get("code")).map(code -> Refusal.of(code, "")),
                Optional.empty());
    }

    private static int number(Map<String, String> fields, String name, int otherwise) {
        String text = fields.get(name);
        return text == null ? otherwise : Integer.parseInt(text);
    }

    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("expected a JSON object; a recording has one a line");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken().isScalarValue()) {
                    fields.put(name, json.getText());
                } else {
                    json.skipChildren();
                }
            }
        }
        return fields;
    }
}
