package labchat.client.ui.full;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.client.options.Preferences.Background;

/** Finds out whether the terminal is light or dark. */
final class BackgroundReply {

    /** Asks the terminal; xterm and most others answer, others take no notice. */
    static final String QUESTION = "\u001b]11;?\u0007";

    private static final Pattern ANSWER =
            Pattern.compile("11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4}).*");

    private BackgroundReply() {}

    /** What an answer says; empty if it is none. */
    static Optional<Background> parse(String answer) {
        Matcher matcher = ANSWER.matcher(answer);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        // How bright the three are to the eye: ITU-R BT.709.
        double brightness =
                0.2126 * part(matcher.group(1)) + 0.7152 * part(matcher.group(2)) + 0.0722 * part(matcher.group(3));
        return Optional.of(brightness > 0.5 ? Background.LIGHT : Background.DARK);
    }

    /** 0 to 1, of one to four hex digits. */
    private static double part(String digits) {
        return Integer.parseInt(digits, 16) / (Math.pow(16, digits.length()) - 1);
    }

    /** What {@code COLORFGBG} says, which rxvt and Konsole set; unknown if it is not set. */
    static Background of(Map<String, String> environment) {
        String value = environment.getOrDefault("COLORFGBG", "");
        String background = value.substring(value.lastIndexOf(';') + 1);
        if (!background.matches("[0-9]{1,2}")) {
            return Background.AUTO;
        }
        int number = Integer.parseInt(background);
        return number == 7 || number >= 9 ? Background.LIGHT : Background.DARK;
    }
}
