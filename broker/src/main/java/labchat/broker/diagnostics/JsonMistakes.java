package labchat.broker.diagnostics;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Recognises the commonest causes of a payload that is no JSON object. */
final class JsonMistakes {

    private static final int LOOKED_AT = 4096;

    private static final Pattern STRINGS = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");
    private static final Pattern SINGLE_QUOTED = Pattern.compile("[{,:\\[]\\s*'");
    private static final Pattern TRAILING_COMMA = Pattern.compile(",\\s*[}\\]]");
    private static final Pattern PYTHONS_WORD = Pattern.compile("[:,\\[]\\s*(None|True|False)\\b");

    /** What to do about it; in doubt, how to make JSON. */
    String hint(byte[] payload) {
        String text = new String(payload, 0, Math.min(payload.length, LOOKED_AT), StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return "The payload is empty: publish json.dumps(data).";
        }
        if (text.startsWith("\"{") || text.startsWith("'{")) {
            return "The object is wrapped in quotes: call json.dumps once, on the dict, not on its text.";
        }
        if (text.startsWith("[")) {
            return "Send one object {…} per publish, not a list.";
        }
        String bare = STRINGS.matcher(text).replaceAll("\"\"");
        if (SINGLE_QUOTED.matcher(bare).find()) {
            return "JSON has double quotes, not single ones: publish json.dumps(data), not str(data).";
        }
        if (!text.startsWith("{")) {
            return "The payload is plain text: publish json.dumps({\"sender\": …, …}).";
        }
        var pythons = PYTHONS_WORD.matcher(bare);
        if (pythons.find()) {
            return "JSON writes null, true and false, not Python's %s: publish json.dumps(data)."
                    .formatted(pythons.group(1));
        }
        if (TRAILING_COMMA.matcher(bare).find()) {
            return "Remove the comma before the closing bracket.";
        }
        if (bare.replace("\"\"", "").contains("\"")) {
            return "A double quote is missing, or one inside a text lacks its backslash: publish json.dumps(data).";
        }
        long open = bare.chars().filter(c -> c == '{').count();
        long closed = bare.chars().filter(c -> c == '}').count();
        if (open > closed) {
            return "A closing brace } is missing: publish json.dumps(data).";
        }
        return "Make the payload with json.dumps(data), or check it with: python3 -m json.tool";
    }
}
