package labchat.broker.command;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Which span of time a command looks at. */
final class TimeOptions {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([smhd])");

    @Option(
            order = 10,
            names = "--since",
            paramLabel = "TIME",
            description = {
                "Only from then on: how long ago (90s, 10m, 2h, 1d), a day (2026-11-20, UTC)",
                "or a time (2026-11-20T10:15:30Z)."
            })
    private String since;

    @Option(order = 11, names = "--until", paramLabel = "TIME", description = "Only before then; written likewise.")
    private String until;

    @Option(
            order = 12,
            names = "--last",
            paramLabel = "SPAN",
            description = "The same as --since, for a span such as 10m.")
    private String last;

    /**
     * From when on.
     *
     * @throws CommandFailure for what is no time, and if both --since and --last are given
     */
    Optional<Instant> since(Clock clock) {
        if (since != null && last != null) {
            throw CommandFailure.usage("--last and --since both say from when on; give one of them");
        }
        if (last != null) {
            return Optional.of(span(last).map(span -> ago(clock, span)).orElseThrow(() -> noTime("--last", last)));
        }
        return Optional.ofNullable(since).map(text -> time("--since", text, clock));
    }

    /**
     * Until when.
     *
     * @throws CommandFailure for what is no time, and for one that is not after {@link #since}
     */
    Optional<Instant> until(Clock clock) {
        Optional<Instant> end = Optional.ofNullable(until).map(text -> time("--until", text, clock));
        Optional<Instant> start = since(clock);
        if (end.isPresent() && start.isPresent() && !start.get().isBefore(end.get())) {
            throw CommandFailure.usage("--until \"%s\" is not after the beginning, %s; nothing can be in between"
                    .formatted(until, start.get()));
        }
        return end;
    }

    private static Instant time(String option, String text, Clock clock) {
        Optional<Duration> span = span(text);
        if (span.isPresent()) {
            return ago(clock, span.get());
        }
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw noTime(option, text);
        }
    }

    private static Instant ago(Clock clock, Duration span) {
        try {
            return clock.instant().minus(span);
        } catch (DateTimeException | ArithmeticException e) {
            return Instant.EPOCH;
        }
    }

    private static Optional<Duration> span(String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(span.group(1));
        return Optional.of(
                switch (span.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }

    private static CommandFailure noTime(String option, String text) {
        String others =
                option.equals("--last") ? "" : ", a day such as 2026-11-20 or a time such as 2026-11-20T10:15:30Z";
        return CommandFailure.usage(
                "%s \"%s\"; expected a span such as 90s, 10m, 2h or 1d%s".formatted(option, text, others));
    }
}
