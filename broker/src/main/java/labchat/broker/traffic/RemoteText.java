package labchat.broker.traffic;

/** Makes text that came from a client safe to look at. */
public final class RemoteText {

    /** How many characters of one value are shown. */
    public static final int MAX_SHOWN = 256;

    private RemoteText() {}

    /**
     * Whether the character does something other than stand for itself: control characters, changes of the writing
     * direction and other invisible ones, line and paragraph separators, halves of surrogate pairs.
     */
    public static boolean isUnsafe(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** The text in one line, at most {@link #MAX_SHOWN} characters of it; unsafe characters as in a Java string. */
    public static String shown(String text) {
        return shown(text, false);
    }

    /** The same in quotes; quotes and backslashes in it as in a Java string too. */
    public static String quoted(String text) {
        return '"' + shown(text, true) + '"';
    }

    /** As nearly all text is: short, printable ASCII, nothing to escape. */
    private static boolean isPlain(String text) {
        if (text.length() > MAX_SHOWN) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static String shown(String text, boolean quoted) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 8);
        int end = Math.min(text.length(), MAX_SHOWN);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        for (int i = 0; i < end; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                    if (quoted && (c == '"' || c == '\\')) {
                        shown.append('\\').append((char) c);
                    } else if (isUnsafe(c)) {
                        shown.append("\\u%04x".formatted(c));
                    } else {
                        shown.appendCodePoint(c);
                    }
                }
            }
        }
        if (end < text.length()) {
            shown.append("... (").append(text.length()).append(" characters)");
        }
        return shown.toString();
    }
}
