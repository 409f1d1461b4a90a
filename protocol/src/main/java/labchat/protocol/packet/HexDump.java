package labchat.protocol.packet;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads bytes written as hexadecimal digits: plain, with spaces, colons, commas, {@code 0x} or {@code \x} between them,
 * and as {@code xxd}, {@code hexdump -C} and {@code tshark -x} print them, with offsets at the left and text at the
 * right.
 */
public final class HexDump {

    /** The text is no hex dump. */
    public static final class NoHexException extends Exception {

        private static final long serialVersionUID = 1L;

        NoHexException(String message) {
            super(message);
        }
    }

    /** xxd: offset with a colon, groups with single spaces, then two spaces and the text. */
    private static final Pattern XXD = Pattern.compile("\\s*[0-9a-fA-F]{4,16}:((?: [0-9a-fA-F]+)+)(?:  .*)?");

    /** hexdump -C: offset, two spaces, bytes in two halves, text between bars. */
    private static final Pattern CANONICAL =
            Pattern.compile("\\s*[0-9a-fA-F]{6,16} ((?: {1,2}[0-9a-fA-F]{2}){1,16})(?: +\\|.*)?");

    /** tshark -x and Wireshark: an offset of four digits, two or three spaces, single bytes, then the text. */
    private static final Pattern TSHARK = Pattern.compile(
            "\\s*[0-9a-fA-F]{4,8} {2,3}((?:[0-9a-fA-F]{2} ?){1,8}(?: ?(?:[0-9a-fA-F]{2} ?){1,8})?)" + "(?: {2,}.*)?");

    /** hexdump -C ends with a line that holds the length alone. */
    private static final Pattern LENGTH_ALONE = Pattern.compile("\\s*[0-9a-fA-F]{8}\\s*");

    private HexDump() {}

    /**
     * Reads it.
     *
     * @throws NoHexException which says which character of which line is in the way
     */
    public static byte[] parse(String text) throws NoHexException {
        List<String> lines = text.lines().toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean withOffsets = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.strip().startsWith("#") || line.strip().equals("*")) {
                continue;
            }
            if (withOffsets && LENGTH_ALONE.matcher(line).matches()) {
                continue;
            }
            String digits = line;
            for (Pattern form : List.of(XXD, CANONICAL, TSHARK)) {
                Matcher matcher = form.matcher(line);
                if (matcher.matches()) {
                    digits = matcher.group(1);
                    withOffsets = true;
                    break;
                }
            }
            plain(digits, i + 1, line.indexOf(digits), bytes);
        }
        return bytes.toByteArray();
    }

    private static void plain(String line, int number, int column, ByteArrayOutputStream bytes) throws NoHexException {
        int high = -1;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            int digit = Character.digit(c, 16);
            boolean prefix = high < 0
                    && i + 1 < line.length()
                    && (c == '0' || c == '\\')
                    && (line.charAt(i + 1) == 'x' || line.charAt(i + 1) == 'X');
            if (prefix) {
                i++;
            } else if (c > 0x7f || digit < 0 && " \t:,;-'\"[]{}()".indexOf(c) < 0) {
                throw new NoHexException("line %d, column %d: \"%c\" is no hexadecimal digit; bytes are written such as"
                                .formatted(number, column + i + 1, c)
                        + " 10 23 00 04, or as xxd prints them");
            } else if (digit < 0) {
                if (high >= 0) {
                    throw new NoHexException("line %d, column %d: a byte has two digits, and here is one, \"%c\", alone"
                            .formatted(number, column + i, line.charAt(i - 1)));
                }
            } else if (high < 0) {
                high = digit;
            } else {
                bytes.write(high << 4 | digit);
                high = -1;
            }
        }
        if (high >= 0) {
            throw new NoHexException("line %d: an odd number of digits; a byte has two, and the last one stands alone"
                    .formatted(number));
        }
    }
}
