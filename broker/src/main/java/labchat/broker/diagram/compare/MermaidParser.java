package labchat.broker.diagram.compare;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Mermaid's sequence diagrams: participants, arrows, notes, blocks; what only changes the looks is passed over. */
final class MermaidParser {

    private static final Pattern ARROW = Pattern.compile("<<-->>|<<->>|-->>|->>|--x|-x|--\\)|-\\)|-->|->");
    private static final Pattern PARTICIPANT =
            Pattern.compile("(?:create\\s+)?(?:participant|actor)\\s+(.+?)(?:\\s+as\\s+(.+))?");
    private static final Pattern NOTE = Pattern.compile("(?i)note\\s+(?:left of|right of|over)\\s+.*");
    private static final Pattern ENTITY = Pattern.compile("#(\\d{1,7}|[a-z]{2,8});");
    private static final Set<String> BLOCKS = Set.of("loop", "alt", "opt", "par", "critical", "break", "rect", "box");
    private static final Set<String> LOOKS = Set.of(
            "autonumber",
            "title",
            "title:",
            "acctitle",
            "acctitle:",
            "accdescr",
            "accdescr:",
            "activate",
            "deactivate",
            "destroy",
            "link",
            "links",
            "properties",
            "details");
    private static final String ALLOWED =
            "expected a participant, an arrow such as A->>B: message, a note, or loop, alt, else, opt, par, and, rect, box, end";

    private final Sketch sketch = new Sketch();
    private boolean begun;

    private MermaidParser() {}

    /** @throws UnreadableDiagramException with every line that is not understood */
    static OwnDiagram parse(String text) throws UnreadableDiagramException {
        MermaidParser parser = new MermaidParser();
        parser.read(text);
        return parser.sketch.diagram();
    }

    private void read(String text) {
        int number = 0;
        boolean fenced = text.lines().anyMatch(line -> line.strip().matches("(```+|~~~+)\\s*mermaid.*"));
        boolean reading = !fenced;
        boolean frontMatter = false;
        boolean description = false;
        for (String line : text.lines().toList()) {
            number++;
            String whole = line.strip();
            if (whole.startsWith("```") || whole.startsWith("~~~")) {
                reading = fenced && whole.contains("mermaid") && !begun;
                continue;
            }
            if (!begun && whole.equals("---")) {
                frontMatter = !frontMatter;
                continue;
            }
            if (description || whole.matches("(?i)accDescr\\s*\\{.*")) {
                description = !whole.contains("}");
                continue;
            }
            if (!reading || frontMatter || whole.startsWith("%%")) {
                continue;
            }
            for (String statement : statements(whole)) {
                if (!statement.isEmpty()) {
                    statement(number, statement);
                }
            }
        }
        if (!begun) {
            sketch.problem(1, "a sequence diagram in Mermaid begins with the line sequenceDiagram");
        }
    }

    /** A semicolon ends a statement, unless it is the end of a character's number such as {@code #35;}. */
    private static String[] statements(String line) {
        String guarded = ENTITY.matcher(line).replaceAll("#$1\u0001");
        String[] parts = guarded.split(";");
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i].replace('\u0001', ';').strip();
        }
        return parts;
    }

    private void statement(int line, String text) {
        String word = text.split("[\\s:{]", 2)[0];
        String rest = text.substring(word.length()).strip();
        String lower = word.toLowerCase(Locale.ROOT);
        if (!begun) {
            begun = word.equals("sequenceDiagram");
            if (!begun) {
                begun = true;
                sketch.problem(
                        line,
                        "%s; a sequence diagram in Mermaid begins with the line sequenceDiagram"
                                .formatted(Sketch.quoted(text)));
            }
            return;
        }
        Matcher arrow = ARROW.matcher(text);
        Matcher participant = PARTICIPANT.matcher(text);
        if (BLOCKS.contains(word)) {
            sketch.begin(word, line);
        } else if (word.equals("else")) {
            sketch.branch(word, line, "alt");
        } else if (word.equals("and")) {
            sketch.branch(word, line, "par");
        } else if (word.equals("option")) {
            sketch.branch(word, line, "critical");
        } else if (text.equals("end")) {
            sketch.end(line);
        } else if (participant.matches()) {
            String id = participant.group(1).replaceFirst("\\s*@\\s*\\{.*", "").strip();
            String name = participant.group(2) == null ? id : participant.group(2);
            sketch.participant(id, Labels.plain(name));
        } else if (NOTE.matcher(text).matches()) {
            // What is said beside the arrows is nobody's packet.
            return;
        } else if (LOOKS.contains(lower)
                && !(arrow.find()
                        && rest.indexOf(':') > 0
                        && !lower.endsWith(":")
                        && arrow.start() < text.indexOf(':'))) {
            return;
        } else {
            arrow(line, text);
        }
    }

    private void arrow(int line, String text) {
        int colon = text.indexOf(':');
        String ends = colon < 0 ? text : text.substring(0, colon);
        String label = colon < 0 ? "" : text.substring(colon + 1).strip();
        Matcher arrow = ARROW.matcher(ends);
        if (!arrow.find()) {
            String hint = ends.matches(".*(=>|→|⇒|-{1,2}\\|).*") ? "an arrow is written ->>, -->> or -x here" : ALLOWED;
            sketch.problem(line, "%s is not understood; %s".formatted(Sketch.quoted(text), hint));
            return;
        }
        String from = ends.substring(0, arrow.start()).strip();
        String to = ends.substring(arrow.end()).strip().replaceFirst("^[+-]\\s*", "");
        if (from.isEmpty() || to.isEmpty()) {
            sketch.problem(
                    line,
                    "%s: an arrow needs a participant at both ends, such as A->>B: message"
                            .formatted(Sketch.quoted(text)));
        } else if (arrow.group().startsWith("<<")) {
            sketch.problem(
                    line,
                    "%s: an arrow with two heads says nothing of the order; draw two arrows"
                            .formatted(Sketch.quoted(text)));
        } else {
            sketch.arrow(line, from, to, Labels.plain(label));
        }
    }
}
