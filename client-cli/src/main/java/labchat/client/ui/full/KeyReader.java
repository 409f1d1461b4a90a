package labchat.client.ui.full;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import labchat.client.ui.full.Key.Code;

/**
 * Reads keys from what a terminal sends: text, control characters, and the escape sequences of xterm and its relatives.
 * Belongs to one thread.
 */
final class KeyReader {

    /** After so long without another character, an escape character was the Escape key. */
    static final long ESCAPE_MILLIS = 100;

    /** An answer that has begun may come in pieces. */
    private static final long ANSWER_MILLIS = 1_000;

    private static final int ESCAPE = 27;
    private static final int MOST_ANSWERED = 64;
    private static final int MOST_PASTED = 20_000;

    private final Source source;
    /** Was read behind Escape, but is a key of its own. */
    private OptionalInt pending = OptionalInt.empty();

    /** Where characters come from. */
    @FunctionalInterface
    interface Source {
        /**
         * @param millis how long to wait, 0 for ever
         * @return a UTF-16 code unit, -1 at the end, -2 if none came in time
         */
        int read(long millis) throws IOException;
    }

    KeyReader(Source source) {
        this.source = source;
    }

    /** Waits for a key; empty at the end. */
    Optional<Key> next() throws IOException {
        int c = pending.isPresent() ? pending.getAsInt() : source.read(0);
        pending = OptionalInt.empty();
        if (c == -1) {
            return Optional.empty();
        }
        return Optional.of(c == ESCAPE ? escape() : character(c));
    }

    private Key character(int c) throws IOException {
        return switch (c) {
            case '\r' -> Key.of(Code.ENTER);
            case '\n' -> Key.of(Code.NEW_LINE);
            case '\t' -> Key.of(Code.TAB);
            case 8, 127 -> Key.of(Code.BACKSPACE);
            default -> {
                if (c >= 1 && c <= 26) {
                    yield Key.of(Code.CTRL, Character.toString('a' + c - 1));
                }
                yield c < ' ' ? Key.of(Code.OTHER) : Key.of(Code.TEXT, whole(c));
            }
        };
    }

    private String whole(int c) throws IOException {
        if (!Character.isHighSurrogate((char) c)) {
            return Character.toString(c);
        }
        int low = source.read(ESCAPE_MILLIS);
        return low >= 0 && Character.isLowSurrogate((char) low) ? new String(new char[] {(char) c, (char) low}) : "?";
    }

    private Key escape() throws IOException {
        int c = source.read(ESCAPE_MILLIS);
        return switch (c) {
            case -1, -2 -> Key.of(Code.ESCAPE);
            case '[' -> sequence();
            case ']' -> answer();
            case 'O' -> applicationKey(source.read(ESCAPE_MILLIS));
            case '\r', '\n' -> Key.of(Code.NEW_LINE);
            case 8, 127 -> Key.of(Code.ALT, "\b");
            default -> {
                if (c < ' ') {
                    pending = OptionalInt.of(c);
                    yield Key.of(Code.ESCAPE);
                }
                yield Key.of(Code.ALT, whole(c));
            }
        };
    }

    /** What the terminal says when it is asked; ends with BEL, or with an escape character and a backslash. */
    private Key answer() throws IOException {
        int c = source.read(ESCAPE_MILLIS);
        if (c < '0' || c > '9') {
            if (c >= 0) {
                pending = OptionalInt.of(c);
            }
            return Key.of(Code.ALT, "]");
        }
        StringBuilder text = new StringBuilder();
        while (c >= ' ' && text.length() < MOST_ANSWERED) {
            text.append((char) c);
            c = source.read(ANSWER_MILLIS);
        }
        if (c == ESCAPE) {
            source.read(ANSWER_MILLIS);
        }
        return Key.of(Code.BACKGROUND, text.toString());
    }

    private static Key applicationKey(int c) {
        return c == 'P' ? Key.of(Code.HELP) : arrow(c, "");
    }

    private Key sequence() throws IOException {
        StringBuilder parameters = new StringBuilder();
        int c = source.read(ESCAPE_MILLIS);
        if (c == '[') {
            // The Linux console's function keys.
            return source.read(ESCAPE_MILLIS) == 'A' ? Key.of(Code.HELP) : Key.of(Code.OTHER);
        }
        while (c >= 0x20 && c < 0x40 && parameters.length() < 32) {
            parameters.append((char) c);
            c = source.read(ESCAPE_MILLIS);
        }
        String given = parameters.toString();
        if (given.startsWith("<")) {
            return mouse(given.substring(1).split(";"), c == 'M');
        }
        return switch (c) {
            case '~' -> numbered(given);
            case 'u' -> given.startsWith("13;") ? Key.of(Code.NEW_LINE) : Key.of(Code.OTHER);
            case 'I' -> Key.of(Code.FOCUS_IN);
            case 'O' -> Key.of(Code.FOCUS_OUT);
            case 'P' -> Key.of(Code.HELP);
            default -> arrow(c, given);
        };
    }

    private static Key arrow(int c, String given) {
        boolean control = given.endsWith(";5");
        boolean alt = given.endsWith(";3");
        return Key.of(
                switch (c) {
                    case 'A' -> alt ? Code.PREVIOUS : Code.UP;
                    case 'B' -> alt ? Code.NEXT : Code.DOWN;
                    case 'C' -> control || alt ? Code.WORD_RIGHT : Code.RIGHT;
                    case 'D' -> control || alt ? Code.WORD_LEFT : Code.LEFT;
                    case 'H' -> Code.HOME;
                    case 'F' -> Code.END;
                    default -> Code.OTHER;
                });
    }

    private Key numbered(String given) throws IOException {
        return switch (given.split(";")[0]) {
            case "1", "7" -> Key.of(Code.HOME);
            case "4", "8" -> Key.of(Code.END);
            case "3" -> Key.of(Code.DELETE);
            case "5" -> Key.of(Code.PAGE_UP);
            case "6" -> Key.of(Code.PAGE_DOWN);
            case "11" -> Key.of(Code.HELP);
            case "27" -> given.endsWith(";13") ? Key.of(Code.NEW_LINE) : Key.of(Code.OTHER);
            case "200" -> pasted();
            default -> Key.of(Code.OTHER);
        };
    }

    /** Up to the end of what was pasted, whatever keys it looks like. */
    private Key pasted() throws IOException {
        String end = "\u001b[201~";
        StringBuilder text = new StringBuilder();
        int c = source.read(0);
        while (c != -1) {
            text.append((char) c);
            if (c == '~'
                    && text.length() >= end.length()
                    && text.substring(text.length() - end.length()).equals(end)) {
                text.setLength(text.length() - end.length());
                break;
            }
            if (text.length() > MOST_PASTED + end.length()) {
                text.delete(MOST_PASTED - end.length(), text.length() - end.length());
            }
            c = source.read(0);
        }
        return Key.of(Code.PASTE, text.toString().replace("\r\n", "\n").replace('\r', '\n'));
    }

    private static Key mouse(String[] numbers, boolean pressed) {
        if (numbers.length != 3 || !pressed) {
            return Key.of(Code.OTHER);
        }
        try {
            int column = Integer.parseInt(numbers[1]) - 1;
            int row = Integer.parseInt(numbers[2]) - 1;
            return switch (Integer.parseInt(numbers[0])) {
                case 0 -> new Key(Code.CLICK, "", column, row);
                case 64 -> new Key(Code.WHEEL_UP, "", column, row);
                case 65 -> new Key(Code.WHEEL_DOWN, "", column, row);
                default -> Key.of(Code.OTHER);
            };
        } catch (NumberFormatException e) {
            return Key.of(Code.OTHER);
        }
    }
}
