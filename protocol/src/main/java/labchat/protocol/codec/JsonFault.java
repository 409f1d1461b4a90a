package labchat.protocol.codec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Finds the first place where a text stops being JSON (RFC 8259), and says in plain words what was expected there and what
 * was found, the offending text marked: {@code line 1, column 2: expected a field name in double quotes, found a single
 * quote: {»'«sender': 'team1a'…}. It is run only on what the parser has refused already, so that its words may take their
 * time. Nesting costs no stack.
 */
final class JsonFault {

    private static final int SHOWN_BEFORE = 20;
    private static final int SHOWN_AFTER = 24;
    private static final int LONGEST_WORD = 16;

    /** What may come next. */
    private enum Expecting {
        VALUE("a value"),
        FIRST_NAME("a field name in double quotes, or }"),
        NAME("a field name in double quotes"),
        COLON("a colon (:) between the field's name and its value"),
        OBJECT_NEXT("a comma or }"),
        FIRST_ELEMENT("a value or ]"),
        ARRAY_NEXT("a comma or ]"),
        END("the end after the object");

        private final String words;

        Expecting(String words) {
            this.words = words;
        }
    }

    /** Thrown at the place, and caught in here only. */
    private static final class Found extends Exception {
        private static final long serialVersionUID = 1;

        private final int at;
        private final int length;

        Found(int at, int length, String words) {
            super(words, null, false, false);
            this.at = at;
            this.length = length;
        }
    }

    private final String text;
    private final Deque<Boolean> inObject = new ArrayDeque<>();
    private int at;
    private Expecting expecting = Expecting.VALUE;

    private JsonFault(String text) {
        this.text = text;
    }

    /** Line, column and words; empty if the text is JSON after all. */
    static Optional<String> find(String text) {
        JsonFault fault = new JsonFault(text);
        try {
            fault.scan();
            return Optional.empty();
        } catch (Found found) {
            return Optional.of(fault.describe(found));
        }
    }

    private void scan() throws Found {
        for (skipSpace(); at < text.length(); skipSpace()) {
            step(text.charAt(at));
        }
        if (expecting != Expecting.END) {
            throw wrong();
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void step(char c) throws Found {
        switch (expecting) {
            case VALUE -> value(c);
            case FIRST_ELEMENT -> {
                if (c == ']') {
                    close();
                } else {
                    value(c);
                }
            }
            case FIRST_NAME, NAME -> {
                if (c == '"') {
                    string("the field name");
                    expecting = Expecting.COLON;
                } else if (c == '}' && expecting == Expecting.FIRST_NAME) {
                    close();
                } else {
                    throw wrong();
                }
            }
            case COLON -> {
                if (c != ':') {
                    throw wrong();
                }
                at++;
                expecting = Expecting.VALUE;
            }
            case OBJECT_NEXT -> next(c, '}', Expecting.NAME);
            case ARRAY_NEXT -> next(c, ']', Expecting.VALUE);
            case END -> throw wrong();
        }
    }

    private void next(char c, char end, Expecting afterComma) throws Found {
        if (c == end) {
            close();
        } else if (c == ',') {
            at++;
            expecting = afterComma;
        } else {
            throw wrong();
        }
    }

    private void close() {
        at++;
        inObject.pop();
        valueEnded();
    }

    private void valueEnded() {
        expecting = inObject.isEmpty() ? Expecting.END : inObject.peek() ? Expecting.OBJECT_NEXT : Expecting.ARRAY_NEXT;
    }

    private void value(char c) throws Found {
        if (c == '{' || c == '[') {
            at++;
            inObject.push(c == '{');
            expecting = c == '{' ? Expecting.FIRST_NAME : Expecting.FIRST_ELEMENT;
        } else if (c == '"') {
            string("the text");
            valueEnded();
        } else if (c == '-' || isDigit(at)) {
            number();
            valueEnded();
        } else if (word().equals("true") || word().equals("false") || word().equals("null")) {
            at += word().length();
            valueEnded();
        } else {
            throw wrong();
        }
    }

    private void string(String what) throws Found {
        int start = at++;
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at);
            if (c < 0x20) {
                String name = c == '\n' || c == '\r' ? "a line break" : c == '\t' ? "a tab" : "a control character";
                throw new Found(
                        at,
                        1,
                        "%s inside %s, where it is written %s: is the closing \" missing?"
                                .formatted(
                                        name,
                                        what,
                                        c == '\n'
                                                ? "\\n"
                                                : c == '\r'
                                                        ? "\\r"
                                                        : c == '\t' ? "\\t" : "\\u%04x".formatted((int) c)));
            }
            if (c == '\\') {
                escape();
            } else {
                at++;
            }
        }
        if (at >= text.length()) {
            throw new Found(start, 1, "%s that begins here has no closing double quote".formatted(what));
        }
        at++;
    }

    private void escape() throws Found {
        int start = at++;
        if (at >= text.length()) {
            return;
        }
        char c = text.charAt(at);
        if (c == 'u') {
            for (int i = 1; i <= 4; i++) {
                if (at + i >= text.length() || Character.digit(text.charAt(at + i), 16) < 0) {
                    throw new Found(start, 2, "after \\u come four hexadecimal digits");
                }
            }
            at += 5;
        } else if ("\"\\/bfnrt".indexOf(c) >= 0) {
            at++;
        } else {
            throw new Found(start, 2, "a backslash is written \\\\, unless n, t, \" or the like follows");
        }
    }

    private void number() throws Found {
        int start = at;
        if (text.charAt(at) == '-') {
            at++;
        }
        boolean leadingZero = at < text.length() && text.charAt(at) == '0' && isDigit(at + 1);
        digits(start);
        if (leadingZero) {
            throw new Found(
                    start, at - start, "a number does not begin with 0; is it meant as text, in double quotes?");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits(start);
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            digits(start);
        }
        if (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at = start;
            throw new Found(
                    start,
                    word().length(),
                    "expected a value, found \"%s\", which is text without double quotes".formatted(word()));
        }
    }

    private void digits(int start) throws Found {
        if (!isDigit(at)) {
            throw new Found(start, Math.max(1, at - start), "a number that ends too early");
        }
        while (isDigit(at)) {
            at++;
        }
    }

    private boolean isDigit(int index) {
        return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    /** The letters and digits from here on; empty if there are none. */
    private String word() {
        int end = at;
        while (end < text.length()
                && end - at < LONGEST_WORD
                && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return text.substring(at, end);
    }

    /** What is here is not what is expected here. */
    private Found wrong() {
        if (at >= text.length()) {
            return new Found(at, 0, "expected %s, found the end".formatted(expecting.words));
        }
        String word = word();
        int length = word.isEmpty() ? Character.charCount(text.codePointAt(at)) : word.length();
        return new Found(at, length, "expected %s, found %s".formatted(expecting.words, found(word)));
    }

    private String found(String word) {
        char c = text.charAt(at);
        if (expecting == Expecting.END) {
            return "more";
        }
        if (!word.isEmpty()) {
            return "\"%s\"%s"
                    .formatted(word, expecting == Expecting.VALUE ? ", which is text without double quotes" : "");
        }
        return switch (c) {
            case '\'' -> "a single quote";
            case '"' -> "a double quote";
            case ',' -> "a comma";
            case '\u201c', '\u201d', '\u201e' -> "a typographic quote";
            default ->
                Character.isISOControl(c) || c > 0x7e ? "U+%04X".formatted(text.codePointAt(at)) : String.valueOf(c);
        };
    }

    private String describe(Found found) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < found.at; i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                column = 1;
            } else if (!Character.isLowSurrogate(c)) {
                column++;
            }
        }
        String where = "line %d, column %d: %s".formatted(line, column, found.getMessage());
        return text.isBlank() ? where : where + (where.endsWith("?") ? " " : ": ") + excerpt(found);
    }

    private String excerpt(Found found) {
        int from = Math.max(0, found.at - SHOWN_BEFORE);
        int markEnd = found.at + found.length;
        int to = Math.min(text.length(), markEnd + SHOWN_AFTER);
        if (from > 0 && Character.isLowSurrogate(text.charAt(from))) {
            from++;
        }
        if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
            to--;
        }
        return (from > 0 ? "…" : "")
                + onOneLine(text.substring(from, found.at))
                + "»"
                + onOneLine(text.substring(found.at, markEnd))
                + "«"
                + onOneLine(text.substring(markEnd, Math.max(markEnd, to)))
                + (to < text.length() ? "…" : "");
    }

    private static String onOneLine(String part) {
        StringBuilder shown = new StringBuilder(part.length());
        part.codePoints().forEach(c -> shown.appendCodePoint(c == '\n' ? '⏎' : Character.isISOControl(c) ? 0xfffd : c));
        return shown.toString();
    }
}
