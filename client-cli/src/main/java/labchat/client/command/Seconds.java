package labchat.client.command;

import java.math.BigDecimal;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a span of time in seconds, such as 5 or 0.5; more than zero, at most a day. */
final class Seconds implements ITypeConverter<Duration> {

    private static final Duration LONGEST = Duration.ofDays(1);

    @Override
    public Duration convert(String value) {
        if (value.matches("[0-9]{1,6}(\\.[0-9]{1,3})?")) {
            Duration span =
                    Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValueExact());
            if (!span.isZero() && span.compareTo(LONGEST) <= 0) {
                return span;
            }
        }
        throw new TypeConversionException(
                "expected seconds, more than 0 and at most %d, found \"%s\"".formatted(LONGEST.toSeconds(), value));
    }

    /** A span as its user wrote it. */
    static String words(Duration span) {
        return BigDecimal.valueOf(span.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}
