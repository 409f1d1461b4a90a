package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.identity.ChatId;

/** Writes and reads the payload of {@code ROOT/<id>/diagnostics}. May be used by any number of threads at once. */
public final class DiagnosticCodec {

    private static final JsonFactory JSON = new JsonFactory();

    private DiagnosticCodec() {}

    /** The payload, UTF-8. */
    public static byte[] encode(Diagnostic diagnostic) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator to = JSON.createGenerator(out)) {
            to.writeStartObject();
            to.writeStringField("sender", ChatId.SERVER.value());
            to.writeStringField("receiver", diagnostic.receiver().value());
            to.writeStringField("status", "error");
            to.writeStringField("code", diagnostic.code());
            to.writeStringField("topic", diagnostic.topic());
            to.writeStringField("reason", diagnostic.reason());
            to.writeStringField("hint", diagnostic.hint());
            to.writeStringField("payload", diagnostic.payload());
            to.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** Reads a payload; empty if it is none of the server's. Fields that are missing are taken as empty. */
    public static Optional<Diagnostic> decode(byte[] payload) {
        Map<String, String> fields = TextFields.of(payload).orElse(Map.of());
        if (!ChatId.SERVER.value().equals(fields.get("sender")) || !fields.containsKey("code")) {
            return Optional.empty();
        }
        return ChatId.parse(fields.getOrDefault("receiver", ""))
                .map(receiver -> new Diagnostic(
                        receiver,
                        fields.get("code"),
                        fields.getOrDefault("topic", ""),
                        fields.getOrDefault("reason", ""),
                        fields.getOrDefault("hint", ""),
                        fields.getOrDefault("payload", "")));
    }
}
