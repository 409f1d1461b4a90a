package labchat.protocol.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what nearly every payload is: an object whose fields are known, each there once, each a string without escapes. One
 * pass over the bytes, and nothing is allocated but the values. Whatever is different it leaves to the parser, which knows
 * all of JSON and finds the words for what is wrong.
 */
final class PlainObject {

    /** Takes the fields one by one. */
    interface FieldTaker {
        /** @return false if the field is not known or was there before; then the reading ends */
        boolean take(byte[] bytes, int nameFrom, int nameTo, String value);
    }

    private PlainObject() {}

    /**
     * Reads a payload.
     *
     * @return whether all of it was read; if not, the fields that were taken are worth nothing
     */
    static boolean read(byte[] bytes, int offset, int length, FieldTaker fields) {
        int end = offset + length;
        int at = skipSpace(bytes, offset, end);
        if (at == end || bytes[at] != '{') {
            return false;
        }
        while (true) {
            at = skipSpace(bytes, at + 1, end);
            if (at == end || bytes[at] != '"') {
                return false;
            }
            int nameFrom = at + 1;
            int nameTo = endOfText(bytes, nameFrom, end);
            at = nameTo < 0 ? end : skipSpace(bytes, nameTo + 1, end);
            if (at == end || bytes[at] != ':') {
                return false;
            }
            at = skipSpace(bytes, at + 1, end);
            if (at == end || bytes[at] != '"') {
                return false;
            }
            int from = at + 1;
            int to = endOfText(bytes, from, end);
            String value = to < 0 ? null : text(bytes, from, to);
            if (value == null || !fields.take(bytes, nameFrom, nameTo, value)) {
                return false;
            }
            at = skipSpace(bytes, to + 1, end);
            if (at == end) {
                return false;
            }
            if (bytes[at] == '}') {
                return skipSpace(bytes, at + 1, end) == end;
            }
            if (bytes[at] != ',') {
                return false;
            }
        }
    }

    private static int skipSpace(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Where the closing quotation mark stands; -1 if there is none, or something before it that is not plain. */
    private static int endOfText(byte[] bytes, int from, int end) {
        for (int at = from; at < end; at++) {
            byte b = bytes[at];
            if (b == '"') {
                return at;
            }
            if (b == '\\' || b >= 0 && b < ' ') {
                return -1;
            }
        }
        return -1;
    }

    /** Null if it is not UTF-8. */
    private static String text(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] < 0) {
                return Utf8.firstInvalid(bytes, at, to - at) < 0
                        ? new String(bytes, from, to - from, StandardCharsets.UTF_8)
                        : null;
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Whether this part of the bytes is the name. */
    static boolean is(byte[] name, byte[] bytes, int from, int to) {
        return Arrays.equals(name, 0, name.length, bytes, from, to);
    }
}
