package labchat.client.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import labchat.client.session.SessionEvent;

/** An event as one line of JSON: {@code received_at}, {@code topic}, {@code qos}, {@code kind}, {@code payload}. */
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
}
