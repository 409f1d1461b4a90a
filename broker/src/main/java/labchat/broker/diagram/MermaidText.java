package labchat.broker.diagram;

import labchat.broker.diagram.Diagram.Arrow;
import labchat.broker.diagram.Diagram.Gap;
import labchat.broker.diagram.Diagram.Step;

/** A diagram for Mermaid. Behind each arrow a comment says which packet it is. */
final class MermaidText {

    private MermaidText() {}

    static String of(Diagram diagram) {
        StringBuilder text = new StringBuilder("sequenceDiagram\n");
        text.append("    participant L as ").append(escaped(diagram.left())).append('\n');
        text.append("    participant B as broker\n");
        text.append("    participant R as ").append(escaped(diagram.right())).append('\n');
        diagram.leftOutText().ifPresent(note -> note(text, note));
        for (Step step : diagram.steps()) {
            if (step instanceof Arrow arrow) {
                arrow(text, arrow);
            } else {
                note(text, ((Gap) step).text());
            }
        }
        return text.toString();
    }

    private static void arrow(StringBuilder text, Arrow arrow) {
        String client = arrow.left() ? "L" : "R";
        text.append("    %% ").append(arrow.details().replace('{', '(').replace('}', ')'));
        text.append("\n    ")
                .append(arrow.inbound() ? client : "B")
                .append(
                        switch (arrow.style()) {
                            case CALL -> "->>";
                            case ANSWER -> "-->>";
                            case REFUSED -> "-x";
                        })
                .append(arrow.inbound() ? "B" : client)
                .append(": ")
                .append(escaped(arrow.label()))
                .append('\n');
    }

    private static void note(StringBuilder text, String note) {
        text.append("    Note over L,R: ").append(escaped(note)).append('\n');
    }

    /** Mermaid's own form of characters that mean something to it or to the page it is drawn on. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if ("#;<>&\"'%:{}".indexOf(c) >= 0) {
                escaped.append('#').append(c).append(';');
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
