package labchat.broker.diagram.compare;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PlantUML's sequence diagrams: participants, arrows, notes, blocks; what only changes the looks is passed over. */
final class PlantUmlParser {

    private static final String NAME = "\"[^\"]+\"|[\\p{L}\\p{N}_.@]+";
    private static final Pattern ARROW = Pattern.compile("&?\\s*(?<from>" + NAME + "|\\[|\\?)\\s*"
            + "(?<tail>(?:(?<=\\s)[ox])?<{1,2}|(?<=\\s)[ox](?=-)|\\\\{1,2}|/{1,2})?"
            + "-(?:\\[[^\\]]*\\])?-?"
            + "(?<head>>{1,2}(?:[ox](?=\\s))?|[ox](?=\\s)|\\\\{1,2}|/{1,2})?"
            + "\\s*(?<to>" + NAME
            + "|\\]|\\?)\\s*(?<life>(?:\\+\\+|--|\\*\\*|!!)+)?\\s*(?:#\\w+)?\\s*(?::\\s*(?<label>.*))?");
    private static final Pattern PARTICIPANT = Pattern.compile(
            "(?:create\\s+)?(?:participant|actor|boundary|control|entity|database|queue|collections)\\s+(.+)");
    private static final Pattern ALIAS = Pattern.compile("(" + NAME + ")(?:\\s+as\\s+(" + NAME + "))?");
    private static final Pattern DECORATION = Pattern.compile("\\s+(?:#\\w+|<<.*?>>|order\\s+\\d+)");
    private static final Set<String> BLOCKS = Set.of("loop", "alt", "opt", "par", "critical", "break", "group", "box");
    private static final Set<String> LOOKS = Set.of(
            "@enduml",
            "skinparam",
            "hide",
            "show",
            "title",
            "caption",
            "header",
            "footer",
            "legend",
            "autonumber",
            "autoactivate",
            "newpage",
            "mainframe",
            "scale",
            "deactivate",
            "destroy",
            "!theme",
            "!pragma",
            "!option",
            "left",
            "center",
            "right");
    private static final Set<String> OF_SEVERAL_LINES = Set.of("title", "header", "footer", "legend");
    private static final String ALLOWED =
            "expected participant, an arrow such as A -> B : message, note, activate, return, or loop, alt, else, opt, par, group, box, end";

    private record Call(String from, String to) {}

    private final Sketch sketch = new Sketch();
    private final Deque<Call> calls = new ArrayDeque<>();
    private Call last;
    /** What ends something of several lines that is passed over; empty outside of it. */
    private Pattern until;

    private PlantUmlParser() {}

    /** @throws UnreadableDiagramException with every line that is not understood */
    static OwnDiagram parse(String text) throws UnreadableDiagramException {
        PlantUmlParser parser = new PlantUmlParser();
        int number = 0;
        boolean fenced = text.contains("@startuml");
        boolean reading = !fenced;
        for (String line : text.lines().toList()) {
            number++;
            String statement = line.strip();
            if (statement.startsWith("@startuml")) {
                reading = true;
                continue;
            }
            if (statement.startsWith("@enduml")) {
                reading = false;
            }
            if (reading && !statement.isEmpty() && !statement.startsWith("```")) {
                parser.line(number, statement);
            }
        }
        return parser.sketch.diagram();
    }

    private void line(int line, String text) {
        if (until != null) {
            if (until.matcher(text).matches()) {
                until = null;
            }
            return;
        }
        if (text.startsWith("/'")) {
            until = text.contains("'/") ? null : Pattern.compile(".*'/.*");
        } else if (!text.startsWith("'")) {
            statement(line, text);
        }
    }

    private void statement(int line, String text) {
        String word = text.split("[\\s:]", 2)[0].toLowerCase(Locale.ROOT);
        Matcher participant = PARTICIPANT.matcher(text);
        Matcher arrow = ARROW.matcher(text);
        if (text.matches("==.*==|\\.\\.\\.(.*\\.\\.\\.)?|\\|\\|.*\\|\\|?|\\|\\|\\|")) {
            // A divider, a delay, a space.
            return;
        }
        if (participant.matches()) {
            participant(line, text, participant.group(1));
        } else if (arrow.matches()) {
            arrow(line, text, arrow);
        } else if (BLOCKS.contains(word)) {
            sketch.begin(word, line);
        } else if (word.equals("else")) {
            // PlantUML allows it in groups as well.
            sketch.branch(word, line, "alt", "par", "critical", "group", "opt", "loop", "break");
        } else if (text.matches("end(\\s+\\w+)?")) {
            sketch.end(line);
        } else if (text.matches("(?i)[hr]?note\\b.*|/\\s*note\\b.*")) {
            until = text.contains(":") ? null : Pattern.compile("(?i)end\\s*[hr]?note");
        } else if (text.matches("(?i)ref\\s+over\\b.*")) {
            until = text.contains(":") ? null : Pattern.compile("(?i)end\\s*ref");
            sketch.remark(line, "the reference to another diagram is not compared");
        } else if (word.equals("activate")) {
            activate(text.substring(word.length()).strip());
        } else if (word.equals("return")) {
            giveBack(line, text.substring(word.length()).strip());
        } else if (LOOKS.contains(word)) {
            looks(word, text);
        } else if (word.startsWith("!")) {
            sketch.problem(
                    line,
                    "%s: PlantUML's preprocessor is not run; write out what it would put here"
                            .formatted(Sketch.quoted(text)));
        } else {
            String hint = text.matches("[^:]*(=>|→|⇒).*") ? "an arrow is written -> or --> here" : ALLOWED;
            sketch.problem(line, "%s is not understood; %s".formatted(Sketch.quoted(text), hint));
        }
    }

    private void looks(String word, String text) {
        if (word.equals("skinparam") && text.endsWith("{")) {
            until = Pattern.compile("\\}");
        } else if (OF_SEVERAL_LINES.contains(word) && (text.equals(word) || word.equals("legend"))) {
            until = Pattern.compile("(?i)end\\s*" + word);
        }
    }

    private void participant(int line, String text, String rest) {
        Matcher alias = ALIAS.matcher(DECORATION.matcher(rest).replaceAll("").strip());
        if (!alias.matches()) {
            sketch.problem(
                    line,
                    "%s is not understood; expected participant \"Team 1a\" as A, or participant team1a"
                            .formatted(Sketch.quoted(text)));
            return;
        }
        String one = alias.group(1);
        String other = alias.group(2);
        if (other == null) {
            sketch.participant(bare(one), Labels.plain(bare(one)));
        } else if (other.startsWith("\"") && !one.startsWith("\"")) {
            sketch.participant(one, Labels.plain(bare(other)));
        } else {
            sketch.participant(bare(other), Labels.plain(bare(one)));
        }
    }

    private static String bare(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1) : name;
    }

    private void arrow(int line, String text, Matcher arrow) {
        boolean head = arrow.group("head") != null;
        boolean tail = arrow.group("tail") != null;
        if (head == tail) {
            sketch.problem(
                    line,
                    head
                            ? "%s: an arrow with two heads says nothing of the order; draw two arrows"
                                    .formatted(Sketch.quoted(text))
                            : "%s: a line without a head; write -> or <-".formatted(Sketch.quoted(text)));
            return;
        }
        String one = bare(arrow.group("from"));
        String other = bare(arrow.group("to"));
        if (one.matches("[\\[?]") || other.matches("[\\]?]")) {
            sketch.remark(line, "an arrow from or to the edge is no packet between two and is not compared");
            return;
        }
        String from = head ? one : other;
        String to = head ? other : one;
        sketch.arrow(line, from, to, Labels.plain(arrow.group("label") == null ? "" : arrow.group("label")));
        last = new Call(from, to);
        String life = arrow.group("life") == null ? "" : arrow.group("life");
        if (life.contains("++")) {
            calls.push(last);
        }
        if (life.contains("--") && !calls.isEmpty()) {
            calls.pop();
        }
    }

    private void activate(String who) {
        String name = bare(who.split("\\s+#")[0].strip());
        if (last != null && last.to().equals(name)) {
            calls.push(last);
        }
    }

    /** {@code return} is an arrow back to whoever has called. */
    private void giveBack(int line, String label) {
        if (calls.isEmpty()) {
            sketch.problem(
                    line,
                    "\"return\" outside of an activation; write ++ at the arrow that it answers, or draw B --> A");
            return;
        }
        Call call = calls.pop();
        sketch.arrow(line, call.to(), call.from(), Labels.plain(label));
    }
}
