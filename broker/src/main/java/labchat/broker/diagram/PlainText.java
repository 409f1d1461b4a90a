package labchat.broker.diagram;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import labchat.broker.diagram.Diagram.Arrow;
import labchat.broker.diagram.Diagram.Gap;
import labchat.broker.diagram.Diagram.Step;

/** A diagram of letters, one line an arrow, for a font of fixed width. */
final class PlainText {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final String MARGIN = " ".repeat("HH:mm:ss.SSS".length() + 2);

    /** Of an arrow: its ends and the spaces beside the label. */
    private static final int AROUND_LABEL = 8;

    private static final int MIN_LANE = 24;

    private PlainText() {}

    static String of(Diagram diagram) {
        int leftLane = lane(diagram, true);
        int rightLane = lane(diagram, false);
        StringBuilder text = new StringBuilder();
        String head = MARGIN + name(diagram.left(), 0, leftLane) + name("broker", 0, rightLane) + diagram.right();
        text.append(head).append('\n');
        diagram.leftOutText().ifPresent(note -> text.append(MARGIN).append("(%s)\n".formatted(note)));
        for (Step step : diagram.steps()) {
            text.append(TIME.format(step.time())).append("  ");
            if (step instanceof Arrow arrow) {
                text.append('|')
                        .append(arrow.left() ? arrow(arrow, leftLane) : " ".repeat(leftLane))
                        .append('|')
                        .append(arrow.left() ? " ".repeat(rightLane) : arrow(arrow, rightLane))
                        .append('|');
            } else {
                text.append("(").append(((Gap) step).text()).append(')');
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int lane(Diagram diagram, boolean left) {
        int longest = diagram.steps().stream()
                .filter(step -> step instanceof Arrow arrow && arrow.left() == left)
                .mapToInt(step -> TextWidth.of(((Arrow) step).label()))
                .max()
                .orElse(0);
        int name = TextWidth.of(left ? diagram.left() : diagram.right());
        return Math.max(MIN_LANE, Math.max(longest + AROUND_LABEL, name + 2));
    }

    private static String name(String name, int indent, int lane) {
        return " ".repeat(indent) + name + " ".repeat(Math.max(1, lane + 1 - indent - TextWidth.of(name)));
    }

    private static String arrow(Arrow arrow, int lane) {
        String line = arrow.style() == Diagram.Style.ANSWER ? "." : "-";
        String head = arrow.style() == Diagram.Style.REFUSED ? "x" : arrow.toTheRight() ? ">" : "<";
        String label = " " + arrow.label() + " ";
        int rest = lane - TextWidth.of(label) - 3;
        return arrow.toTheRight()
                ? line.repeat(2) + label + line.repeat(rest) + head
                : head + line.repeat(rest) + label + line.repeat(2);
    }
}
