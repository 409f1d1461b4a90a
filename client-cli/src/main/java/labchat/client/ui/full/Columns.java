package labchat.client.ui.full;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/** Text measured as a terminal does: wide characters take two columns, combining ones none. */
final class Columns {

    private static final int JOINER = 0x200d;

    private Columns() {}

    /** How many columns the text takes. */
    static int width(String text) {
        return text.codePoints().map(Columns::width).sum();
    }

    static int width(int c) {
        return Math.max(0, WCWidth.wcwidth(c));
    }

    /** Where the character that begins here ends, with all that combines with it. */
    static int next(String text, int from) {
        int at = from + Character.charCount(text.codePointAt(from));
        boolean joined = from < text.length() && text.codePointAt(from) == JOINER;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!joined && width(c) > 0 || Character.isISOControl(c)) {
                return at;
            }
            joined = c == JOINER;
            at += Character.charCount(c);
        }
        return at;
    }

    /** Where the character that ends here begins. */
    static int previous(String text, int before) {
        int at = 0;
        int last = 0;
        while (at < before) {
            last = at;
            at = next(text, at);
        }
        return last;
    }

    /** The text, cut with an ellipsis if need be, filled with spaces to just this width. */
    static String fit(String text, int columns) {
        String cut = cut(text, columns);
        return cut + " ".repeat(Math.max(0, columns - width(cut)));
    }

    /** The text, no wider than this; what is cut shows by an ellipsis. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        return columns < 1 ? "" : head(text, columns - 1) + "…";
    }

    private static String head(String text, int columns) {
        int at = 0;
        int used = 0;
        while (at < text.length()) {
            int end = next(text, at);
            used += width(text.substring(at, end));
            if (used > columns) {
                break;
            }
            at = end;
        }
        return text.substring(0, at);
    }

    /**
     * Breaks one line between words; a word that is too long for a line is broken itself, never within a character.
     *
     * @param first columns on the first line
     * @param further columns on the others
     * @return at least one line
     */
    static List<String> wrap(String text, int first, int further) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        int room = Math.max(2, first);
        while (true) {
            int at = start;
            int used = 0;
            int space = -1;
            while (at < text.length()) {
                int end = next(text, at);
                int width = width(text.substring(at, end));
                if (text.charAt(at) == ' ') {
                    space = at;
                }
                if (used + width > room) {
                    break;
                }
                used += width;
                at = end;
            }
            if (at >= text.length()) {
                lines.add(text.substring(start));
                return lines;
            }
            if (space > start) {
                lines.add(text.substring(start, space));
                start = space + 1;
            } else {
                int end = at == start ? next(text, at) : at;
                lines.add(text.substring(start, end));
                start = end;
            }
            room = Math.max(2, further);
        }
    }
}
