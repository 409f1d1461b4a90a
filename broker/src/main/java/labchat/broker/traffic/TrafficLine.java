package labchat.broker.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Optional;
import labchat.broker.event.ChatFields;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/**
 * Makes a packet's line of the traffic log: one JSON object and a line feed. A field that does not apply is left out.
 * Everything that could act on a terminal is escaped, since such files are looked at with {@code cat} and {@code tail}.
 * Used by one thread at a time.
 */
final class TrafficLine {

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .characterEscapes(new TerminalEscapes())
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    private static final DateTimeFormatter MICROSECONDS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

    private final boolean payload;
    private final Line line = new Line();

    /** With payloads, if the packet's trace has them, or without. */
    TrafficLine(boolean payload) {
        this.payload = payload;
    }

    /** Formats the packet; the line is then in {@link #bytes()}. */
    void format(PacketTrace packet) {
        line.reset();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", time(packet.time()));
            json.writeStringField("client", text(packet.client().clientId()));
            optional(json, "user", packet.client().user().orElse(""));
            json.writeStringField("address", text(packet.client().address()));
            json.writeStringField("direction", packet.inbound() ? "in" : "out");
            json.writeStringField("type", packet.type());
            optional(json, "topic", packet.topic());
            if (packet.qos() >= 0) {
                json.writeNumberField("qos", packet.qos());
            }
            if (packet.type().equals("PUBLISH")) {
                json.writeBooleanField("retain", packet.retain());
                json.writeBooleanField("dup", packet.dup());
            }
            if (packet.packetId() > 0) {
                json.writeNumberField("id", packet.packetId());
            }
            if (packet.size() > 0) {
                json.writeNumberField("size", packet.size());
            }
            if (packet.chat().isPresent()) {
                chat(json, packet.chat().get());
            }
            if (packet.reasonCode() >= 0) {
                json.writeNumberField("reason_code", packet.reasonCode());
            }
            if (packet.refusal().isPresent()) {
                refusal(json, packet.refusal().get());
            }
            Optional<String> text = packet.payload();
            if (payload && text.isPresent()) {
                json.writeStringField("payload", text(text.get()));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.write('\n');
    }

    /** Formats the line that says how many packets are missing here. */
    void formatDropped(Instant time, long count) {
        line.reset();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", time(time));
            json.writeNumberField("dropped", count);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.write('\n');
    }

    /** The line formatted last, in the first {@link #length()} bytes; valid until the next one. */
    byte[] bytes() {
        return line.bytes();
    }

    /** The formatted line's bytes, line feed included. */
    int length() {
        return line.size();
    }

    private static void chat(JsonGenerator json, ChatFields chat) throws IOException {
        json.writeStringField("kind", chat.kind());
        json.writeStringField("sender", text(chat.sender()));
        json.writeStringField("receiver", text(chat.receiver()));
        optional(json, "uuid", chat.uuid());
    }

    private static void refusal(JsonGenerator json, Refusal refusal) throws IOException {
        json.writeStringField("code", refusal.code());
        json.writeStringField("reason", text(refusal.reason()));
        optional(json, "rule", refusal.rule().orElse(""));
    }

    private static void optional(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, text(value));
        }
    }

    /** The time as it stands in the log; such texts are ordered as their times. */
    static String time(Instant time) {
        return MICROSECONDS.format(time);
    }

    /** A surrogate without its other half has no UTF-8 form: the replacement character stands for it. */
    private static String text(String remote) {
        for (int i = 0; i < remote.length(); i++) {
            if (Character.isSurrogate(remote.charAt(i))) {
                return remote.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return remote;
    }

    /** Gives away its array, so that a line is not copied once more. */
    private static final class Line extends ByteArrayOutputStream {

        Line() {
            super(512);
        }

        byte[] bytes() {
            return buf;
        }
    }

    private static final class TerminalEscapes extends CharacterEscapes {

        private static final long serialVersionUID = 1L;
        private static final int DELETE = 0x7F;

        private final int[] ascii = standardAsciiEscapesForJSON();

        TerminalEscapes() {
            ascii[DELETE] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            boolean escaped = c > DELETE && !Character.isSurrogate((char) c) && RemoteText.isUnsafe(c);
            return escaped ? new SerializedString("\\u%04X".formatted(c)) : null;
        }
    }
}
