package labchat.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import labchat.cli.Finding.Level;
import picocli.CommandLine.Help.Ansi;

/** How findings are shown: lines for people, or one JSON object for programs. */
public final class FindingReport {

    private static final String INDENT = "         > ";

    private FindingReport() {}

    /** The worst of them; {@link Level#OK} if there are none, or what was not looked at is all there is. */
    public static Level worst(List<Finding> findings) {
        return findings.stream()
                .map(Finding::level)
                .filter(level -> level != Level.SKIPPED)
                .max(Level::compareTo)
                .orElse(Level.OK);
    }

    /**
     * One finding: what was found, and behind it what to do.
     *
     * @param color whether the level is coloured
     */
    public static List<String> lines(Finding finding, boolean color) {
        List<String> lines = new ArrayList<>();
        lines.add("%s %s: %s."
                .formatted(label(finding.level(), color), printable(finding.subject()), printable(finding.found())));
        if (!finding.advice().isEmpty()) {
            lines.add(INDENT + printable(finding.advice()));
        }
        return lines;
    }

    private static String label(Level level, boolean color) {
        String word = "%-8s".formatted(word(level));
        return (color ? Ansi.ON : Ansi.OFF)
                .string(
                        switch (level) {
                            case OK -> "@|green %s|@".formatted(word);
                            case SKIPPED -> "@|faint %s|@".formatted(word);
                            case WARNING -> "@|bold,yellow %s|@".formatted(word);
                            case PROBLEM -> "@|bold,red %s|@".formatted(word);
                        });
    }

    private static String word(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    /** How many problems and warnings there are, as the last line. */
    public static String summary(List<Finding> findings) {
        long problems = count(findings, Level.PROBLEM);
        long warnings = count(findings, Level.WARNING);
        if (problems == 0 && warnings == 0) {
            return count(findings, Level.SKIPPED) == 0
                    ? "Everything is all right."
                    : "Everything that was looked at is all right.";
        }
        return "%s, %s.".formatted(number(problems, "problem", "No"), number(warnings, "warning", "no"));
    }

    private static String number(long count, String word, String none) {
        return count == 0 ? none + " " + word + "s" : count == 1 ? "1 " + word : "%d %ss".formatted(count, word);
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    /** {@code {"status":"ok","findings":[{"level":…,"subject":…,"found":…,"advice":…},…]}} in one line. */
    public static String json(List<Finding> findings) {
        StringBuilder out = new StringBuilder("{\"status\":");
        quote(word(worst(findings)), out);
        out.append(",\"findings\":[");
        String between = "";
        for (Finding finding : findings) {
            out.append(between).append("{\"level\":");
            quote(word(finding.level()), out);
            out.append(",\"subject\":");
            quote(finding.subject(), out);
            out.append(",\"found\":");
            quote(finding.found(), out);
            out.append(",\"advice\":");
            quote(finding.advice(), out);
            out.append('}');
            between = ",";
        }
        return out.append("]}").toString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < ' ' || c >= 0x7f && c < 0xa0 || Character.isSurrogate((char) c)) {
                out.append("\\u%04x".formatted(c));
            } else {
                out.append((char) c);
            }
        });
        out.append('"');
    }

    /** Files, settings and servers may say anything; a terminal must not obey it. */
    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE) {
                shown.append("\\u%04x".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
