package labchat.it.diagnostics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One line of {@code mistakes.py}.
 *
 * @param user who made the mistake
 * @param to at whom it was aimed
 * @param millis from the mistake to its explanation
 * @param explanations the fields of each explanation that came for it
 * @param connected whether the program could still publish; empty if it was never let in
 */
record Outcome(
        String mistake,
        String user,
        String to,
        Optional<Integer> millis,
        List<Map<String, String>> explanations,
        Optional<Boolean> connected) {

    private static final JsonFactory JSON = new JsonFactory();

    static Outcome read(String line) {
        Map<String, String> fields = new TreeMap<>();
        List<Map<String, String>> explanations = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        explanations.add(object(parser));
                    }
                } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
                    fields.put(name, parser.getText());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the program printed: " + line, e);
        }
        return new Outcome(
                fields.get("mistake"),
                fields.getOrDefault("user", ""),
                fields.getOrDefault("to", ""),
                Optional.ofNullable(fields.get("millis")).map(Integer::valueOf),
                explanations,
                Optional.ofNullable(fields.get("connected")).map(Boolean::valueOf));
    }

    private static Map<String, String> object(JsonParser parser) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, parser.getText());
        }
        return fields;
    }
}
