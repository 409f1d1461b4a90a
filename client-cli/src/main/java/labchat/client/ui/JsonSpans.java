package labchat.client.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what is what in a text that is JSON, or was meant to be: it needs no closing bracket, and what is none of JSON's
 * words is marked as a fault. The text itself is not changed, but made harmless.
 */
public final class JsonSpans {

    private static final Pattern TOKEN = Pattern.compile(
            "(?<string>\"(?:[^\"\\\\]|\\\\.)*+\"?)"
                    + "|(?<number>-?[0-9]++(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
                    + "|(?<word>true|false|null)"
                    + "|(?<sign>[{}\\[\\]:,])"
                    + "|(?<space>\\s++)"
                    + "|(?<other>[^\\s{}\\[\\]:,\"]++)",
            Pattern.DOTALL);

    private JsonSpans() {}

    /** The text in one line of pieces; if it does not begin like a JSON object or array, in one piece. */
    static List<Span> of(String text) {
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return List.of(new Span(Span.Kind.PLAIN, safe(text)));
        }
        List<Span> spans = new ArrayList<>();
        Matcher tokens = TOKEN.matcher(text);
        while (tokens.find()) {
            spans.add(new Span(kind(tokens, text), safe(tokens.group())));
        }
        return spans;
    }

    private static Span.Kind kind(Matcher tokens, String text) {
        if (tokens.group("string") != null) {
            return text.substring(tokens.end()).stripLeading().startsWith(":") ? Span.Kind.KEY : Span.Kind.STRING;
        }
        if (tokens.group("number") != null) {
            return Span.Kind.NUMBER;
        }
        if (tokens.group("word") != null) {
            return Span.Kind.WORD;
        }
        return tokens.group("other") != null ? Span.Kind.FAULT : Span.Kind.PLAIN;
    }

    private static String safe(String text) {
        return String.join(" ", TextSanitizer.lines(text));
    }
}
