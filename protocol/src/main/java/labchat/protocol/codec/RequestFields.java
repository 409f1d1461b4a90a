package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.event.RequestFault;
import labchat.protocol.identity.ChatId;

/** The fields of a request to the server: one flat object. Fields that the request does not know are ignored. */
final class RequestFields {

    /** What a field's value must be. */
    enum Type {
        TEXT("a string"),
        TRUTH("true or false"),
        NUMBER("a whole number");

        private final String words;

        Type(String words) {
            this.words = words;
        }
    }

    /** Carries the fault out of the middle of reading; caught by the codec, never seen outside. */
    static final class Faulty extends Exception {
        private static final long serialVersionUID = 1;

        private final transient RequestFault fault;

        Faulty(String code, String reason) {
            super(reason, null, false, false);
            this.fault = new RequestFault(code, reason);
        }

        RequestFault fault() {
            return fault;
        }
    }

    private static final int MAX_DEPTH = ProtocolLimits.DEFAULT.maxDepth();
    private static final JsonFactory JSON = JsonInput.factory(MAX_DEPTH);

    private final Map<String, Object> values = new HashMap<>();
    private JsonInput.Fault wrongType;

    private RequestFields() {}

    /** @param known the fields and their types */
    static RequestFields read(byte[] payload, Map<String, Type> known) throws Faulty {
        RequestFields fields = new RequestFields();
        Optional<JsonInput.Fault> fault =
                JsonInput.readObject(JSON, MAX_DEPTH, payload, 0, payload.length, (name, value, parser, position) -> {
                    Type type = known.get(name);
                    if (type == null || !fields.take(name, type, value, parser)) {
                        if (type != null && fields.wrongType == null) {
                            fields.wrongType = JsonInput.wrongType(name, type.words, value, parser, position);
                        }
                        parser.skipChildren();
                    }
                });
        JsonInput.Fault first = fault.orElse(fields.wrongType);
        if (first != null) {
            throw new Faulty(first.code().word(), first.reason());
        }
        return fields;
    }

    /** False if the value is not of the type. */
    private boolean take(String name, Type type, JsonToken value, JsonParser parser) throws IOException {
        Object taken = null;
        if (type == Type.TEXT && value == JsonToken.VALUE_STRING) {
            taken = parser.getText();
        } else if (type == Type.TRUTH && value.isBoolean()) {
            taken = parser.getBooleanValue();
        } else if (type == Type.NUMBER
                && value == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            taken = parser.getLongValue();
        }
        if (taken == null) {
            return false;
        }
        values.put(name, taken);
        return true;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable((String) values.get(name));
    }

    Optional<Boolean> truth(String name) {
        return Optional.ofNullable((Boolean) values.get(name));
    }

    Optional<Long> number(String name) {
        return Optional.ofNullable((Long) values.get(name));
    }

    String requiredText(String name) throws Faulty {
        return text(name)
                .orElseThrow(() ->
                        new Faulty(RejectCode.MISSING_FIELD.word(), "the field \"%s\" is missing".formatted(name)));
    }

    ChatId requiredId(String name) throws Faulty {
        return id(name, requiredText(name));
    }

    Optional<ChatId> id(String name) throws Faulty {
        Optional<String> text = text(name);
        return text.isPresent() ? Optional.of(id(name, text.get())) : Optional.empty();
    }

    private static ChatId id(String name, String value) throws Faulty {
        Optional<String> problem = ChatId.problem(value);
        if (problem.isPresent()) {
            throw new Faulty(RejectCode.INVALID_ID.word(), "\"%s\": %s".formatted(name, problem.get()));
        }
        return new ChatId(value);
    }
}
