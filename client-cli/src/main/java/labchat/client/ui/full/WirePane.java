package labchat.client.ui.full;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import labchat.client.ui.Span;
import labchat.client.ui.WireDisplay;
import labchat.client.ui.WireView;
import labchat.client.wire.WireEntry;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/** The packets on the wire, the newest at the bottom, beneath the conversation. Changes nothing. */
final class WirePane {

    private static final String TITLE = " wire: Alt-M tells the command, Alt-W closes ";

    private static final String INDENT = "       ";

    /** A packet takes no more rows than this; the start of a long payload says enough. */
    private static final int MOST_ROWS = 4;

    private final ScreenModel model;
    private final Theme theme;
    private final int columns;

    WirePane(ScreenModel model, Theme theme, int columns) {
        this.model = model;
        this.theme = theme;
        this.columns = columns;
    }

    /** So many rows, the first of which is a line. */
    List<AttributedString> rows(int height) {
        List<WireEntry> entries = model.wire.map(WireDisplay::entries).orElse(List.of());
        List<AttributedString> rows = new ArrayList<>();
        for (int i = entries.size() - 1; i >= 0 && rows.size() < height - 1; i--) {
            List<AttributedString> packet = packet(entries.get(i));
            for (int row = packet.size() - 1; row >= 0 && rows.size() < height - 1; row--) {
                rows.add(packet.get(row));
            }
        }
        while (rows.size() < height - 1) {
            rows.add(AttributedString.EMPTY);
        }
        rows.add(title());
        Collections.reverse(rows);
        return rows;
    }

    private AttributedString title() {
        String text = Columns.cut(theme.line() + TITLE, columns);
        return new AttributedStringBuilder()
                .styled(Theme.BOLD, text)
                .styled(Theme.DIM, theme.line().repeat(Math.max(0, columns - Columns.width(text))))
                .toAttributedString();
    }

    /** What does not fit goes on below, a little to the right. */
    private void wrap(AttributedString line, List<AttributedString> rows) {
        AttributedString rest = line;
        String indent = "";
        while (rest.columnLength() > columns - indent.length()) {
            AttributedString part = rest.columnSubSequence(0, columns - indent.length());
            rows.add(AttributedString.join(AttributedString.EMPTY, new AttributedString(indent), part));
            rest = rest.columnSubSequence(part.columnLength(), rest.columnLength());
            indent = INDENT;
        }
        rows.add(AttributedString.join(AttributedString.EMPTY, new AttributedString(indent), rest));
    }

    private List<AttributedString> packet(WireEntry entry) {
        List<AttributedString> rows = new ArrayList<>();
        for (List<Span> line : WireView.lines(entry, theme.unicode())) {
            AttributedStringBuilder text = new AttributedStringBuilder();
            line.forEach(span -> text.styled(theme.of(span.kind()), span.text()));
            wrap(text.toAttributedString(), rows);
        }
        if (rows.size() > MOST_ROWS) {
            AttributedString last = rows.get(MOST_ROWS - 1);
            AttributedString shorter =
                    last.columnSubSequence(0, Math.max(0, columns - theme.dots().length()));
            rows = new ArrayList<>(rows.subList(0, MOST_ROWS - 1));
            rows.add(AttributedString.join(AttributedString.EMPTY, shorter, new AttributedString(theme.dots())));
        }
        return rows;
    }
}
