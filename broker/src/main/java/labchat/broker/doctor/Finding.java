package labchat.broker.doctor;

import java.util.Objects;

/**
 * What one look has found.
 *
 * @param level how bad it is
 * @param subject what was looked at, in a few words, such as {@code port 1883}
 * @param found what is so, in one sentence without a full stop
 * @param advice what to do; empty if there is nothing to do
 */
public record Finding(Level level, String subject, String found, String advice) {

    /** How bad it is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** The broker runs with it, but somebody should know. */
        WARNING,
        /** The broker does not start, does not do its work, or is open to everybody. */
        PROBLEM
    }

    public Finding {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(advice, "advice");
    }

    static Finding ok(String subject, String found) {
        return new Finding(Level.OK, subject, found, "");
    }

    static Finding warning(String subject, String found, String advice) {
        return new Finding(Level.WARNING, subject, found, advice);
    }

    static Finding problem(String subject, String found, String advice) {
        return new Finding(Level.PROBLEM, subject, found, advice);
    }
}
