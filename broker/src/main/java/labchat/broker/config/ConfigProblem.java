package labchat.broker.config;

import java.util.Objects;

/**
 * One mistake in a file, an option or the environment, in words for the one who made it.
 *
 * @param source the file's name as it was given, the option or the variable
 * @param line from 1; 0 if the source has no lines or the problem belongs to none
 * @param message what is wrong, which value, and what is allowed; never a secret
 */
public record ConfigProblem(String source, int line, String message) {

    public ConfigProblem {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(message, "message");
        if (line < 0) {
            throw new IllegalArgumentException("line %d of %s".formatted(line, source));
        }
    }

    /** A problem with a whole source. */
    public static ConfigProblem of(String source, String message) {
        return new ConfigProblem(source, 0, message);
    }

    @Override
    public String toString() {
        return line == 0 ? "%s: %s".formatted(source, message) : "%s:%d: %s".formatted(source, line, message);
    }
}
