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
 * Reads what clients send: one JSON object in UTF-8, no field twice, nested no deeper than allowed. What is none of that is
 * refused in words that name the place. May be used by any number of threads at once.
 */
final class StrictJson {

    /** Told of each field of the object, in the payload's order. */
    interface Fields {
        /**
         * @param value the value's first token, at which the parser stands; the handler must leave it at the value's last
         *     one, as {@link JsonParser#skipChildren()} does
         */
        void field(JsonParser parser, String name, JsonToken value, Position position) throws IOException;
    }

    private final int maxDepth;
    private final JsonFactory factory;

    StrictJson(int maxDepth) {
        this.maxDepth = maxDepth;
        this.factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .build())
                .build();
    }

    /** Also writes: characters outside the basic plane as UTF-8, not as two escapes. */
    JsonFactory factory() {
        return factory;
    }

    /** Reads a payload; gives why it is no such object. Never throws for anything that a payload can hold. */
    Optional<DecodeResult.Rejected> read(byte[] payload, int offset, int length, Fields to) {
        int invalid = Utf8.firstInvalid(payload, offset, length);
        if (invalid >= 0) {
            return rejected(
                    RejectCode.NOT_UTF8,
                    "byte 0x%02x at index %d is not UTF-8".formatted(payload[invalid] & 0xff, invalid - offset));
        }
        // The parser would take these as UTF-16 or UTF-32, or skip a byte order mark.
        for (int i = 0; i < Math.min(4, length); i++) {
            if (payload[offset + i] == 0 || payload[offset + i] == (byte) 0xef) {
                return rejected(
                        RejectCode.INVALID_JSON, "line 1, column 1: expected {, found a byte that no JSON begins with");
            }
        }
        Position position = new Position(payload, offset, length);
        try (JsonParser parser = factory.createParser(payload, offset, length)) {
            return read(parser, position, to);
        } catch (StreamConstraintsException e) {
            return position.ofDepth(maxDepth + 1)
                    .map(where -> rejected(
                            RejectCode.TOO_DEEP,
                            "%s: objects and arrays nest deeper than %d levels".formatted(where, maxDepth)))
                    .orElseGet(() -> rejected(
                            RejectCode.INVALID_JSON,
                            "%s: a number or a name of this length is not taken"
                                    .formatted(position.of(e.getLocation()))));
        } catch (JsonProcessingException e) {
            String message = e.getOriginalMessage();
            if (e instanceof JsonParseException && message.startsWith("Duplicate field")) {
                return rejected(
                        RejectCode.DUPLICATE_KEY,
                        "%s: the field \"%s\" is there twice"
                                .formatted(position.of(e.getLocation()), quotedName(message)));
            }
            return rejected(
                    RejectCode.INVALID_JSON,
                    position.fault()
                            .orElseGet(() -> "%s: %s".formatted(position.of(e.getLocation()), firstLower(message))));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private static Optional<DecodeResult.Rejected> read(JsonParser parser, Position position, Fields to)
            throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return rejected(RejectCode.INVALID_JSON, "line 1, column 1: expected an object {…}, found nothing");
        }
        if (first != JsonToken.START_OBJECT) {
            // The rest is still read, so that what is no JSON at all is called so.
            parser.skipChildren();
            parser.nextToken();
            return rejected(
                    RejectCode.NOT_AN_OBJECT,
                    "line 1, column 1: expected an object {…}, found %s".formatted(describe(first)));
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            to.field(parser, name, parser.nextToken(), position);
        }
        if (parser.nextToken() != null) {
            return rejected(
                    RejectCode.INVALID_JSON,
                    position.fault()
                            .orElseGet(() -> "%s: expected the end after the object, found more"
                                    .formatted(position.of(parser.currentTokenLocation()))));
        }
        return Optional.empty();
    }

    private static Optional<DecodeResult.Rejected> rejected(RejectCode code, String reason) {
        return Optional.of(new DecodeResult.Rejected(code, reason));
    }

    /** Where, and what was found in place of what the field must be, such as {@code a string}. */
    static String wrongType(JsonParser parser, String name, String wanted, JsonToken found, Position position) {
        return "%s: \"%s\" must be %s, found %s"
                .formatted(position.of(parser.currentTokenLocation()), name, wanted, describe(found));
    }

    static String describe(JsonToken token) {
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

    /** What a client sent, fit to stand in a reason: at most 80 characters, on one line. */
    static String shortened(String value) {
        int end = value.length() <= 80 ? value.length() : Character.isHighSurrogate(value.charAt(79)) ? 79 : 80;
        String cut = value.substring(0, end) + (end < value.length() ? "…" : "");
        StringBuilder safe = new StringBuilder(cut.length());
        whole(cut).chars().forEach(c -> safe.append(Character.isISOControl(c) ? '\ufffd' : (char) c));
        return safe.toString();
    }

    /**
     * The text, each half of a character (a surrogate that an escape left alone) replaced by U+FFFD: no
     * UTF-8 can be made of such a half.
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

    /** The name in the parser's "Duplicate field 'name'". */
    private static String quotedName(String message) {
        return shortened(message.substring(message.indexOf('\'') + 1, message.lastIndexOf('\'')));
    }

    private static String firstLower(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.isEmpty() ? line : Character.toLowerCase(line.charAt(0)) + line.substring(1);
    }
}
