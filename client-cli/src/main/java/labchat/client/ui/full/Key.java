package labchat.client.ui.full;

/**
 * A key, or what else a terminal sends.
 *
 * @param text what was typed or pasted; of {@link Code#CTRL} and {@link Code#ALT} the key's letter
 * @param column of the mouse, from 0
 * @param row of the mouse, from 0
 */
record Key(Code code, String text, int column, int row) {

    /** What it is. */
    enum Code {
        TEXT,
        PASTE,
        CTRL,
        ALT,
        ENTER,
        NEW_LINE,
        TAB,
        ESCAPE,
        BACKSPACE,
        DELETE,
        UP,
        DOWN,
        LEFT,
        RIGHT,
        WORD_LEFT,
        WORD_RIGHT,
        PREVIOUS,
        NEXT,
        HOME,
        END,
        PAGE_UP,
        PAGE_DOWN,
        HELP,
        WHEEL_UP,
        WHEEL_DOWN,
        CLICK,
        FOCUS_IN,
        FOCUS_OUT,
        /** The terminal tells its background; the text is its answer. */
        BACKGROUND,
        OTHER
    }

    static Key of(Code code) {
        return new Key(code, "", 0, 0);
    }

    static Key of(Code code, String text) {
        return new Key(code, text, 0, 0);
    }
}
