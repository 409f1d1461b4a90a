package labchat.client.options;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How a user wants the chat to be.
 *
 * @param receipts whether others are told what one has read
 * @param typing whether others are told that one types
 * @param attention how one is told of a message while not looking
 * @param mouse whether the full screen takes the mouse
 * @param background of the terminal
 */
public record Preferences(boolean receipts, boolean typing, Notify attention, boolean mouse, Background background) {

    /** What holds unless something is set. */
    public static final Preferences DEFAULT = new Preferences(true, true, Notify.BELL, true, Background.AUTO);

    public Preferences {
        Objects.requireNonNull(attention, "attention");
        Objects.requireNonNull(background, "background");
    }

    /** How the user is told of a message while not looking. */
    public enum Notify {
        BELL,
        DESKTOP,
        OFF;

        /** The one of that name. */
        public static Optional<Notify> parse(String text) {
            return find(values(), text);
        }
    }

    /** What the colours are chosen for. */
    public enum Background {
        /** What the terminal says when it is asked. */
        AUTO,
        LIGHT,
        DARK;

        /** The one of that name. */
        public static Optional<Background> parse(String text) {
            return find(values(), text);
        }
    }

    private static <E extends Enum<E>> Optional<E> find(E[] values, String text) {
        return Arrays.stream(values)
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst();
    }

    /** Keeps a preference for the next time. */
    @FunctionalInterface
    public interface Keeper {

        /** Keeps nothing. */
        Keeper NONE = (name, value) -> Optional.of("nothing is kept here");

        /**
         * @param name as the configuration file has it
         * @return why it could not be kept; empty if it was
         */
        Optional<String> keep(String name, String value);
    }
}
