package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.event.RequestFault;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import labchat.protocol.text.NearestWord;

/** Writes and reads requests about rooms and their answers. May be used by any number of threads at once. */
public final class RoomsCodec {

    private static final JsonFactory JSON = JsonInput.factory(ProtocolLimits.DEFAULT.maxDepth());
    private static final Map<String, RequestFields.Type> REQUEST = Map.of(
            "sender", RequestFields.Type.TEXT,
            "action", RequestFields.Type.TEXT,
            "room", RequestFields.Type.TEXT,
            "public", RequestFields.Type.TRUTH,
            "user", RequestFields.Type.TEXT);
    private static final List<String> ACTIONS =
            Arrays.stream(Action.values()).map(Action::word).toList();

    private RoomsCodec() {}

    /** The payload of {@code ROOT/server/rooms}, UTF-8. */
    public static byte[] encode(RoomsRequest request) {
        return write(to -> {
            to.writeStringField("sender", request.sender().value());
            to.writeStringField("action", request.action().word());
            if (request.room().isPresent()) {
                to.writeStringField("room", request.room().get().value());
            }
            if (request.action() == Action.CREATE) {
                to.writeBooleanField("public", request.isPublic());
            }
            if (request.user().isPresent()) {
                to.writeStringField("user", request.user().get().value());
            }
        });
    }

    /**
     * Reads a request; whatever the bytes. Fields that the action has no use for are left out of it. A room that is
     * created is public unless {@code public} says otherwise.
     */
    public static RequestResult<RoomsRequest> decodeRequest(byte[] payload) {
        try {
            return new RequestResult.Read<>(read(RequestFields.read(payload, REQUEST)));
        } catch (RequestFields.Faulty e) {
            return new RequestResult.Refused<>(e.fault());
        }
    }

    private static RoomsRequest read(RequestFields fields) throws RequestFields.Faulty {
        ChatId sender = fields.requiredId("sender");
        Action action = action(fields.requiredText("action"));
        boolean aboutUser = action == Action.INVITE || action == Action.REMOVE;
        return new RoomsRequest(
                sender,
                action,
                action == Action.LIST ? Optional.empty() : Optional.of(fields.requiredId("room")),
                action == Action.CREATE && fields.truth("public").orElse(true),
                aboutUser ? Optional.of(fields.requiredId("user")) : Optional.empty());
    }

    private static Action action(String word) throws RequestFields.Faulty {
        Optional<Action> known = knownAction(word);
        if (known.isPresent()) {
            return known.get();
        }
        String all = "the actions are " + String.join(", ", ACTIONS);
        String shown = JsonInput.shortened(word);
        throw new RequestFields.Faulty(
                "invalid_request",
                NearestWord.to(shown, ACTIONS)
                        .map(near -> "there is no action \"%s\", did you mean \"%s\"? (%s)".formatted(shown, near, all))
                        .orElseGet(() -> "there is no action \"%s\"; %s".formatted(shown, all)));
    }

    private static Optional<Action> knownAction(String word) {
        return Arrays.stream(Action.values())
                .filter(action -> action.word().equals(word))
                .findFirst();
    }

    /** The payload of {@code ROOT/<id>/rooms}, UTF-8. */
    public static byte[] encode(RoomsAnswer answer) {
        return write(to -> {
            to.writeStringField("sender", ChatId.SERVER.value());
            to.writeStringField("receiver", answer.receiver().value());
            to.writeStringField("status", answer.fault().isPresent() ? "error" : "ok");
            to.writeStringField("action", answer.action());
            if (answer.room().isPresent()) {
                to.writeStringField("room", answer.room().get().value());
            }
            if (answer.fault().isPresent()) {
                to.writeStringField("code", answer.fault().get().code());
                to.writeStringField("reason", answer.fault().get().reason());
            }
            if (answer.fault().isEmpty() || !answer.rooms().isEmpty()) {
                to.writeArrayFieldStart("rooms");
                for (RoomInfo room : answer.rooms()) {
                    write(room, to);
                }
                to.writeEndArray();
            }
        });
    }

    private static void write(RoomInfo room, JsonGenerator to) throws IOException {
        to.writeStartObject();
        to.writeStringField("id", room.id().value());
        to.writeBooleanField("public", room.isPublic());
        to.writeArrayFieldStart("members");
        for (ChatId member : room.members()) {
            to.writeString(member.value());
        }
        to.writeEndArray();
        to.writeBooleanField("joined", room.joined());
        to.writeEndObject();
    }

    /** Reads an answer; empty if it is none. */
    public static Optional<RoomsAnswer> decodeAnswer(byte[] payload) {
        AnswerFields fields = new AnswerFields();
        boolean faulty = JsonInput.readObject(
                        JSON, ProtocolLimits.DEFAULT.maxDepth(), payload, 0, payload.length, fields)
                .isPresent();
        return faulty ? Optional.empty() : fields.toAnswer();
    }

    private interface Body {
        void write(JsonGenerator to) throws IOException;
    }

    private static byte[] write(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(192);
        try (JsonGenerator to = JSON.createGenerator(out)) {
            to.writeStartObject();
            body.write(to);
            to.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** The fields of one answer. */
    private static final class AnswerFields implements JsonInput.FieldReader {
        private final Map<String, String> texts = new HashMap<>();
        private final List<RoomInfo> rooms = new ArrayList<>();
        private boolean wrong;

        @Override
        public void field(String name, JsonToken value, JsonParser parser, Position position) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                texts.put(name, parser.getText());
            } else if (name.equals("rooms") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    room(parser);
                }
            } else {
                parser.skipChildren();
            }
        }

        private void room(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                wrong = true;
                parser.skipChildren();
                return;
            }
            String id = "";
            boolean isPublic = false;
            boolean joined = false;
            List<ChatId> members = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("id") && value == JsonToken.VALUE_STRING) {
                    id = parser.getText();
                } else if (name.equals("public")) {
                    isPublic = value == JsonToken.VALUE_TRUE;
                } else if (name.equals("joined")) {
                    joined = value == JsonToken.VALUE_TRUE;
                } else if (name.equals("members") && value == JsonToken.START_ARRAY) {
                    members(parser, members);
                    continue;
                }
                parser.skipChildren();
            }
            Optional<ChatId> room = ChatId.parse(id);
            if (room.isEmpty()) {
                wrong = true;
            } else {
                rooms.add(new RoomInfo(room.get(), isPublic, members, joined));
            }
        }

        private void members(JsonParser parser, List<ChatId> members) throws IOException {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                Optional<ChatId> member = parser.currentToken() == JsonToken.VALUE_STRING
                        ? ChatId.parse(parser.getText())
                        : Optional.empty();
                parser.skipChildren();
                wrong |= member.isEmpty();
                member.ifPresent(members::add);
            }
        }

        Optional<RoomsAnswer> toAnswer() {
            Optional<ChatId> receiver = ChatId.parse(texts.get("receiver"));
            String status = texts.getOrDefault("status", "");
            boolean ok = status.equals("ok");
            boolean error = status.equals("error") && texts.containsKey("code");
            if (wrong
                    || receiver.isEmpty()
                    || !ChatId.SERVER.value().equals(texts.get("sender"))
                    || !texts.containsKey("action")
                    || !ok && !error) {
                return Optional.empty();
            }
            return Optional.of(new RoomsAnswer(
                    receiver.get(),
                    texts.get("action"),
                    ChatId.parse(texts.get("room")),
                    rooms,
                    ok
                            ? Optional.empty()
                            : Optional.of(new RequestFault(texts.get("code"), texts.getOrDefault("reason", "")))));
        }
    }
}
