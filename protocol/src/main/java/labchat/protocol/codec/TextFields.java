package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads what the server publishes, which is taken as it comes: no more is asked of it than that it is JSON. */
final class TextFields {

    private static final JsonFactory JSON = new JsonFactory();

    private TextFields() {}

    /** The fields of an object whose values are strings; empty if the payload is no object. */
    static Optional<Map<String, String>> of(byte[] payload) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(payload)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    fields.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.of(fields);
    }
}
