package labchat.client.command;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a span of time such as 90s, 5m or 1h; 1 s to a day. */
final class Span implements ITypeConverter<Duration> {

    private static final Duration LONGEST = Duration.ofDays(1);

    @Override
    public Duration convert(String value) {
        if (value.matches("[0-9]{1,6}[smh]")) {
            long number = Long.parseLong(value.substring(0, value.length() - 1));
            Duration span = switch (value.charAt(value.length() - 1)) {
                case 's' -> Duration.ofSeconds(number);
                case 'm' -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
            if (!span.isZero() && span.compareTo(LONGEST) <= 0) {
                return span;
            }
        }
        throw new TypeConversionException(
                "expected a span of time such as 90s, 5m or 1h, at most 24h, found \"%s\"".formatted(value));
    }
}
