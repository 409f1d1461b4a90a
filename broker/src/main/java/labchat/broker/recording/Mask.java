package labchat.broker.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Takes names and texts out of topics and payloads. What the protocol does not know is taken for a text, since it may be
 * one. Used by one thread.
 */
final class Mask {

    private static final JsonFactory JSON = new JsonFactory();

    private static final Set<String> NAMES =
            Set.of("sender", "receiver", "with", "room", "user", "team", "id", "members");
    private static final Set<String> UUIDS = Set.of("uuid", "before");
    private static final Set<String> WORDS = Set.of("status", "action");
    private static final Set<String> TIMES = Set.of("since", "sent", "time");
    private static final Set<String> TEXTS = Set.of("message", "notice", "search", "name");
    private static final Set<String> OTHERS =
            Set.of("limit", "public", "rooms", "joined", "messages", "more", "delivered", "read", "typing");

    /** What a field that holds a word of the protocol's may hold. */
    private static final Set<String> PROTOCOL = Set.of(
            "message",
            "delivered",
            "read",
            "typing",
            "online",
            "offline",
            "ok",
            "error",
            "list",
            "create",
            "join",
            "leave",
            "invite",
            "remove",
            "created",
            "joined",
            "left",
            "invited",
            "removed");

    private final Pseudonyms names;
    private final String[] root;
    private final boolean keepTexts;
    private final Map<String, String> fields = new HashMap<>();
    private long texts;

    /** @param keepTexts whether texts stay as they are, apart from the names of accounts and rooms in them */
    Mask(Pseudonyms names, String root, boolean keepTexts) {
        this.names = names;
        this.root = root.split("/", -1);
        this.keepTexts = keepTexts;
    }

    /** Of a topic, or of filters with a comma and a space between. */
    String topics(String topics) {
        String[] all = topics.split(", ", -1);
        for (int i = 0; i < all.length; i++) {
            all[i] = topic(all[i]);
        }
        return String.join(", ", all);
    }

    private String topic(String topic) {
        String[] levels = topic.split("/", -1);
        boolean chat = levels.length > root.length;
        for (int i = 0; i < root.length && chat; i++) {
            chat = levels[i].equals(root[i]) || levels[i].equals("+");
        }
        for (int i = chat ? root.length : 0; i < levels.length; i++) {
            boolean wildcard = levels[i].equals("+") || levels[i].equals("#");
            if (!wildcard) {
                levels[i] = chat && i == root.length ? names.id(levels[i]) : names.inText(levels[i]);
            }
        }
        return String.join("/", levels);
    }

    /** Of a payload; one that is no JSON object is a text. */
    String payload(String payload) {
        StringWriter out = new StringWriter(payload.length() + 16);
        try (JsonParser in = JSON.createParser(payload);
                JsonGenerator json = JSON.createGenerator(out)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return text(payload);
            }
            copy(in, json);
            if (in.nextToken() != null) {
                return text(payload);
            }
        } catch (IOException e) {
            return text(payload);
        }
        return out.toString();
    }

    private void copy(JsonParser in, JsonGenerator json) throws IOException {
        Deque<String> around = new ArrayDeque<>();
        String field = "";
        for (JsonToken token = in.currentToken(); token != null; token = in.nextToken()) {
            switch (token) {
                case START_OBJECT -> {
                    json.writeStartObject();
                    around.push(field);
                }
                case START_ARRAY -> {
                    json.writeStartArray();
                    around.push(field);
                }
                case END_OBJECT, END_ARRAY -> {
                    if (token == JsonToken.END_OBJECT) {
                        json.writeEndObject();
                    } else {
                        json.writeEndArray();
                    }
                    field = around.pop();
                    if (around.isEmpty()) {
                        return;
                    }
                }
                case FIELD_NAME -> {
                    field = in.currentName();
                    json.writeFieldName(field(field));
                }
                case VALUE_STRING -> json.writeString(value(field, in.getText()));
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                    json.writeNumber(keepTexts || OTHERS.contains(field) ? in.getText() : "0");
                case VALUE_TRUE, VALUE_FALSE -> json.writeBoolean(token == JsonToken.VALUE_TRUE);
                default -> json.writeNull();
            }
        }
        throw new IOException("the object does not end");
    }

    private String field(String name) {
        boolean known = NAMES.contains(name)
                || UUIDS.contains(name)
                || WORDS.contains(name)
                || TIMES.contains(name)
                || TEXTS.contains(name)
                || OTHERS.contains(name);
        if (known) {
            return name;
        }
        return keepTexts ? names.inText(name) : fields.computeIfAbsent(name, n -> "field" + (fields.size() + 1));
    }

    private String value(String field, String text) {
        if (NAMES.contains(field)) {
            return names.id(text);
        }
        if (TIMES.contains(field) && isTime(text) || UUIDS.contains(field) && isTime(text)) {
            return text;
        }
        if (UUIDS.contains(field)) {
            return names.uuid(text);
        }
        return WORDS.contains(field) && PROTOCOL.contains(text) ? text : text(text);
    }

    private String text(String text) {
        return keepTexts ? names.inText(text) : Filler.of(text, texts++);
    }

    private static boolean isTime(String text) {
        try {
            return Instant.parse(text) != null;
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
