package labchat.broker.command;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import labchat.protocol.codec.HistoryCodec;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.identity.ChatId;

/** Writes messages for people and programs, one after the other. One writes one file. */
abstract class HistoryFormat {

    /** What {@code --format} knows. */
    enum Name {
        jsonl,
        csv,
        md;

        HistoryFormat create() {
            return switch (this) {
                case jsonl -> new JsonLines();
                case csv -> new Csv();
                case md -> new Markdown();
            };
        }
    }

    /** What stands before the first message. */
    abstract String head();

    /** One message, with the line's end. */
    abstract String line(HistoryEntry entry);

    /** The JSON of the protocol's history, one object a line. */
    private static final class JsonLines extends HistoryFormat {

        @Override
        String head() {
            return "";
        }

        @Override
        String line(HistoryEntry entry) {
            String json = new String(HistoryCodec.encode(entry), StandardCharsets.UTF_8);
            StringBuilder line = new StringBuilder(json.length() + 1);
            // Control characters beyond ASCII may stand in JSON as they are; but a terminal would obey them.
            json.chars()
                    .forEach(c ->
                            line.append(c >= 0x7f && c < 0xa0 ? "\\u%04x".formatted(c) : String.valueOf((char) c)));
            return line.append('\n').toString();
        }
    }

    /**
     * RFC 4180, UTF-8. What a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises ("CSV
     * Injection").
     */
    private static final class Csv extends HistoryFormat {

        private static final String FORMULAS = "=+-@\t\r\n＝＋－＠";

        @Override
        String head() {
            return "sent,sender,receiver,message,delivered,read,uuid\r\n";
        }

        @Override
        String line(HistoryEntry entry) {
            return String.join(
                            ",",
                            cell(HistoryCodec.format(entry.sent())),
                            cell(entry.message().sender().value()),
                            cell(entry.message().receiver().value()),
                            cell(entry.message().text()),
                            cell(times(entry, entry.delivered())),
                            cell(times(entry, entry.read())),
                            cell(entry.message().uuid().value()))
                    + "\r\n";
        }

        private static String times(HistoryEntry entry, Map<ChatId, Instant> times) {
            return new TreeMap<>(times)
                    .entrySet().stream()
                            .map(time ->
                                    (entry.room() ? time.getKey() + " " : "") + HistoryCodec.format(time.getValue()))
                            .collect(Collectors.joining("; "));
        }

        private static String cell(String value) {
            String shown = withoutControls(value, "\t\n\r");
            if (!shown.isEmpty() && FORMULAS.indexOf(shown.charAt(0)) >= 0) {
                shown = "'" + shown;
            }
            boolean quoted =
                    shown.chars().anyMatch(c -> c == '"' || c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r')
                            || !shown.equals(shown.strip());
            return quoted ? "\"" + shown.replace("\"", "\"\"") + "\"" : shown;
        }
    }

    /** For reading: a heading for each day, each message quoted under who wrote it and when. */
    private static final class Markdown extends HistoryFormat {

        private static final DateTimeFormatter DAY =
                DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
        private static final DateTimeFormatter DAY_AND_TIME =
                DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

        /** With these, Markdown and HTML mean something anywhere in a line. */
        private static final String MEANINGFUL = "\\`*_{}[]<>#|~&$";

        private String day = "";

        @Override
        String head() {
            return "# Chat history\n\nTimes are UTC.\n";
        }

        @Override
        String line(HistoryEntry entry) {
            StringBuilder to = new StringBuilder();
            String today = DAY.format(entry.sent());
            if (!today.equals(day)) {
                day = today;
                to.append("\n## ").append(today).append('\n');
            }
            to.append("\n**")
                    .append(TIME.format(entry.sent()))
                    .append(" ")
                    .append(escaped(entry.message().sender().value()))
                    .append(entry.room() ? "** in **" : "** to **")
                    .append(escaped(entry.message().receiver().value()))
                    .append("**")
                    .append(times(", delivered ", entry, entry.delivered()))
                    .append(times(", read ", entry, entry.read()))
                    .append("\n\n");
            List<String> lines = withoutControls(entry.message().text(), "\r\n")
                    .lines()
                    .map(Markdown::text)
                    .toList();
            for (int i = 0; i < lines.size(); i++) {
                // A backslash at its end keeps the line's end, but not before an empty line or the end.
                boolean goesOn = !lines.get(i).isEmpty()
                        && i + 1 < lines.size()
                        && !lines.get(i + 1).isEmpty();
                to.append("> ").append(lines.get(i)).append(goesOn ? "\\\n" : "\n");
            }
            return to.toString();
        }

        private static String times(String word, HistoryEntry entry, Map<ChatId, Instant> times) {
            if (times.isEmpty()) {
                return "";
            }
            return word
                    + new TreeMap<>(times)
                            .entrySet().stream()
                                    .map(time -> (entry.room()
                                                    ? "by "
                                                            + escaped(time.getKey()
                                                                    .value()) + " "
                                                    : "")
                                            + time(entry.sent(), time.getValue()))
                                    .collect(Collectors.joining(", "));
        }

        /** The day too, if it is another one. */
        private static String time(Instant sent, Instant time) {
            return (DAY.format(sent).equals(DAY.format(time)) ? TIME : DAY_AND_TIME).format(time);
        }

        /** One line of a message. */
        private static String text(String line) {
            String stripped = line.strip();
            String escaped = escaped(stripped);
            if (stripped.matches("[-+=:].*")) {
                escaped = "\\" + escaped;
            } else if (stripped.matches("[0-9]+[.)].*")) {
                escaped = escaped.replaceFirst("[.)]", "\\\\$0");
            }
            return escaped;
        }

        private static String escaped(String text) {
            StringBuilder escaped = new StringBuilder(text.length());
            text.chars().forEach(c -> {
                if (MEANINGFUL.indexOf(c) >= 0) {
                    escaped.append('\\');
                }
                escaped.append((char) c);
            });
            return escaped.toString();
        }
    }

    /** Other control characters become U+FFFD: the file may be shown by a terminal. */
    private static String withoutControls(String text, String allowed) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars()
                .forEach(c -> shown.append(Character.isISOControl(c) && allowed.indexOf(c) < 0 ? '\ufffd' : (char) c));
        return shown.toString();
    }
}
