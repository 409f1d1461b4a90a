package labchat.broker.weather;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write and read them. */
final class Spans {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})\\s?(ms|s|m|min|h)");

    private Spans() {}

    /** Such as {@code 200ms}, {@code 20s}, {@code 10m} or {@code 2h}; empty if it is none. */
    static Optional<Duration> parse(String text) {
        Matcher span = SPAN.matcher(text.strip());
        if (!span.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(span.group(1));
        return Optional.of(
                switch (span.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofMinutes(count);
                });
    }

    /** Such as {@code 200 ms}, {@code 20 s}, {@code 9 min 40 s} or {@code 2 h}; only below a second to the millisecond. */
    static String words(Duration span) {
        if (span.compareTo(Duration.ofSeconds(1)) < 0) {
            return span.toMillis() + " ms";
        }
        if (span.compareTo(Duration.ofMinutes(1)) < 0) {
            long rest = span.toMillisPart();
            return rest == 0 ? span.toSeconds() + " s" : "%d.%03d s".formatted(span.toSeconds(), rest);
        }
        if (span.compareTo(Duration.ofHours(1)) < 0) {
            return span.toMinutes() + " min" + and(span.toSecondsPart(), "s");
        }
        return span.toHours() + " h" + and(span.toMinutesPart(), "min");
    }

    private static String and(int rest, String unit) {
        return rest == 0 ? "" : " " + rest + " " + unit;
    }
}
