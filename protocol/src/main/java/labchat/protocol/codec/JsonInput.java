package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Reads the one JSON object that a payload must be, whatever its bytes: UTF-8, no field twice, not too deep, nothing behind
 * it. What it is not, is said with line and column.
 */
final class JsonInput {

    private static final int SHOWN_CHARACTERS = 80;

    /** What is wrong with a payload. */
    record Fault(RejectCode code, String reason) {}

    /** Takes the fields one by one. */
    interface FieldReader {
        /**
         * @param value the value's first token, at which the parser stands; it must be left at the value's last one
         */
        void field(String name, JsonToken value, JsonParser parser, Position position) throws IOException;
    }

    private JsonInput() {}

    /** A factory whose parsers refuse what {@link #readObject} must refuse. */
    static JsonFactory factory(int maxDepth) {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .build())
                .build();
    }

    /**
     * Reads a payload. Never throws for anything that it can hold.
     *
     * @param json from {@link #factory}, with the same depth
     * @return what is wrong; the fields that were taken are then worth nothing
     */
    static Optional<Fault> readObject(
            JsonFactory json, int maxDepth, byte[] payload, int offset, int length, FieldReader fields) {
        int invalid = Utf8.firstInvalid(payload, offset, length);
        if (invalid >= 0) {
            return fault(
                    RejectCode.NOT_UTF8,
                    "byte 0x%02x at index %d is not UTF-8".formatted(payload[invalid] & 0xff, invalid - offset));
        }
        // The parser would take these as UTF-16 or UTF-32, or skip a byte order mark.
        for (int i = 0; i < Math.min(4, length); i++) {
            if (payload[offset + i] == 0 || payload[offset + i] == (byte) 0xef) {
                return fault(
                        RejectCode.INVALID_JSON, "line 1, column 1: expected {, found a byte that no JSON begins with");
            }
        }
        Position position = new Position(payload, offset, length);
        try (JsonParser parser = json.createParser(payload, offset, length)) {
            return read(parser, position, fields);
        } catch (StreamConstraintsException e) {
            return Optional.of(position.ofDepth(maxDepth + 1)
                    .map(where -> new Fault(
                            RejectCode.TOO_DEEP,
                            "%s: objects and arrays nest deeper than %d levels".formatted(where, maxDepth)))
                    .orElseGet(() -> new Fault(
                            RejectCode.INVALID_JSON,
                            "%s: a number or a name of this length is not taken"
                                    .formatted(position.of(e.getLocation())))));
        } catch (JsonProcessingException e) {
            String message = e.getOriginalMessage();
            if (e instanceof JsonParseException && message.startsWith("Duplicate field")) {
                return fault(
                        RejectCode.DUPLICATE_KEY,
                        "%s: the field \"%s\" is there twice"
                                .formatted(position.of(e.getLocation()), quotedName(message)));
            }
            return fault(
                    RejectCode.INVALID_JSON,
                    position.fault()
                            .orElseGet(() -> "%s: %s".formatted(position.of(e.getLocation()), firstLower(message))));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private static Optional<Fault> read(JsonParser parser, Position position, FieldReader fields) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return fault(RejectCode.INVALID_JSON, "line 1, column 1: expected an object {…}, found nothing");
        }
        if (first != JsonToken.START_OBJECT) {
            // The rest is still read, so that what is no JSON at all is called so.
            parser.skipChildren();
            parser.nextToken();
            return fault(
                    RejectCode.NOT_AN_OBJECT,
                    "line 1, column 1: expected an object {…}, found %s".formatted(describe(first)));
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            fields.field(name, parser.nextToken(), parser, position);
        }
        if (parser.nextToken() != null) {
            return fault(
                    RejectCode.INVALID_JSON,
                    position.fault()
                            .orElseGet(() -> "%s: expected the end after the object, found more"
                                    .formatted(position.of(parser.currentTokenLocation()))));
        }
        return Optional.empty();
    }

    /** The fault of a field whose value is not of its type. */
    static Fault wrongType(String name, String expected, JsonToken found, JsonParser parser, Position position) {
        return new Fault(
                RejectCode.WRONG_TYPE,
                "%s: \"%s\" must be %s, found %s"
                        .formatted(position.of(parser.currentTokenLocation()), name, expected, describe(found)));
    }

    private static Optional<Fault> fault(RejectCode code, String reason) {
        return Optional.of(new Fault(code, reason));
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
        return shortened(message.substring(message.indexOf('\'') + 1, message.lastIndexOf('\'')));
    }

    /** What a client wrote, fit to be quoted: cut, and without control characters. */
    static String shortened(String value) {
        String whole = whole(value);
        int end = Math.min(whole.length(), SHOWN_CHARACTERS);
        if (end < whole.length() && Character.isHighSurrogate(whole.charAt(end - 1))) {
            end--;
        }
        StringBuilder safe = new StringBuilder(end + 1);
        whole.substring(0, end).chars().forEach(c -> safe.append(Character.isISOControl(c) ? '\ufffd' : (char) c));
        return end < whole.length() ? safe.append('…').toString() : safe.toString();
    }

    /**
     * The text, each half of a character (a surrogate that an escape left alone) replaced by U+FFFD: no UTF-8 can be made
     * of such a half.
     */
    static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                StringBuilder whole = new StringBuilder(text.length());
                text.codePoints().forEach(c -> whole.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c));
                return whole.toString();
            }
        }
        return text;
    }

    private static String firstLower(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.isEmpty() ? line : Character.toLowerCase(line.charAt(0)) + line.substring(1);
    }
}
