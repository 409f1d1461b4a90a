package labchat.cli;

import java.util.Objects;

/**
 * What one look of a {@code doctor} command has found.
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
        /** Not looked at, because it makes no sense before a problem is mended. */
        SKIPPED,
        /** It works, but somebody should know. */
        WARNING,
        /** It does not work, or is open to everybody. */
        PROBLEM
    }

    public Finding {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(advice, "advice");
    }

    /** All is well. */
    public static Finding ok(String subject, String found) {
        return new Finding(Level.OK, subject, found, "");
    }

    /** Not looked at. */
    public static Finding skipped(String subject, String found) {
        return new Finding(Level.SKIPPED, subject, found, "");
    }

    /** Somebody should know. */
    public static Finding warning(String subject, String found, String advice) {
        return new Finding(Level.WARNING, subject, found, advice);
    }

    /** Something is wrong. */
    public static Finding problem(String subject, String found, String advice) {
        return new Finding(Level.PROBLEM, subject, found, advice);
    }
}
