package labchat.client.ui.full;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedCharSequence;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/**
 * Takes the terminal over, puts frames on it, and gives it back as it was. Only rows that have changed are written, each
 * from its first column, with the terminal's own line wrapping off: where a terminal disagrees about the width of a
 * character, no more than the rest of that row is out of place.
 */
final class Painter {

    /** Other screen, keypad, pasted text marked, focus told, no wrapping. */
    private static final String ENTER = "\u001b[?1049h\u001b[?2004h\u001b[?1004h\u001b[?7l\u001b[2J";

    private static final String MOUSE_ON = "\u001b[?1000h\u001b[?1006h";
    private static final String MOUSE_OFF = "\u001b[?1006l\u001b[?1000l";
    private static final String LEAVE = "\u001b[0m\u001b[?7h\u001b[?1004l\u001b[?2004l\u001b[?1049l\u001b[?25h";

    /** In the place of a text; no escape sequence has it. */
    private static final String STAND_IN = "\u0000";

    private final Terminal terminal;
    private final boolean color;
    private final int colors;
    private final boolean askBackground;
    private final Map<AttributedStyle, String> styles = new HashMap<>();
    private final List<String> shown = new ArrayList<>();
    private Attributes before;
    private boolean mouse = true;
    private int row = -1;
    private int column = -1;

    /**
     * @param colors how many the terminal has
     * @param askBackground whether it is to be asked if it is light or dark, when it is taken over
     */
    Painter(Terminal terminal, boolean color, int colors, boolean askBackground) {
        this.terminal = terminal;
        this.color = color;
        this.colors = colors;
        this.askBackground = askBackground;
    }

    /** Takes the terminal over. */
    synchronized void enter() {
        if (before != null) {
            return;
        }
        before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        // Ctrl-C, Ctrl-Z and the like are keys here.
        raw.setLocalFlag(LocalFlag.ISIG, false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        terminal.setAttributes(raw);
        // Where the question itself should show, clearing the screen removes it.
        write((askBackground ? BackgroundReply.QUESTION : "") + ENTER + (mouse ? MOUSE_ON : ""));
        forget();
    }

    /** Gives the terminal back; does nothing if it was given back already. */
    synchronized void leave() {
        if (before != null) {
            write((mouse ? MOUSE_OFF : "") + LEAVE);
            terminal.setAttributes(before);
            before = null;
        }
    }

    synchronized void mouse(boolean on) {
        if (on != mouse) {
            mouse = on;
            write(on ? MOUSE_ON : MOUSE_OFF);
        }
    }

    /** What is on the screen is not known any more. */
    synchronized void forget() {
        shown.clear();
    }

    /** A bell, or a message on the desktop by the sequence that many terminals know. */
    synchronized void notify(boolean desktop, String words) {
        if (before != null) {
            write(desktop ? "\u001b]9;" + words + "\u0007" : "\u0007");
        }
    }

    /** Shows a frame; false if nobody is there to see it. */
    synchronized boolean paint(Frame frame) {
        if (before == null) {
            return true;
        }
        StringBuilder out = new StringBuilder();
        boolean all = shown.size() != frame.lines().size();
        if (all) {
            shown.clear();
            out.append("\u001b[0m\u001b[2J");
        }
        for (int i = 0; i < frame.lines().size(); i++) {
            String line = text(frame.lines().get(i));
            if (all) {
                shown.add(line);
            } else if (shown.get(i).equals(line)) {
                continue;
            } else {
                shown.set(i, line);
            }
            // Erased after, not before, so that nothing flickers: what is written stands over what was there.
            out.append("\u001b[%d;1H".formatted(i + 1)).append(line).append("\u001b[0m");
            if (frame.lines().get(i).columnLength() < terminal.getColumns()) {
                out.append("\u001b[K");
            }
        }
        if (out.length() > 0 || row != frame.row() || column != frame.column()) {
            row = frame.row();
            column = frame.column();
            // One picture at a time, where the terminal knows how; the cursor does not run about.
            write("\u001b[?2026h\u001b[?25l" + out + "\u001b[%d;%dH".formatted(row + 1, column + 1)
                    + "\u001b[?25h\u001b[?2026l");
        }
        return !terminal.writer().checkError();
    }

    /**
     * With escape sequences. The library would write lines with a set of characters of old terminals, which not all that
     * claim to have it have; so it is asked for the colours only.
     */
    private String text(AttributedString line) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < line.length()) {
            int end = line.runLimit(at);
            AttributedStyle style = line.styleAt(at);
            String around = around(color ? style : style.foregroundDefault().backgroundDefault());
            text.append(around.replace(STAND_IN, line.subSequence(at, end).toString()));
            at = end;
        }
        return text.toString();
    }

    private String around(AttributedStyle style) {
        return styles.computeIfAbsent(
                style,
                key -> new AttributedString(STAND_IN, key).toAnsi(colors, AttributedCharSequence.ForceMode.None));
    }

    private void write(String text) {
        PrintWriter writer = terminal.writer();
        writer.write(text);
        writer.flush();
    }
}
