package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
        this.json = JsonInput.factory(limits.maxDepth());
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
        Fields plain = new Fields(kind);
        if (PlainObject.read(payload, offset, length, plain)) {
            return plain.toEvent(limits);
        }
        return decodeAnything(kind, payload, offset, length);
    }

    /** The same for whatever the payload is. */
    DecodeResult decodeAnything(ChatKind kind, byte[] payload, int offset, int length) {
        Fields fields = new Fields(kind);
        return JsonInput.readObject(json, limits.maxDepth(), payload, offset, length, fields)
                .<DecodeResult>map(fault -> new DecodeResult.Rejected(fault.code(), fault.reason()))
                .orElseGet(() -> fields.toEvent(limits));
    }

    /** The known fields of one payload. */
    private static final class Fields implements JsonInput.FieldReader, PlainObject.FieldTaker {
        private static final byte[] SENDER = ascii("sender");
        private static final byte[] RECEIVER = ascii("receiver");
        private static final byte[] MESSAGE = ascii("message");
        private static final byte[] UUID = ascii("uuid");
        private static final byte[] STATUS = ascii("status");
        private static final byte[] ROOM = ascii("room");

        private final ChatKind kind;
        private String sender;
        private String receiver;
        private String message;
        private String uuid;
        private String status;
        private String room;
        private JsonInput.Fault wrongType;

        Fields(ChatKind kind) {
            this.kind = kind;
        }

        @Override
        public void field(String name, JsonToken value, JsonParser parser, Position position) throws IOException {
            if (!isKnown(name)) {
                parser.skipChildren();
            } else if (value == JsonToken.VALUE_STRING) {
                put(name, parser.getText());
            } else {
                if (wrongType == null) {
                    wrongType = JsonInput.wrongType(name, "a string", value, parser, position);
                }
                parser.skipChildren();
            }
        }

        private static byte[] ascii(String name) {
            return name.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public boolean take(byte[] bytes, int from, int to, String value) {
            if (PlainObject.is(SENDER, bytes, from, to)) {
                boolean first = sender == null;
                sender = value;
                return first;
            }
            if (PlainObject.is(RECEIVER, bytes, from, to)) {
                boolean first = receiver == null;
                receiver = value;
                return first;
            }
            if (PlainObject.is(UUID, bytes, from, to) && isKnown("uuid")) {
                boolean first = uuid == null;
                uuid = value;
                return first;
            }
            if (PlainObject.is(MESSAGE, bytes, from, to) && isKnown("message")) {
                boolean first = message == null;
                message = value;
                return first;
            }
            if (PlainObject.is(STATUS, bytes, from, to) && isKnown("status")) {
                boolean first = status == null;
                status = value;
                return first;
            }
            if (PlainObject.is(ROOM, bytes, from, to) && isKnown("room")) {
                boolean first = room == null;
                room = value;
                return first;
            }
            return false;
        }

        private boolean isKnown(String name) {
            return switch (name) {
                case "sender", "receiver" -> true;
                case "message" -> kind == ChatKind.MESSAGE;
                case "uuid" -> kind != ChatKind.TYPING;
                case "status" -> kind != ChatKind.MESSAGE;
                case "room" -> kind.isReceipt();
                default -> false;
            };
        }

        private void put(String name, String value) {
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

        DecodeResult toEvent(ProtocolLimits limits) {
            if (wrongType != null) {
                return new DecodeResult.Rejected(wrongType.code(), wrongType.reason());
            }
            String missing = missing();
            if (missing != null) {
                return new DecodeResult.Rejected(
                        RejectCode.MISSING_FIELD, "the field \"%s\" is missing".formatted(missing));
            }
            if (!ChatId.isValid(sender) || !ChatId.isValid(receiver) || room != null && !ChatId.isValid(room)) {
                return badId("sender", sender)
                        .or(() -> badId("receiver", receiver))
                        .orElseGet(() -> badId("room", room).orElseThrow());
            }
            if (status != null && !status.equals(kind.level())) {
                return new DecodeResult.Rejected(
                        RejectCode.STATUS_MISMATCH,
                        "\"status\" is \"%s\", but the topic says %s"
                                .formatted(JsonInput.shortened(status), kind.level()));
            }
            if (uuid != null && !MessageUuid.isValid(uuid)) {
                return new DecodeResult.Rejected(
                        RejectCode.INVALID_UUID,
                        "\"uuid\" must be 1 to %d visible ASCII characters, found \"%s\""
                                .formatted(MessageUuid.MAX_LENGTH, JsonInput.shortened(uuid)));
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

        private String missing() {
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
