package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

/**
 * Writes and reads the payloads of the four kinds. Fields are written in the protocol's order; they are read in any
 * order, unknown ones are ignored, {@code status} is optional. May be used by any number of threads at once.
 */
public final class ChatCodec {

    private final ProtocolLimits limits;
    private final JsonFactory json;

    public ChatCodec(ProtocolLimits limits) {
        this.limits = limits;
        this.json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maxDepth())
                        .build())
                .build();
    }

    /** The payload of an event, UTF-8. */
    public byte[] encode(ChatEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(192);
        try (JsonGenerator to = json.createGenerator(out)) {
            to.writeStartObject();
            to.writeStringField("sender", event.sender().value());
            to.writeStringField("receiver", event.receiver().value());
            event.accept(new FieldWriter(to));
            to.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** Reads a whole array; see {@link #decode(ChatKind, byte[], int, int)}. */
    public DecodeResult decode(ChatKind kind, byte[] payload) {
        return decode(kind, payload, 0, payload.length);
    }

    /** Reads the payload of a publish of the given kind. Never throws for anything that a payload can hold. */
    public DecodeResult decode(ChatKind kind, byte[] payload, int offset, int length) {
        int invalid = Utf8.firstInvalid(payload, offset, length);
        if (invalid >= 0) {
            return new DecodeResult.Rejected(
                    RejectCode.NOT_UTF8,
                    "byte 0x%02x at index %d is not UTF-8".formatted(payload[invalid] & 0xff, invalid - offset));
        }
        // The parser would take these as UTF-16 or UTF-32, or skip a byte order mark.
        for (int i = 0; i < Math.min(4, length); i++) {
            if (payload[offset + i] == 0 || payload[offset + i] == (byte) 0xef) {
                return new DecodeResult.Rejected(
                        RejectCode.INVALID_JSON, "line 1, column 1: expected {, found a byte that no JSON begins with");
            }
        }
        Position position = new Position(payload, offset, length);
        try (JsonParser parser = json.createParser(payload, offset, length)) {
            return read(kind, parser, position);
        } catch (StreamConstraintsException e) {
            return position.ofDepth(limits.maxDepth() + 1)
                    .map(where -> new DecodeResult.Rejected(
                            RejectCode.TOO_DEEP,
                            "%s: objects and arrays nest deeper than %d levels".formatted(where, limits.maxDepth())))
                    .orElseGet(() -> new DecodeResult.Rejected(
                            RejectCode.INVALID_JSON,
                            "%s: a number or a name of this length is not taken"
                                    .formatted(position.of(e.getLocation()))));
        } catch (JsonProcessingException e) {
            String message = e.getOriginalMessage();
            if (e instanceof JsonParseException && message.startsWith("Duplicate field")) {
                return new DecodeResult.Rejected(
                        RejectCode.DUPLICATE_KEY,
                        "%s: the field \"%s\" is there twice"
                                .formatted(position.of(e.getLocation()), quotedName(message)));
            }
            return new DecodeResult.Rejected(
                    RejectCode.INVALID_JSON,
                    position.fault()
                            .orElseGet(() -> "%s: %s".formatted(position.of(e.getLocation()), firstLower(message))));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private DecodeResult read(ChatKind kind, JsonParser parser, Position position) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return new DecodeResult.Rejected(
                    RejectCode.INVALID_JSON, "line 1, column 1: expected an object {…}, found nothing");
        }
        if (first != JsonToken.START_OBJECT) {
            // The rest is still read, so that what is no JSON at all is called so.
            parser.skipChildren();
            parser.nextToken();
            return new DecodeResult.Rejected(
                    RejectCode.NOT_AN_OBJECT,
                    "line 1, column 1: expected an object {…}, found %s".formatted(describe(first)));
        }
        Fields fields = new Fields();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (Fields.isKnown(name, kind)) {
                if (value == JsonToken.VALUE_STRING) {
                    fields.put(name, parser.getText());
                } else {
                    fields.wrongType(
                            name,
                            "%s: \"%s\" must be a string, found %s"
                                    .formatted(position.of(parser.currentTokenLocation()), name, describe(value)));
                    parser.skipChildren();
                }
            } else {
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            return new DecodeResult.Rejected(
                    RejectCode.INVALID_JSON,
                    position.fault()
                            .orElseGet(() -> "%s: expected the end after the object, found more"
                                    .formatted(position.of(parser.currentTokenLocation()))));
        }
        return fields.toEvent(kind, limits);
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            default -> token.name();
        };
    }

    /** The name in the parser's "Duplicate field 'name'". */
    private static String quotedName(String message) {
        return Fields.shortened(message.substring(message.indexOf('\'') + 1, message.lastIndexOf('\'')));
    }

    private static String firstLower(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.isEmpty() ? line : Character.toLowerCase(line.charAt(0)) + line.substring(1);
    }

    /** The known fields of one payload. */
    private static final class Fields {
        private String sender;
        private String receiver;
        private String message;
        private String uuid;
        private String status;
        private String room;
        private String wrongType;

        static boolean isKnown(String name, ChatKind kind) {
            return switch (name) {
                case "sender", "receiver" -> true;
                case "message" -> kind == ChatKind.MESSAGE;
                case "uuid" -> kind != ChatKind.TYPING;
                case "status" -> kind != ChatKind.MESSAGE;
                case "room" -> kind.isReceipt();
                default -> false;
            };
        }

        void put(String name, String value) {
            switch (name) {
                case "sender" -> sender = value;
                case "receiver" -> receiver = value;
                case "message" -> message = value;
                case "uuid" -> uuid = value;
                case "status" -> status = value;
                case "room" -> room = value;
                default -> throw new IllegalArgumentException(name);
            }
        }

        void wrongType(String name, String reason) {
            if (wrongType == null) {
                wrongType = reason;
            }
        }

        DecodeResult toEvent(ChatKind kind, ProtocolLimits limits) {
            if (wrongType != null) {
                return new DecodeResult.Rejected(RejectCode.WRONG_TYPE, wrongType);
            }
            String missing = missing(kind);
            if (missing != null) {
                return new DecodeResult.Rejected(
                        RejectCode.MISSING_FIELD, "the field \"%s\" is missing".formatted(missing));
            }
            Optional<DecodeResult> badId = badId("sender", sender)
                    .or(() -> badId("receiver", receiver))
                    .or(() -> room == null ? Optional.empty() : badId("room", room));
            if (badId.isPresent()) {
                return badId.get();
            }
            if (status != null && !status.equals(kind.level())) {
                return new DecodeResult.Rejected(
                        RejectCode.STATUS_MISMATCH,
                        "\"status\" is \"%s\", but the topic says %s".formatted(shortened(status), kind.level()));
            }
            if (uuid != null && !MessageUuid.isValid(uuid)) {
                return new DecodeResult.Rejected(
                        RejectCode.INVALID_UUID,
                        "\"uuid\" must be 1 to %d visible ASCII characters, found \"%s\""
                                .formatted(MessageUuid.MAX_LENGTH, shortened(uuid)));
            }
            ChatId from = new ChatId(sender);
            ChatId to = new ChatId(receiver);
            return switch (kind) {
                case MESSAGE -> message(from, to, limits);
                case DELIVERED, READ ->
                    new DecodeResult.Decoded(new Receipt(
                            kind,
                            from,
                            to,
                            new MessageUuid(uuid),
                            Optional.ofNullable(room).map(ChatId::new)));
                case TYPING -> new DecodeResult.Decoded(new Typing(from, to));
            };
        }

        private DecodeResult message(ChatId from, ChatId to, ProtocolLimits limits) {
            if (message.isEmpty()) {
                return new DecodeResult.Rejected(RejectCode.EMPTY_TEXT, "\"message\" is empty");
            }
            if (message.length() > limits.maxTextLength()) {
                int characters = message.codePointCount(0, message.length());
                if (characters > limits.maxTextLength()) {
                    return new DecodeResult.Rejected(
                            RejectCode.TEXT_TOO_LONG,
                            "\"message\" has %d characters, at most %d are allowed"
                                    .formatted(characters, limits.maxTextLength()));
                }
            }
            return new DecodeResult.Decoded(new ChatMessage(from, to, message, new MessageUuid(uuid)));
        }

        private String missing(ChatKind kind) {
            if (sender == null) {
                return "sender";
            }
            if (receiver == null) {
                return "receiver";
            }
            if (kind == ChatKind.MESSAGE && message == null) {
                return "message";
            }
            return kind != ChatKind.TYPING && uuid == null ? "uuid" : null;
        }

        private static Optional<DecodeResult> badId(String field, String value) {
            return ChatId.problem(value)
                    .map(reason ->
                            new DecodeResult.Rejected(RejectCode.INVALID_ID, "\"%s\": %s".formatted(field, reason)));
        }

        private static String shortened(String value) {
            String cut = value.length() <= 80 ? value : value.substring(0, 80) + "…";
            StringBuilder safe = new StringBuilder(cut.length());
            cut.chars().forEach(c -> safe.append(Character.isISOControl(c) ? '\ufffd' : (char) c));
            return safe.toString();
        }
    }

    /** Writes what comes after sender and receiver. */
    private record FieldWriter(JsonGenerator to) implements ChatEvent.Visitor<Void> {

        @Override
        public Void message(ChatMessage message) {
            return write("message", message.text(), "uuid", message.uuid().value());
        }

        @Override
        public Void receipt(Receipt receipt) {
            write("status", receipt.kind().level(), "uuid", receipt.uuid().value());
            receipt.room().ifPresent(room -> write("room", room.value()));
            return null;
        }

        @Override
        public Void typing(Typing typing) {
            return write("status", typing.kind().level());
        }

        private Void write(String... namesAndValues) {
            try {
                for (int i = 0; i < namesAndValues.length; i += 2) {
                    to.writeStringField(namesAndValues[i], namesAndValues[i + 1]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory failed", e);
            }
            return null;
        }
    }
}
