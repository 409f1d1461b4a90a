package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.event.Presence;
import labchat.protocol.identity.ChatId;

/**
 * Writes and reads the payload of {@code ROOT/<id>/presence}: docs/protocol.md, "What the server publishes". May be used
 * by any number of threads at once.
 */
public final class PresenceCodec {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String ONLINE = "online";
    private static final String OFFLINE = "offline";

    /** RFC 3339, UTC, three digits of milliseconds always; finer parts of a second are cut off. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private PresenceCodec() {}

    /** The payload, UTF-8. */
    public static byte[] encode(Presence presence) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(96);
        try (JsonGenerator to = JSON.createGenerator(out)) {
            to.writeStartObject();
            to.writeStringField("sender", presence.user().value());
            to.writeStringField("status", presence.online() ? ONLINE : OFFLINE);
            if (presence.since().isPresent()) {
                to.writeStringField("since", TIME.format(presence.since().get()));
            } else {
                to.writeNullField("since");
            }
            to.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /**
     * Reads a payload; empty if it is none. Fields may come in any order, others are passed over; a {@code since} that is
     * missing or no time is taken as null.
     */
    public static Optional<Presence> decode(byte[] payload) {
        Map<String, String> fields = TextFields.of(payload).orElse(Map.of());
        String status = fields.getOrDefault("status", "");
        if (!status.equals(ONLINE) && !status.equals(OFFLINE)) {
            return Optional.empty();
        }
        return ChatId.parse(fields.getOrDefault("sender", ""))
                .map(user -> new Presence(user, status.equals(ONLINE), time(fields.get("since"))));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
