package labchat.client.ui.full;

import java.util.List;
import java.util.Optional;

/** The commands that only the full screen has: its switches. */
final class LocalCommands {

    static final List<String> NAMES = List.of("/receipts", "/typing", "/notify", "/mouse");

    private LocalCommands() {}

    /** What may stand behind the command; empty if it is none of these. */
    static List<String> values(String command) {
        return switch (command) {
            case "/receipts", "/typing", "/mouse" -> List.of("on", "off");
            case "/notify" -> List.of("bell", "desktop", "off");
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
        if (words.length != 2 || !values.contains(words[1])) {
            return Optional.of("write %s and one of: %s".formatted(words[0], String.join(", ", values)));
        }
        boolean on = words[1].equals("on");
        switch (words[0]) {
            case "/receipts" -> model.receipts = on;
            case "/typing" -> model.typingHints = on;
            case "/mouse" -> outside.mouse(on);
            default ->
                model.notify = switch (words[1]) {
                    case "bell" -> ScreenModel.Notify.BELL;
                    case "desktop" -> ScreenModel.Notify.DESKTOP;
                    default -> ScreenModel.Notify.OFF;
                };
        }
        return Optional.of(
                switch (words[0]) {
                    case "/receipts" ->
                        on ? "others are told when you have read" : "others are not told when you have read";
                    case "/typing" ->
                        on ? "others are told that you are typing" : "others are not told that you are typing";
                    case "/mouse" -> on ? "the mouse is the chat's" : "the mouse is the terminal's";
                    default -> "while you are not looking, a message is told by: " + words[1];
                });
    }
}
