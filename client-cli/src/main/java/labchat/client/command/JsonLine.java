package labchat.client.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import labchat.client.practice.Partner;
import labchat.client.session.SessionEvent;
import labchat.client.ui.Contact;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.StepPart;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.packet.MqttPacket;
import labchat.protocol.packet.PacketDump;
import labchat.protocol.packet.PacketFault;
import labchat.protocol.packet.PacketField;
import labchat.protocol.packet.PacketType;

/**
 * One line of JSON: for an event {@code received_at}, {@code topic}, {@code qos}, {@code kind}, {@code payload}; for what
 * the server was asked, the fields of its answer.
 */
final class JsonLine {

    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private JsonLine() {}

    static String of(SessionEvent.Arrived event) {
        return of(
                new SessionEvent.Received(event.at(), event.topic(), event.qos(), event.payload()),
                event.event().kind().level());
    }

    static String of(SessionEvent.Received event, String kind) {
        StringWriter line = new StringWriter();
        try (JsonGenerator to = JSON.createGenerator(line);
                JsonParser payload = JSON.createParser(event.payload())) {
            to.writeStartObject();
            to.writeStringField("received_at", RFC_3339.format(event.at()));
            to.writeStringField("topic", event.topic());
            to.writeNumberField("qos", event.qos());
            to.writeStringField("kind", kind);
            to.writeFieldName("payload");
            // Token by token, which leaves all fields as they came, but none of the line breaks between them.
            payload.nextToken();
            to.copyCurrentStructure(payload);
            to.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a payload that was read before cannot be read again", e);
        }
        return line.toString();
    }

    /** A message from the history, with the fields that the protocol gives it. */
    static String of(HistoryEntry entry) {
        return object(to -> {
            to.writeStringField("sender", entry.message().sender().value());
            to.writeStringField("receiver", entry.message().receiver().value());
            to.writeStringField("message", entry.message().text());
            to.writeStringField("uuid", entry.message().uuid().value());
            to.writeStringField("sent", RFC_3339.format(entry.sent()));
            times(to, "delivered", entry, entry.delivered());
            times(to, "read", entry, entry.read());
        });
    }

    /** In a room each member has a time; of a message to a user there is one at most. */
    private static void times(JsonGenerator to, String name, HistoryEntry entry, Map<ChatId, Instant> times)
            throws IOException {
        to.writeFieldName(name);
        if (entry.room()) {
            to.writeStartObject();
            for (Map.Entry<ChatId, Instant> time : new TreeMap<>(times).entrySet()) {
                to.writeStringField(time.getKey().value(), RFC_3339.format(time.getValue()));
            }
            to.writeEndObject();
        } else {
            time(to, times.values().stream().findFirst());
        }
    }

    private static void time(JsonGenerator to, Optional<Instant> at) throws IOException {
        if (at.isPresent()) {
            to.writeString(RFC_3339.format(at.get()));
        } else {
            to.writeNull();
        }
    }

    /** A room, with the fields that the protocol gives it. */
    static String of(RoomInfo room) {
        return object(to -> {
            to.writeStringField("id", room.id().value());
            to.writeBooleanField("public", room.isPublic());
            to.writeArrayFieldStart("members");
            for (ChatId member : room.members()) {
                to.writeString(member.value());
            }
            to.writeEndArray();
            to.writeBooleanField("joined", room.joined());
        });
    }

    /** Whether somebody is connected: {@code id}, {@code status}, {@code since}. */
    static String of(Contact contact) {
        return object(to -> {
            to.writeStringField("id", contact.id().value());
            to.writeStringField("status", contact.online().orElse(false) ? "online" : "offline");
            to.writeFieldName("since");
            time(to, contact.since());
        });
    }

    /** A line of a practice partner's list: {@code team}, {@code check}, {@code state}, {@code at}, {@code detail}. */
    static String of(Partner.Line line) {
        return object(to -> {
            to.writeStringField("team", line.team().value());
            to.writeStringField("check", line.check().word());
            to.writeStringField("state", line.state().name().toLowerCase(Locale.ROOT));
            to.writeFieldName("at");
            time(to, line.at());
            to.writeStringField("detail", line.detail());
        });
    }

    /** A part of a step of the lab: {@code step}, {@code part}, {@code state}, {@code at}, and what was seen. */
    static String of(int step, StepPart part) {
        Optional<StepPart.Problem> problem = part.problem();
        return object(to -> {
            to.writeNumberField("step", step);
            to.writeStringField("part", part.word());
            to.writeStringField("state", part.done().isPresent() ? "done" : problem.isPresent() ? "wrong" : "open");
            to.writeFieldName("at");
            time(to, part.done().or(() -> problem.map(StepPart.Problem::at)));
            to.writeStringField("detail", part.detail());
            to.writeStringField("code", problem.map(StepPart.Problem::code).orElse(""));
            to.writeStringField("reason", problem.map(StepPart.Problem::reason).orElse(""));
            to.writeStringField("hint", problem.map(StepPart.Problem::hint).orElse(""));
        });
    }

    /** How far a message has come: {@code to}, {@code uuid}, {@code status}, {@code by}. */
    static String of(ChatId to, MessageUuid uuid, String status, Optional<ChatId> by) {
        return object(line -> {
            line.writeStringField("to", to.value());
            line.writeStringField("uuid", uuid.value());
            line.writeStringField("status", status);
            line.writeStringField("by", by.map(ChatId::value).orElse(null));
        });
    }

    /** A packet taken apart; offsets are from the start of all bytes, and those of a password are not told. */
    static String of(PacketDump.Placed placed) {
        MqttPacket packet = placed.packet();
        return object(to -> {
            to.writeNumberField("offset", placed.offset());
            to.writeNumberField("length", placed.bytes().length);
            to.writeStringField("type", packet.type().map(PacketType::name).orElse(null));
            to.writeStringField("version", packet.level().toString());
            to.writeBooleanField("guessed", placed.guessed());
            to.writeBooleanField("good", packet.faults().isEmpty());
            to.writeArrayFieldStart("fields");
            for (PacketField field : packet.fields()) {
                to.writeStartObject();
                to.writeNumberField("offset", placed.offset() + field.offset());
                to.writeNumberField("length", field.length());
                to.writeNumberField("depth", field.depth());
                to.writeStringField("name", field.name());
                to.writeStringField("value", field.value());
                int end = field.offset() + field.length();
                to.writeStringField(
                        "bytes", field.secret() ? null : HexFormat.of().formatHex(placed.bytes(), field.offset(), end));
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeArrayFieldStart("faults");
            for (PacketFault fault : packet.faults()) {
                to.writeStartObject();
                to.writeNumberField("offset", placed.offset() + fault.offset());
                to.writeStringField("message", fault.words());
                to.writeEndObject();
            }
            to.writeEndArray();
        });
    }

    private static String object(Fields fields) {
        StringWriter line = new StringWriter();
        try (JsonGenerator to = JSON.createGenerator(line)) {
            to.writeStartObject();
            fields.write(to);
            to.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot be written to", e);
        }
        return line.toString();
    }

    /** Writes the fields of an object. */
    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator to) throws IOException;
    }
}
