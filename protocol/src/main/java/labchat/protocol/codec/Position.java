package labchat.protocol.codec;

import com.fasterxml.jackson.core.JsonLocation;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Turns the parser's byte offset into a line and a column of characters, as an editor counts them. */
record Position(byte[] payload, int offset, int length) {

    String of(JsonLocation location) {
        return ofIndex(location == null ? 0 : Math.max(0, Math.min(length, location.getByteOffset() - offset)));
    }

    /** Where objects and arrays nest this deep; empty if they never do. */
    Optional<String> ofDepth(int depth) {
        int open = 0;
        boolean inText = false;
        for (int i = 0; i < length; i++) {
            byte b = payload[offset + i];
            if (inText && b == '\\') {
                i++;
            } else if (b == '"') {
                inText = !inText;
            } else if (!inText && (b == '{' || b == '[')) {
                open++;
                if (open == depth) {
                    return Optional.of(ofIndex(i));
                }
            } else if (!inText && (b == '}' || b == ']')) {
                open--;
            }
        }
        return Optional.empty();
    }

    private String ofIndex(long bytes) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < bytes; i++) {
            byte b = payload[offset + i];
            if (b == '\n') {
                line++;
                column = 1;
            } else if ((b & 0xc0) != 0x80) {
                column++;
            }
        }
        return "line %d, column %d".formatted(line, column);
    }

    /** Where the payload stops being JSON, in plain words; empty if it never does. */
    Optional<String> fault() {
        return JsonFault.find(new String(payload, offset, length, StandardCharsets.UTF_8));
    }
}
