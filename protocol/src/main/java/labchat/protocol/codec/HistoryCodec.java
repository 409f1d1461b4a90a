package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.RequestFault;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.text.ShortText;

/** Writes and reads requests for history and their answers. May be used by any number of threads at once. */
public final class HistoryCodec {

    private static final int MAX_DEPTH = ProtocolLimits.DEFAULT.maxDepth();
    private static final JsonFactory JSON = JsonInput.factory(MAX_DEPTH);

    private static final DateTimeFormatter MILLISECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The code of a request whose JSON is good, but which asks for what there is not. */
    private static final String INVALID_REQUEST = "invalid_request";

    /** What an answer has around its messages. */
    private static final int FRAME_BYTES = 256;

    private HistoryCodec() {}

    /** The payload of {@code ROOT/server/history}, UTF-8. */
    public static byte[] encode(HistoryRequest request) {
        return write(to -> {
            to.writeStartObject();
            to.writeStringField("sender", request.sender().value());
            if (request.with().isPresent()) {
                to.writeStringField("with", request.with().get().value());
            }
            if (request.before().isPresent()) {
                to.writeStringField("before", JsonInput.whole(request.before().get()));
            }
            to.writeNumberField("limit", request.limit());
            if (request.search().isPresent()) {
                to.writeStringField("search", JsonInput.whole(request.search().get()));
            }
            to.writeEndObject();
        });
    }

    /**
     * Reads a request; whatever the bytes. Only {@code sender} must be there; {@code null} stands for a field that is not,
     * and {@code limit} may be a number or the same in digits in quotes.
     */
    public static RequestResult<HistoryRequest> decodeRequest(byte[] payload) {
        Map<String, String> fields = new HashMap<>();
        List<JsonInput.Fault> wrongTypes = new ArrayList<>();
        Optional<JsonInput.Fault> fault =
                JsonInput.readObject(JSON, MAX_DEPTH, payload, 0, payload.length, (name, value, parser, position) -> {
                    switch (name) {
                        case "sender", "with", "before", "search", "limit" -> {
                            boolean number = name.equals("limit");
                            if (value == JsonToken.VALUE_STRING || number && value.isNumeric()) {
                                fields.put(name, parser.getText());
                            } else if (value != JsonToken.VALUE_NULL) {
                                wrongTypes.add(JsonInput.wrongType(
                                        name, number ? "a number" : "a string", value, parser, position));
                            }
                        }
                        default -> {
                            // Unknown ones are ignored.
                        }
                    }
                    parser.skipChildren();
                });
        if (fault.isPresent()) {
            return refused(fault.get().code(), fault.get().reason());
        }
        if (!wrongTypes.isEmpty()) {
            return refused(wrongTypes.get(0).code(), wrongTypes.get(0).reason());
        }
        return toRequest(fields);
    }

    private static RequestResult<HistoryRequest> toRequest(Map<String, String> fields) {
        if (!fields.containsKey("sender")) {
            return refused(RejectCode.MISSING_FIELD, "the field \"sender\" is missing");
        }
        for (String name : List.of("sender", "with")) {
            Optional<String> problem = Optional.ofNullable(fields.get(name)).flatMap(ChatId::problem);
            if (problem.isPresent()) {
                return refused(RejectCode.INVALID_ID, "\"%s\": %s".formatted(name, problem.get()));
            }
        }
        String before = fields.get("before");
        if (before != null
                && !MessageUuid.isValid(before)
                && HistoryRequest.time(before).isEmpty()) {
            return refused(
                    "\"before\" must be the uuid of a message (1 to %d visible ASCII characters) or a time such as"
                                    .formatted(MessageUuid.MAX_LENGTH)
                            + " \"2026-11-20T10:15:30Z\", found \"%s\"".formatted(JsonInput.shortened(before)));
        }
        String limit = fields.getOrDefault("limit", String.valueOf(HistoryRequest.STANDARD_LIMIT));
        int count = limit.matches("0{0,3}[0-9]{1,3}") ? Integer.parseInt(limit) : 0;
        if (count < 1 || count > HistoryRequest.MAX_LIMIT) {
            return refused("\"limit\" must be a whole number from 1 to %d, found %s"
                    .formatted(HistoryRequest.MAX_LIMIT, JsonInput.shortened(limit)));
        }
        String search = fields.get("search");
        if (search != null && search.isBlank()) {
            return refused("\"search\" is empty; give one or more words, or leave the field out");
        }
        if (search != null && search.length() > HistoryRequest.MAX_SEARCH_LENGTH) {
            return refused("\"search\" has %d characters, at most %d are allowed"
                    .formatted(search.length(), HistoryRequest.MAX_SEARCH_LENGTH));
        }
        return new RequestResult.Read<>(new HistoryRequest(
                new ChatId(fields.get("sender")),
                Optional.ofNullable(fields.get("with")).map(ChatId::new),
                Optional.ofNullable(before),
                count,
                Optional.ofNullable(search)));
    }

    private static RequestResult<HistoryRequest> refused(String reason) {
        return new RequestResult.Refused<>(new RequestFault(INVALID_REQUEST, reason));
    }

    private static RequestResult<HistoryRequest> refused(RejectCode code, String reason) {
        return new RequestResult.Refused<>(new RequestFault(code.word(), reason));
    }

    /** The payload of {@code ROOT/<id>/history}, UTF-8. */
    public static byte[] encode(HistoryAnswer answer) {
        return encode(answer, Integer.MAX_VALUE);
    }

    /**
     * The payload of {@code ROOT/<id>/history}, UTF-8, of at most so many bytes: where not all messages fit, the oldest ones
     * are left out and {@code more} is true. The newest one is always there, so that a reader gets on from page to page: if
     * need be without the times of its receipts, and in the last resort its text cut, which ends in an ellipsis then.
     *
     * @param maxBytes at least 1,024
     */
    public static byte[] encode(HistoryAnswer answer, int maxBytes) {
        if (maxBytes < 1_024) {
            throw new IllegalArgumentException("%d bytes: at least 1024".formatted(maxBytes));
        }
        if (answer.fault().isPresent()) {
            return encodeFault(answer, answer.fault().get());
        }
        Deque<byte[]> fitting = new ArrayDeque<>();
        int left = maxBytes - FRAME_BYTES;
        int next = answer.messages().size() - 1;
        for (; next >= 0; next--) {
            byte[] entry = encode(answer.messages().get(next));
            if (entry.length + 1 > left) {
                if (!fitting.isEmpty()) {
                    break;
                }
                entry = encodeBareEntry(answer.messages().get(next), left - 1);
            }
            left -= entry.length + 1;
            fitting.addFirst(entry);
        }
        boolean more = answer.more() || next >= 0;
        return write(to -> {
            to.writeStartObject();
            to.writeStringField("sender", ChatId.SERVER.value());
            to.writeStringField("receiver", answer.receiver().value());
            if (answer.with().isPresent()) {
                to.writeStringField("with", answer.with().get().value());
            }
            to.writeArrayFieldStart("messages");
            for (byte[] entry : fitting) {
                to.writeRawValue(new String(entry, StandardCharsets.UTF_8));
            }
            to.writeEndArray();
            to.writeBooleanField("more", more);
            to.writeEndObject();
        });
    }

    private static byte[] encodeFault(HistoryAnswer answer, RequestFault fault) {
        return write(to -> {
            to.writeStartObject();
            to.writeStringField("sender", ChatId.SERVER.value());
            to.writeStringField("receiver", answer.receiver().value());
            to.writeStringField("status", "error");
            if (answer.with().isPresent()) {
                to.writeStringField("with", answer.with().get().value());
            }
            to.writeStringField("code", fault.code());
            to.writeStringField("reason", JsonInput.whole(ShortText.of(fault.reason())));
            to.writeEndObject();
        });
    }

    /** One message as it stands in an answer: a JSON object on one line, UTF-8. */
    public static byte[] encode(HistoryEntry entry) {
        return write(to -> {
            ChatMessage message = entry.message();
            to.writeStartObject();
            to.writeStringField("sender", message.sender().value());
            to.writeStringField("receiver", message.receiver().value());
            to.writeStringField("message", JsonInput.whole(message.text()));
            to.writeStringField("uuid", message.uuid().value());
            to.writeStringField("sent", format(entry.sent()));
            writeTimes(to, "delivered", entry.room(), entry.delivered());
            writeTimes(to, "read", entry.room(), entry.read());
            to.writeEndObject();
        });
    }

    private static byte[] encodeBareEntry(HistoryEntry entry, int maxBytes) {
        ChatMessage whole = entry.message();
        int kept = whole.text().length();
        while (true) {
            String text =
                    kept == whole.text().length() ? whole.text() : whole.text().substring(0, kept) + "…";
            byte[] bare = encode(new HistoryEntry(
                    new ChatMessage(whole.sender(), whole.receiver(), text, whole.uuid()),
                    entry.sent(),
                    entry.room(),
                    Map.of(),
                    Map.of()));
            if (bare.length <= maxBytes || kept == 0) {
                return bare;
            }
            kept /= 2;
            if (kept > 0 && Character.isHighSurrogate(whole.text().charAt(kept - 1))) {
                kept--;
            }
        }
    }

    /** A time as the protocol writes it: RFC 3339, UTC, milliseconds. */
    public static String format(Instant time) {
        return MILLISECONDS.format(time);
    }

    private static void writeTimes(JsonGenerator to, String name, boolean room, Map<ChatId, Instant> times)
            throws IOException {
        if (room) {
            to.writeObjectFieldStart(name);
            for (Map.Entry<ChatId, Instant> time : new TreeMap<>(times).entrySet()) {
                to.writeStringField(time.getKey().value(), format(time.getValue()));
            }
            to.writeEndObject();
        } else if (times.isEmpty()) {
            to.writeNullField(name);
        } else {
            to.writeStringField(name, format(times.values().iterator().next()));
        }
    }

    /** What writes itself. */
    private interface Content {
        void writeTo(JsonGenerator to) throws IOException;
    }

    private static byte[] write(Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator to = JSON.createGenerator(out)) {
            content.writeTo(to);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** Reads an answer; empty if it is none. Messages in it that are none are left out. */
    public static Optional<HistoryAnswer> decodeAnswer(byte[] payload) {
        AnswerReader answer = new AnswerReader();
        if (JsonInput.readObject(JSON, MAX_DEPTH, payload, 0, payload.length, answer::field)
                .isPresent()) {
            return Optional.empty();
        }
        return answer.toAnswer();
    }

    /** What an answer's fields say. */
    private static final class AnswerReader {
        private final Map<String, String> fields = new HashMap<>();
        private Optional<List<HistoryEntry>> messages = Optional.empty();
        private boolean more;

        void field(String name, JsonToken value, JsonParser parser, Position position) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                fields.put(name, parser.getText());
            } else if (name.equals("messages") && value == JsonToken.START_ARRAY) {
                List<HistoryEntry> entries = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (parser.currentToken() == JsonToken.START_OBJECT) {
                        new EntryReader().read(parser).ifPresent(entries::add);
                    } else {
                        parser.skipChildren();
                    }
                }
                messages = Optional.of(entries);
            } else {
                more |= name.equals("more") && value == JsonToken.VALUE_TRUE;
                parser.skipChildren();
            }
        }

        Optional<HistoryAnswer> toAnswer() {
            Optional<ChatId> receiver =
                    Optional.ofNullable(fields.get("receiver")).flatMap(ChatId::parse);
            if (!ChatId.SERVER.value().equals(fields.get("sender")) || receiver.isEmpty()) {
                return Optional.empty();
            }
            Optional<ChatId> with = Optional.ofNullable(fields.get("with")).flatMap(ChatId::parse);
            if ("error".equals(fields.get("status")) && fields.containsKey("code")) {
                RequestFault fault = new RequestFault(fields.get("code"), fields.getOrDefault("reason", ""));
                return Optional.of(new HistoryAnswer(receiver.get(), with, List.of(), false, Optional.of(fault)));
            }
            return messages.map(entries -> new HistoryAnswer(receiver.get(), with, entries, more, Optional.empty()));
        }
    }

    /** One message of an answer. */
    private static final class EntryReader {
        private final Map<String, String> fields = new HashMap<>();
        private final Map<String, Map<ChatId, Instant>> ofRoom = new HashMap<>();

        /** From the object's beginning to its end. */
        Optional<HistoryEntry> read(JsonParser parser) throws IOException {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    fields.put(name, parser.getText());
                } else if (value == JsonToken.START_OBJECT && (name.equals("delivered") || name.equals("read"))) {
                    ofRoom.put(name, readTimes(parser));
                } else {
                    parser.skipChildren();
                }
            }
            return toEntry();
        }

        private static Map<ChatId, Instant> readTimes(JsonParser parser) throws IOException {
            Map<ChatId, Instant> times = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                Optional<ChatId> reader = ChatId.parse(parser.currentName());
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    Optional<Instant> time = HistoryRequest.time(parser.getText());
                    reader.ifPresent(id -> time.ifPresent(at -> times.put(id, at)));
                } else {
                    parser.skipChildren();
                }
            }
            return times;
        }

        private Optional<HistoryEntry> toEntry() {
            Optional<ChatId> sender = Optional.ofNullable(fields.get("sender")).flatMap(ChatId::parse);
            Optional<ChatId> receiver =
                    Optional.ofNullable(fields.get("receiver")).flatMap(ChatId::parse);
            Optional<Instant> sent = Optional.ofNullable(fields.get("sent")).flatMap(HistoryRequest::time);
            String uuid = fields.get("uuid");
            if (sender.isEmpty()
                    || receiver.isEmpty()
                    || sent.isEmpty()
                    || !MessageUuid.isValid(uuid)
                    || !fields.containsKey("message")) {
                return Optional.empty();
            }
            return Optional.of(new HistoryEntry(
                    new ChatMessage(sender.get(), receiver.get(), fields.get("message"), new MessageUuid(uuid)),
                    sent.get(),
                    !ofRoom.isEmpty(),
                    times("delivered", receiver.get()),
                    times("read", receiver.get())));
        }

        private Map<ChatId, Instant> times(String name, ChatId receiver) {
            if (ofRoom.containsKey(name)) {
                return ofRoom.get(name);
            }
            return Optional.ofNullable(fields.get(name))
                    .flatMap(HistoryRequest::time)
                    .map(time -> Map.of(receiver, time))
                    .orElseGet(Map::of);
        }
    }
}
