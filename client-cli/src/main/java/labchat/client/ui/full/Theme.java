package labchat.client.ui.full;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.client.options.Preferences.Background;
import labchat.client.ui.Span;
import org.jline.utils.AttributedStyle;

/**
 * Colours and signs. Most colours are the terminal's own sixteen, which its user has made readable. Where the background
 * is known and there are more colours, names and states have shades with a good contrast to it; where it is not known,
 * names are of middle brightness.
 *
 * @param unicode whether the terminal can show more than ASCII
 * @param background light, dark, or not known
 * @param colors how many the terminal has
 */
record Theme(boolean unicode, Background background, int colors) {

    static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    static final AttributedStyle DIM = AttributedStyle.DEFAULT.faint();
    static final AttributedStyle BOLD = AttributedStyle.BOLD;
    static final AttributedStyle REVERSE = AttributedStyle.INVERSE;
    static final AttributedStyle RED = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
    static final AttributedStyle MARK = AttributedStyle.BOLD.foreground(AttributedStyle.RED);

    /** What {@code COLORTERM} says of a terminal with 24 bits of colour. */
    private static final List<String> TRUE_COLOR = List.of("truecolor", "24bit");

    private static final int MANY = 256;

    /** Of the 256. */
    private static final List<Integer> MIDDLE = List.of(31, 35, 37, 64, 66, 68, 97, 100, 130, 132, 133, 161, 166, 172);

    /** Red, green and blue in a byte each; a terminal with fewer colours gets the nearest. */
    private static final List<Integer> ON_DARK =
            List.of(0x7fb4ff, 0xff9e9e, 0x8fd694, 0xf2c26b, 0xc9a0ff, 0x6fd3d0, 0xff9ecf, 0xb5cc6a, 0xffb27a, 0x9fb8d8);

    private static final List<Integer> ON_LIGHT =
            List.of(0x0b57b0, 0xb3261e, 0x1b6e2d, 0x7a5300, 0x6b3fa0, 0x00696b, 0xa02870, 0x5a6400, 0x9a4a00, 0x40566f);

    /** Of the sixteen, those that can be read. */
    private static final List<Integer> FEW_ON_DARK = List.of(
            AttributedStyle.CYAN,
            AttributedStyle.GREEN,
            AttributedStyle.MAGENTA,
            AttributedStyle.YELLOW,
            AttributedStyle.RED);

    private static final List<Integer> FEW_ON_LIGHT =
            List.of(AttributedStyle.BLUE, AttributedStyle.MAGENTA, AttributedStyle.RED, AttributedStyle.CYAN);

    private static final List<Integer> FEW_ON_EITHER =
            List.of(AttributedStyle.CYAN, AttributedStyle.MAGENTA, AttributedStyle.RED, AttributedStyle.GREEN);

    /**
     * How many colours there are.
     *
     * @param known what the terminal's description says
     */
    static int colors(Map<String, String> environment, Optional<Integer> known) {
        return TRUE_COLOR.contains(environment.getOrDefault("COLORTERM", "")) ? 1 << 24 : known.orElse(8);
    }

    /** The same on another background. */
    Theme on(Background other) {
        return new Theme(unicode, other, colors);
    }

    /** Always the same for the same name. */
    AttributedStyle name(String name) {
        int hash = name.hashCode();
        if (colors < MANY) {
            List<Integer> few = switch (background) {
                case LIGHT -> FEW_ON_LIGHT;
                case DARK -> FEW_ON_DARK;
                default -> FEW_ON_EITHER;
            };
            return AttributedStyle.BOLD.foreground(few.get(Math.floorMod(hash, few.size())));
        }
        return switch (background) {
            case LIGHT -> shade(AttributedStyle.BOLD, ON_LIGHT.get(Math.floorMod(hash, ON_LIGHT.size())));
            case DARK -> shade(AttributedStyle.BOLD, ON_DARK.get(Math.floorMod(hash, ON_DARK.size())));
            default -> AttributedStyle.BOLD.foreground(MIDDLE.get(Math.floorMod(hash, MIDDLE.size())));
        };
    }

    private static AttributedStyle shade(AttributedStyle style, int rgb) {
        return style.foreground(rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff);
    }

    /** On the way, or worth a look. */
    AttributedStyle warn() {
        if (background == Background.LIGHT) {
            // Yellow on white cannot be read.
            return colors < MANY
                    ? AttributedStyle.DEFAULT.foreground(AttributedStyle.MAGENTA)
                    : shade(AttributedStyle.DEFAULT, 0x7a5300);
        }
        return AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
    }

    /** As it should be. */
    AttributedStyle good() {
        return background == Background.LIGHT && colors >= MANY
                ? shade(AttributedStyle.DEFAULT, 0x1b6e2d)
                : AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
    }

    /** What a piece of a packet looks like. */
    AttributedStyle of(Span.Kind kind) {
        return switch (kind) {
            case PLAIN -> PLAIN;
            case DIM -> DIM;
            case OUT -> BOLD.foreground(AttributedStyle.CYAN);
            case IN -> BOLD.foreground(AttributedStyle.MAGENTA);
            case TYPE -> BOLD;
            case TOPIC -> PLAIN.foreground(AttributedStyle.CYAN);
            case KEY -> PLAIN.foreground(AttributedStyle.BLUE);
            case STRING -> good();
            case NUMBER, WORD -> warn();
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
