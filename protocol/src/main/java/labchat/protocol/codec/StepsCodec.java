package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.event.StepPart;
import labchat.protocol.event.StepsAnswer;
import labchat.protocol.event.StepsRequest;
import labchat.protocol.identity.ChatId;

/** Writes and reads requests about the lab's steps and their answers. May be used by any number of threads at once. */
public final class StepsCodec {

    private static final JsonFactory JSON = JsonInput.factory(ProtocolLimits.DEFAULT.maxDepth());
    private static final Map<String, RequestFields.Type> REQUEST = Map.of(
            "sender", RequestFields.Type.TEXT,
            "step", RequestFields.Type.NUMBER,
            "run", RequestFields.Type.TEXT,
            "seen", RequestFields.Type.TEXT);

    private StepsCodec() {}

    /** The payload of {@code ROOT/server/steps}, UTF-8. */
    public static byte[] encode(StepsRequest request) {
        return write(to -> {
            to.writeStringField("sender", request.sender().value());
            to.writeNumberField("step", request.step());
            to.writeStringField("run", request.run());
            to.writeStringField("seen", request.seen());
        });
    }

    /** Reads a request; whatever the bytes. Which steps there are is for who answers to know. */
    public static RequestResult<StepsRequest> decodeRequest(byte[] payload) {
        try {
            RequestFields fields = RequestFields.read(payload, REQUEST);
            ChatId sender = fields.requiredId("sender");
            long step = fields.number("step")
                    .orElseThrow(() ->
                            new RequestFields.Faulty(RejectCode.MISSING_FIELD.word(), "the field \"step\" is missing"));
            String run = fields.text("run").orElse("");
            if (run.isEmpty() || run.length() > StepsRequest.MOST_RUN) {
                throw new RequestFields.Faulty(
                        "invalid_request", "\"run\" must have 1 to %d characters".formatted(StepsRequest.MOST_RUN));
            }
            int number = (int) Math.max(-1, Math.min(step, Integer.MAX_VALUE));
            return new RequestResult.Read<>(
                    new StepsRequest(sender, number, run, fields.text("seen").orElse("")));
        } catch (RequestFields.Faulty e) {
            return new RequestResult.Refused<>(e.fault());
        }
    }

    /** The payload of {@code ROOT/<id>/steps}, UTF-8. */
    public static byte[] encode(StepsAnswer answer) {
        return write(to -> {
            to.writeStringField("sender", ChatId.SERVER.value());
            to.writeStringField("receiver", answer.receiver().value());
            to.writeNumberField("step", answer.step());
            to.writeStringField("title", answer.title());
            to.writeStringField("run", answer.run());
            to.writeStringField("version", answer.version());
            to.writeArrayFieldStart("partners");
            for (ChatId partner : answer.partners()) {
                to.writeString(partner.value());
            }
            to.writeEndArray();
            to.writeArrayFieldStart("parts");
            for (StepPart part : answer.parts()) {
                write(part, to);
            }
            to.writeEndArray();
        });
    }

    private static void write(StepPart part, JsonGenerator to) throws IOException {
        to.writeStartObject();
        to.writeStringField("part", part.word());
        to.writeStringField("title", part.title());
        if (part.done().isPresent()) {
            to.writeStringField("done", part.done().get().toString());
        }
        to.writeStringField("detail", part.detail());
        to.writeStringField("todo", part.todo());
        if (part.problem().isPresent()) {
            StepPart.Problem problem = part.problem().get();
            to.writeObjectFieldStart("problem");
            to.writeStringField("at", problem.at().toString());
            to.writeStringField("code", problem.code());
            to.writeStringField("reason", problem.reason());
            to.writeStringField("hint", problem.hint());
            to.writeEndObject();
        }
        to.writeEndObject();
    }

    /** Reads an answer; empty if it is none. */
    public static Optional<StepsAnswer> decodeAnswer(byte[] payload) {
        AnswerFields fields = new AnswerFields();
        try {
            boolean faulty = JsonInput.readObject(
                            JSON, ProtocolLimits.DEFAULT.maxDepth(), payload, 0, payload.length, fields)
                    .isPresent();
            return faulty ? Optional.empty() : fields.toAnswer();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private interface Body {
        void write(JsonGenerator to) throws IOException;
    }

    private static byte[] write(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2_048);
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
        private final List<ChatId> partners = new ArrayList<>();
        private final List<StepPart> parts = new ArrayList<>();
        private int step = -1;

        @Override
        public void field(String name, JsonToken value, JsonParser parser, Position position) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                texts.put(name, parser.getText());
            } else if (name.equals("step") && value == JsonToken.VALUE_NUMBER_INT) {
                step = parser.getIntValue();
            } else if (name.equals("partners") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (parser.currentToken() == JsonToken.VALUE_STRING) {
                        ChatId.parse(parser.getText()).ifPresent(partners::add);
                    }
                    parser.skipChildren();
                }
            } else if (name.equals("parts") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    parts.add(part(parser));
                }
            } else {
                parser.skipChildren();
            }
        }

        private static StepPart part(JsonParser parser) throws IOException {
            Map<String, String> fields = new HashMap<>();
            Optional<StepPart.Problem> problem = Optional.empty();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    fields.put(name, parser.getText());
                } else if (name.equals("problem") && value == JsonToken.START_OBJECT) {
                    Map<String, String> of = texts(parser);
                    problem = Optional.of(new StepPart.Problem(
                            Instant.parse(of.getOrDefault("at", "")),
                            of.getOrDefault("code", ""),
                            of.getOrDefault("reason", ""),
                            of.getOrDefault("hint", "")));
                } else {
                    parser.skipChildren();
                }
            }
            return new StepPart(
                    fields.getOrDefault("part", ""),
                    fields.getOrDefault("title", ""),
                    Optional.ofNullable(fields.get("done")).map(Instant::parse),
                    fields.getOrDefault("detail", ""),
                    fields.getOrDefault("todo", ""),
                    problem);
        }

        private static Map<String, String> texts(JsonParser parser) throws IOException {
            Map<String, String> texts = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    texts.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
            return texts;
        }

        Optional<StepsAnswer> toAnswer() {
            Optional<ChatId> receiver = ChatId.parse(texts.get("receiver"));
            if (receiver.isEmpty() || !ChatId.SERVER.value().equals(texts.get("sender")) || step < 0) {
                return Optional.empty();
            }
            return Optional.of(new StepsAnswer(
                    receiver.get(),
                    step,
                    texts.getOrDefault("title", ""),
                    texts.getOrDefault("run", ""),
                    texts.getOrDefault("version", ""),
                    partners,
                    parts));
        }
    }
}
