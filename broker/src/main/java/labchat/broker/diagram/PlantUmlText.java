package labchat.broker.diagram;

import labchat.broker.diagram.Diagram.Arrow;
import labchat.broker.diagram.Diagram.Gap;
import labchat.broker.diagram.Diagram.Step;

/** A diagram for PlantUML. Before each arrow a comment says which packet it is. */
final class PlantUmlText {

    private PlantUmlText() {}

    static String of(Diagram diagram) {
        StringBuilder text = new StringBuilder("@startuml\nhide footbox\n");
        text.append("participant \"").append(escaped(diagram.left())).append("\" as L\n");
        text.append("participant \"broker\" as B\n");
        text.append("participant \"").append(escaped(diagram.right())).append("\" as R\n");
        diagram.leftOutText().ifPresent(note -> note(text, note));
        for (Step step : diagram.steps()) {
            if (step instanceof Arrow arrow) {
                arrow(text, arrow);
            } else {
                note(text, ((Gap) step).text());
            }
        }
        return text.append("@enduml\n").toString();
    }

    private static void arrow(StringBuilder text, Arrow arrow) {
        String client = arrow.left() ? "L" : "R";
        text.append("' ").append(arrow.details()).append('\n');
        text.append(arrow.inbound() ? client : "B")
                .append(
                        switch (arrow.style()) {
                            case CALL -> " -> ";
                            case ANSWER -> " --> ";
                            case REFUSED -> " ->x ";
                        })
                .append(arrow.inbound() ? "B" : client)
                .append(" : ")
                .append(escaped(arrow.label()))
                .append('\n');
    }

    private static void note(StringBuilder text, String note) {
        text.append("note over L, R : ").append(escaped(note)).append('\n');
    }

    /** Its markup as character references: doubled signs such as in {@code a//b} would set the rest in italics. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        int before = -1;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean doubled = c == before || i < text.length() && c == text.codePointAt(i);
            if ("<>&\\~%".indexOf(c) >= 0 || doubled && "*_/-\"[]".indexOf(c) >= 0) {
                escaped.append("&#").append(c).append(';');
            } else {
                escaped.appendCodePoint(c);
            }
            before = c;
        }
        return escaped.toString();
    }
}
