package labchat.client.ui.full;

import java.util.List;
import labchat.client.ui.Span;
import org.jline.utils.AttributedStyle;

/**
 * Colours and signs. The colours are the terminal's own sixteen, which its user has made readable on light or on dark,
 * but for names: those are of the 256, of middle brightness, and become the nearest of sixteen where there are no more.
 *
 * @param unicode whether the terminal can show more than ASCII
 */
record Theme(boolean unicode) {

    static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    static final AttributedStyle DIM = AttributedStyle.DEFAULT.faint();
    static final AttributedStyle BOLD = AttributedStyle.BOLD;
    static final AttributedStyle REVERSE = AttributedStyle.INVERSE;
    static final AttributedStyle RED = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
    static final AttributedStyle GREEN = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
    static final AttributedStyle YELLOW = AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
    static final AttributedStyle MARK = AttributedStyle.BOLD.foreground(AttributedStyle.RED);

    private static final List<Integer> NAMES = List.of(31, 35, 37, 64, 66, 68, 97, 100, 130, 132, 133, 161, 166, 172);

    /** Always the same for the same name. */
    AttributedStyle name(String name) {
        return AttributedStyle.BOLD.foreground(NAMES.get(Math.floorMod(name.hashCode(), NAMES.size())));
    }

    /** What a piece of a packet looks like. */
    static AttributedStyle of(Span.Kind kind) {
        return switch (kind) {
            case PLAIN -> PLAIN;
            case DIM -> DIM;
            case OUT -> BOLD.foreground(AttributedStyle.CYAN);
            case IN -> BOLD.foreground(AttributedStyle.MAGENTA);
            case TYPE -> BOLD;
            case TOPIC -> PLAIN.foreground(AttributedStyle.CYAN);
            case KEY -> PLAIN.foreground(AttributedStyle.BLUE);
            case STRING -> GREEN;
            case NUMBER, WORD -> YELLOW;
            case FAULT -> RED;
        };
    }

    String line() {
        return unicode ? "─" : "-";
    }

    String separator() {
        return unicode ? "│" : "|";
    }

    String dots() {
        return unicode ? "…" : "...";
    }

    String delivered() {
        return unicode ? "✓" : "*";
    }

    String read() {
        return unicode ? "✓✓" : "**";
    }

    String online() {
        return unicode ? "●" : "*";
    }

    String offline() {
        return unicode ? "○" : "o";
    }
}
