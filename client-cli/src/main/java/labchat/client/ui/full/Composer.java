package labchat.client.ui.full;

import java.util.ArrayList;
import java.util.List;

/** The text being written, one line or several, and where the cursor stands in it. */
final class Composer {

    /** Far more than a message may have, so that too long a text can still be shortened. */
    private static final int MOST = 20_000;

    private String text = "";
    private int cursor;

    /**
     * The text as it is laid out.
     *
     * @param rows the text of each row
     * @param row where the cursor is
     * @param column in columns, not characters
     */
    record Layout(List<String> rows, int row, int column) {}

    String text() {
        return text;
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    /** The text before the cursor. */
    String before() {
        return text.substring(0, cursor);
    }

    void set(String to) {
        text = to;
        cursor = to.length();
    }

    void insert(String more) {
        if (text.length() + more.length() <= MOST) {
            text = before() + more + text.substring(cursor);
            cursor += more.length();
        }
    }

    /** Puts something in the place of what stands directly before the cursor. */
    void replaceBefore(int length, String with) {
        text = text.substring(0, cursor - length) + with + text.substring(cursor);
        cursor += with.length() - length;
    }

    void backspace() {
        if (cursor > 0) {
            replaceBefore(cursor - Columns.previous(text, cursor), "");
        }
    }

    void delete() {
        if (cursor < text.length()) {
            text = before() + text.substring(Columns.next(text, cursor));
        }
    }

    void left() {
        cursor = cursor == 0 ? 0 : Columns.previous(text, cursor);
    }

    void right() {
        cursor = cursor == text.length() ? cursor : Columns.next(text, cursor);
    }

    void wordLeft() {
        cursor = wordStart();
    }

    void wordRight() {
        while (cursor < text.length() && Character.isWhitespace(text.charAt(cursor))) {
            cursor++;
        }
        while (cursor < text.length() && !Character.isWhitespace(text.charAt(cursor))) {
            cursor++;
        }
    }

    void deleteWord() {
        replaceBefore(cursor - wordStart(), "");
    }

    private int wordStart() {
        int at = cursor;
        while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
        while (at > 0 && !Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    void home() {
        cursor = lineStart();
    }

    void end() {
        int at = text.indexOf('\n', cursor);
        cursor = at < 0 ? text.length() : at;
    }

    void deleteToStart() {
        replaceBefore(cursor - lineStart(), "");
    }

    private int lineStart() {
        return cursor == 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
    }

    /** Moves to the line above; false if there is none. */
    boolean up() {
        int start = lineStart();
        if (start == 0) {
            return false;
        }
        int column = cursor - start;
        int above = start == 1 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
        place(Math.min(above + column, start - 1));
        return true;
    }

    /** Moves to the line below; false if there is none. */
    boolean down() {
        int end = text.indexOf('\n', cursor);
        if (end < 0) {
            return false;
        }
        int column = cursor - lineStart();
        int next = text.indexOf('\n', end + 1);
        place(Math.min(end + 1 + column, next < 0 ? text.length() : next));
        return true;
    }

    /** Never into the middle of a character. */
    private void place(int at) {
        cursor = at;
        if (cursor < text.length() && Character.isLowSurrogate(text.charAt(cursor))) {
            cursor--;
        }
    }

    /** Lays the text out in rows of at most so many columns. */
    Layout layout(int columns) {
        List<String> rows = new ArrayList<>();
        StringBuilder row = new StringBuilder();
        int used = 0;
        int cursorRow = 0;
        int cursorColumn = 0;
        int at = 0;
        while (at <= text.length()) {
            if (at < text.length() && text.charAt(at) != '\n') {
                int end = Columns.next(text, at);
                String shown = visible(text.substring(at, end));
                int width = Columns.width(shown);
                if (used + width >= columns) {
                    rows.add(row.toString());
                    row.setLength(0);
                    used = 0;
                }
                if (cursor >= at && cursor < end) {
                    cursorRow = rows.size();
                    cursorColumn = used;
                }
                row.append(shown);
                used += width;
                at = end;
                continue;
            }
            if (cursor == at) {
                cursorRow = rows.size();
                cursorColumn = used;
            }
            rows.add(row.toString());
            row.setLength(0);
            used = 0;
            at++;
        }
        return new Layout(rows, cursorRow, cursorColumn);
    }

    /** What was pasted may hold anything. */
    private static String visible(String character) {
        int c = character.codePointAt(0);
        if (c == '\t') {
            return " ";
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> "?";
            default -> character;
        };
    }
}
