package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.event.Notice;
import labchat.protocol.identity.ChatId;

/** Writes and reads the payload of {@code ROOT/<room>/notice}. May be used by any number of threads at once. */
public final class NoticeCodec {

    private static final JsonFactory JSON = JsonInput.factory(ProtocolLimits.DEFAULT.maxDepth());

    private NoticeCodec() {}

    /** The payload, UTF-8. */
    public static byte[] encode(Notice notice) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(192);
        try (JsonGenerator to = JSON.createGenerator(out)) {
            to.writeStartObject();
            to.writeStringField("sender", notice.user().value());
            to.writeStringField("receiver", notice.room().value());
            to.writeStringField("status", notice.change().word());
            to.writeStringField("notice", notice.text());
            to.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** Reads a payload; empty if it is none. A missing text is taken as empty. */
    public static Optional<Notice> decode(byte[] payload) {
        Map<String, String> texts = TextFields.of(payload).orElse(Map.of());
        Optional<ChatId> user = ChatId.parse(texts.get("sender"));
        Optional<ChatId> room = ChatId.parse(texts.get("receiver"));
        Optional<Notice.Change> change = Arrays.stream(Notice.Change.values())
                .filter(known -> known.word().equals(texts.get("status")))
                .findFirst();
        if (user.isEmpty() || room.isEmpty() || change.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Notice(user.get(), room.get(), change.get(), texts.getOrDefault("notice", "")));
    }
}
