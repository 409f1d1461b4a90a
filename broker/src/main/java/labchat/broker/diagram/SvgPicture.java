package labchat.broker.diagram;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import labchat.broker.diagram.Diagram.Arrow;
import labchat.broker.diagram.Diagram.Gap;
import labchat.broker.diagram.Diagram.Step;
import labchat.broker.diagram.Diagram.Style;

/**
 * A diagram as a picture that needs nothing else: light or dark as its reader's machine is set, without script, each arrow
 * with a title that says which packet it is.
 */
final class SvgPicture {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    /** In pixels of the picture at its natural size; the font is of fixed width. */
    private static final double CHARACTER = 7.83;

    private static final int FONT = 13;
    private static final int TIMES = 136;
    private static final int MARGIN = 24;
    private static final int ROW = 34;
    private static final int HEAD = 40;
    private static final int BOX_HEIGHT = 30;
    private static final int MIN_LANE = 190;
    private static final int BESIDE_LABEL = 28;

    private static final String STYLE = """
            <style>
            text{font:13px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#1a1a1a}
            .paper{fill:#fff}
            .box{fill:#e8eef7;stroke:#46597a}
            .name{font-weight:bold;text-anchor:middle}
            .life{stroke:#8a94a6;stroke-dasharray:4 4}
            .time,.note{fill:#59606e}
            .note{font-style:italic}
            .call{stroke:#0b57a4;fill:#0b57a4}
            .answer{stroke:#59606e;fill:#59606e}
            .refused{stroke:#b3261e;fill:#b3261e}
            .refused text{fill:#b3261e}
            .answer text{fill:#59606e}
            g text{stroke:none}
            path{fill:none;stroke-width:1.6}
            .answer .shaft{stroke-dasharray:6 4}
            @media (prefers-color-scheme:dark){
            text{fill:#e6e6e6}
            .paper{fill:#14171c}
            .box{fill:#26334a;stroke:#8fa6cc}
            .life{stroke:#667085}
            .time,.note,.answer text{fill:#a6adba}
            .call{stroke:#7db7f5;fill:#7db7f5}
            .answer{stroke:#a6adba;fill:#a6adba}
            .refused{stroke:#ff8a80;fill:#ff8a80}
            .refused text{fill:#ff8a80}
            }
            </style>
            """;

    private final Diagram diagram;
    private final StringBuilder svg = new StringBuilder(4_096);
    private final int left;
    private final int middle;
    private final int right;
    private final int width;

    private SvgPicture(Diagram diagram) {
        this.diagram = diagram;
        this.left = TIMES + Math.max(MARGIN, nameWidth(diagram.left()) / 2);
        this.middle = left + lane(true);
        this.right = middle + lane(false);
        this.width = right + Math.max(nameWidth(diagram.right()) / 2, 1) + MARGIN;
    }

    static String of(Diagram diagram) {
        return new SvgPicture(diagram).draw();
    }

    private String draw() {
        boolean note = diagram.leftOut() > 0;
        int rows = diagram.steps().size() + (note ? 1 : 0);
        int height = HEAD + BOX_HEIGHT + rows * ROW + ROW / 2;
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" role="img" width="%d" height="%d" viewBox="0 0 %d %d">
                """.formatted(width, height, width, height));
        svg.append("<title>").append(escaped(title())).append("</title>\n").append(STYLE);
        svg.append("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
        for (int x : new int[] {left, middle, right}) {
            svg.append("<line class=\"life\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n"
                    .formatted(x, 10 + BOX_HEIGHT, x, height - 10));
        }
        box(diagram.left(), left);
        box("broker", middle);
        box(diagram.right(), right);
        if (!diagram.steps().isEmpty()) {
            text("time", 10, 30, DAY.format(diagram.steps().get(0).time()) + " UTC");
        }
        int y = HEAD + BOX_HEIGHT;
        if (note) {
            text("note", left + 10, y, diagram.leftOutText().orElse(""));
            y += ROW;
        }
        for (Step step : diagram.steps()) {
            if (step instanceof Arrow arrow) {
                arrow(arrow, y);
            } else {
                text("note", left + 10, y + 4, ((Gap) step).text());
            }
            text("time", 10, y + 4, TIME.format(step.time()));
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    private String title() {
        return "Packets between %s, the broker and %s".formatted(diagram.left(), diagram.right());
    }

    private void box(String name, int x) {
        int boxWidth = nameWidth(name);
        svg.append("<rect class=\"box\" x=\"%d\" y=\"10\" width=\"%d\" height=\"%d\" rx=\"5\"/>\n"
                .formatted(x - boxWidth / 2, boxWidth, BOX_HEIGHT));
        text("name", x, 30, name);
    }

    private void arrow(Arrow arrow, int y) {
        int client = arrow.left() ? left : right;
        int from = arrow.inbound() ? client : middle;
        int to = arrow.inbound() ? middle : client;
        int back = to > from ? -1 : 1;
        String kind = arrow.style().name().toLowerCase(Locale.ROOT);
        svg.append("<g class=\"%s\"><title>%s</title>".formatted(kind, escaped(arrow.details())));
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>"
                .formatted((from + to) / 2, y - 6, escaped(arrow.label())));
        svg.append("<path class=\"shaft\" d=\"M%d %dH%d\"/>".formatted(from, y, to));
        if (arrow.style() == Style.REFUSED) {
            int x = to + back * 12;
            svg.append("<path d=\"M%d %dl10 10m0 -10l-10 10\"/>".formatted(x - 5, y - 5));
        } else {
            svg.append("<path d=\"M%d %dL%d %dL%d %d\"/>".formatted(to + back * 9, y - 5, to, y, to + back * 9, y + 5));
        }
        svg.append("</g>\n");
    }

    private void text(String kind, int x, int y, String text) {
        svg.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(kind, x, y, escaped(text)));
    }

    private int lane(boolean ofLeft) {
        int longest = diagram.steps().stream()
                .filter(step -> step instanceof Arrow arrow && arrow.left() == ofLeft)
                .mapToInt(step -> TextWidth.of(((Arrow) step).label()))
                .max()
                .orElse(0);
        String name = ofLeft ? diagram.left() : diagram.right();
        int names = (nameWidth(name) + nameWidth("broker")) / 2 + MARGIN;
        return Math.max(Math.max(MIN_LANE, names), (int) (longest * CHARACTER) + 2 * BESIDE_LABEL);
    }

    private static int nameWidth(String name) {
        return (int) (TextWidth.of(name) * CHARACTER * 1.05) + FONT * 2;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    // Characters that XML does not have; a log may hold them all the same.
                    boolean allowed = c >= 0x20 && c != 0xFFFE && c != 0xFFFF && (c < 0xD800 || c > 0xDFFF);
                    escaped.appendCodePoint(allowed ? c : 0xFFFD);
                }
            }
        });
        return escaped.toString();
    }
}
