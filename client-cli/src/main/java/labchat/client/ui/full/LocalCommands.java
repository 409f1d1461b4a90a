package labchat.client.ui.full;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import labchat.client.options.Preferences.Background;
import labchat.client.options.Preferences.Notify;

/** The switches of the full screen. They are kept in the configuration file. */
final class LocalCommands {

    static final List<String> NAMES = List.of("/receipts", "/typing", "/notify", "/mouse", "/background");

    private LocalCommands() {}

    /** What may stand behind the command; empty if it is none of these. */
    static List<String> values(String command) {
        return switch (command) {
            case "/receipts", "/typing", "/mouse" -> List.of("on", "off");
            case "/notify" -> List.of("bell", "desktop", "off");
            case "/background" -> List.of("auto", "light", "dark");
            default -> List.of();
        };
    }

    /** Carries the line out if it is one of these; the answer is what to tell the user. */
    static Optional<String> run(String line, ScreenModel model, Outside outside) {
        String[] words = line.strip().split("\\s+");
        List<String> values = values(words[0]);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (words.length == 1) {
            return Optional.of("%s is %s; write %s and one of: %s"
                    .formatted(words[0], present(words[0], model), words[0], String.join(", ", values)));
        }
        if (words.length != 2 || !values.contains(words[1])) {
            return Optional.of("write %s and one of: %s".formatted(words[0], String.join(", ", values)));
        }
        String done = set(words[0], words[1], model, outside);
        Optional<String> problem = outside.keep(words[0].substring(1), words[1]);
        return Optional.of(problem.map(why -> "%s, until you leave: %s".formatted(done, why))
                .orElse(done + "; the configuration file keeps it"));
    }

    private static String present(String command, ScreenModel model) {
        return switch (command) {
            case "/receipts" -> onOrOff(model.receipts);
            case "/typing" -> onOrOff(model.typingHints);
            case "/mouse" -> onOrOff(model.mouse);
            case "/notify" -> word(model.notify);
            default -> word(model.background);
        };
    }

    private static String onOrOff(boolean on) {
        return on ? "on" : "off";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String set(String command, String value, ScreenModel model, Outside outside) {
        boolean on = value.equals("on");
        switch (command) {
            case "/receipts" -> model.receipts = on;
            case "/typing" -> model.typingHints = on;
            case "/mouse" -> {
                model.mouse = on;
                outside.mouse(on);
            }
            case "/background" -> {
                model.background = Background.parse(value).orElseThrow();
                if (model.background != Background.AUTO) {
                    model.theme = model.theme.on(model.background);
                }
            }
            default -> model.notify = Notify.parse(value).orElseThrow();
        }
        return switch (command) {
            case "/receipts" -> on ? "others are told when you have read" : "others are not told when you have read";
            case "/typing" -> on ? "others are told that you are typing" : "others are not told that you are typing";
            case "/mouse" -> on ? "the mouse is the chat's" : "the mouse is the terminal's";
            case "/background" ->
                !value.equals("auto") ? "colours for a %s background".formatted(value) : "the terminal is asked";
            default -> "while you are not looking, a message is told by: " + value;
        };
    }
}
