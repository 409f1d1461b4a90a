package labchat.broker.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns settings' texts into values, and collects what is no value. */
final class ValueReader {

    private static final String OFF = "off";

    private static final long MOST_YEARS = 50;

    private final Map<Setting, SettingValue> values;
    private final List<ConfigProblem> problems = new ArrayList<>();

    ValueReader(Map<Setting, SettingValue> values) {
        this.values = values;
    }

    List<ConfigProblem> problems() {
        return problems;
    }

    /** Reports a problem with a setting's value, wherever that came from. */
    void problem(Setting setting, String message) {
        SettingValue value = values.get(setting);
        problems.add(value == null ? ConfigProblem.of(setting.word(), message) : value.problem(message));
    }

    String text(Setting setting) {
        SettingValue value = values.get(setting);
        return value == null ? setting.standard() : value.text();
    }

    boolean isSet(Setting setting) {
        return values.containsKey(setting);
    }

    boolean flag(Setting setting) {
        return switch (text(setting)) {
            case "true" -> true;
            case "false" -> false;
            default -> {
                notAllowed(setting);
                yield false;
            }
        };
    }

    boolean onOrOff(Setting setting) {
        return switch (text(setting)) {
            case "on" -> true;
            case OFF -> false;
            default -> {
                notAllowed(setting);
                yield false;
            }
        };
    }

    /** A whole number; the smallest allowed one if the text is none. */
    int number(Setting setting, int min, int max) {
        long value = digits(text(setting));
        if (value < min || value > max) {
            notAllowed(setting);
            return min;
        }
        return (int) value;
    }

    /** Bytes, with a suffix k, m or g for powers of 1,024. */
    long size(Setting setting, long min, long max) {
        String text = text(setting);
        int last = text.length() - 1;
        long unit = switch (Character.toLowerCase(text.charAt(last))) {
            case 'k' -> 1L << 10;
            case 'm' -> 1L << 20;
            case 'g' -> 1L << 30;
            default -> 1;
        };
        long value = digits(unit == 1 ? text : text.substring(0, last));
        if (value < 0 || value > max / unit || value * unit < min) {
            notAllowed(setting);
            return min;
        }
        return value * unit;
    }

    /** A time as Mosquitto's {@code persistent_client_expiration} writes it: a number and h, d, w, m or y. */
    Duration age(Setting setting) {
        String text = text(setting);
        int last = text.length() - 1;
        long hours = switch (text.charAt(last)) {
            case 'h' -> 1;
            case 'd' -> 24;
            case 'w' -> 7 * 24;
            case 'm' -> 30 * 24;
            case 'y' -> 365 * 24;
            default -> 0;
        };
        long count = digits(text.substring(0, last));
        if (hours == 0 || count < 1 || count > MOST_YEARS * 365 * 24 / hours) {
            notAllowed(setting);
            return Duration.ofHours(1);
        }
        return Duration.ofHours(count * hours);
    }

    /** A port; nothing for {@code off}. */
    Optional<Integer> port(Setting setting) {
        return text(setting).equals(OFF) ? Optional.empty() : Optional.of(number(setting, 0, 65_535));
    }

    /** A path; a relative one is relative to the working directory. */
    Path path(Setting setting) {
        try {
            return Path.of(text(setting));
        } catch (InvalidPathException e) {
            notAllowed(setting);
            return Path.of("");
        }
    }

    /** A path; nothing unless it is set. */
    Optional<Path> pathOrNone(Setting setting) {
        return isSet(setting) ? Optional.of(path(setting)) : Optional.empty();
    }

    /** Words with spaces between; none unless it is set. */
    List<String> names(Setting setting) {
        return isSet(setting) ? List.of(text(setting).strip().split("\\s+")) : List.of();
    }

    Optional<Path> pathOrOff(Setting setting, Path standard) {
        if (!isSet(setting)) {
            return Optional.of(standard);
        }
        return text(setting).equals(OFF) ? Optional.empty() : Optional.of(path(setting));
    }

    /** One of an enum's constants, written in lower case. */
    <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
        E[] constants = type.getEnumConstants();
        for (E constant : constants) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text(setting))) {
                return constant;
            }
        }
        notAllowed(setting);
        return constants[0];
    }

    void notAllowed(Setting setting) {
        problem(setting, "\"%s\"; expected %s".formatted(text(setting), setting.allowed()));
    }

    /** -1 if the text is no number, or has more than 12 digits. */
    private static long digits(String text) {
        boolean number = !text.isEmpty() && text.length() <= 12 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(text) : -1;
    }
}
