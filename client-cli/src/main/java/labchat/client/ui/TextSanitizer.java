package labchat.client.ui;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes text from elsewhere safe to print: nothing in it can move the cursor, change colours, reorder what stands beside
 * it, or be there without being seen. What is not shown as it is becomes an escape such as <code>&#92;u001b</code>.
 */
public final class TextSanitizer {

    private static final String TAB = "    ";
    private static final int ZERO_WIDTH_JOINER = 0x200d;
    private static final int VARIATION_SELECTOR_16 = 0xfe0f;

    private TextSanitizer() {}

    /** The lines of the text, each safe; at least one. CR LF, CR, LF, NEL, LS and PS end a line. */
    public static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(text.length());
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            int c = points[i];
            if (isLineBreak(c)) {
                if (c == '\r' && i + 1 < points.length && points[i + 1] == '\n') {
                    i++;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (c == '\t') {
                line.append(TAB);
            } else if (isHarmless(points, i)) {
                line.appendCodePoint(c);
            } else {
                escape(c, line);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    /** The text on one line, line breaks shown as spaces; at most so many characters, then an ellipsis. */
    public static String oneLine(String text, int maxLength) {
        String line = String.join(" ", lines(text));
        if (line.codePointCount(0, line.length()) <= maxLength) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, maxLength - 1)) + "…";
    }

    private static boolean isLineBreak(int c) {
        return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static boolean isHarmless(int[] points, int index) {
        int c = points[index];
        if (c == ZERO_WIDTH_JOINER) {
            return joinsEmoji(points, index);
        }
        return switch (Character.getType(c)) {
            // Controls; bidirectional and zero-width characters, soft hyphens, tags; halves of pairs; nothing yet.
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
            default -> !isBlankLetter(c);
        };
    }

    /** Letters by their category, but nothing is seen of them. */
    private static boolean isBlankLetter(int c) {
        return c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 || c == 0x3164 || c == 0xffa0;
    }

    /** Whether the joiner makes one picture of two, as in the family and flag emoji. */
    private static boolean joinsEmoji(int[] points, int index) {
        if (index == 0 || index + 1 == points.length) {
            return false;
        }
        int before = points[index - 1];
        boolean afterPicture = Character.getType(before) == Character.OTHER_SYMBOL
                || before == VARIATION_SELECTOR_16
                || before >= 0x1f3fb && before <= 0x1f3ff;
        return afterPicture && Character.getType(points[index + 1]) == Character.OTHER_SYMBOL;
    }

    private static void escape(int c, StringBuilder to) {
        to.append(c <= 0xffff ? "\\u%04x".formatted(c) : "\\u{%x}".formatted(c));
    }
}
