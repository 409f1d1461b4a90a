package labchat.client.options;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** When output is coloured. */
public enum ColorMode {
    /** On a terminal, unless {@code NO_COLOR} is set or {@code TERM} is {@code dumb}. */
    AUTO,
    ALWAYS,
    NEVER;

    /** The mode of that name. */
    public static Optional<ColorMode> parse(String text) {
        return switch (text) {
            case "auto" -> Optional.of(AUTO);
            case "always" -> Optional.of(ALWAYS);
            case "never" -> Optional.of(NEVER);
            default -> Optional.empty();
        };
    }

    /** Whether to colour what goes to standard output. {@code NO_COLOR} counts when it is not empty. */
    public boolean isOn(boolean toTerminal, Map<String, String> environment) {
        return switch (this) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO ->
                toTerminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !environment.getOrDefault("TERM", "").equals("dumb");
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
