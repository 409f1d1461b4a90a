package labchat.broker.weather;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What staff want, as they have written it: numbers with units, none of them needed but one of {@link #LOSS},
 * {@link #DELAY}, {@link #DUPLICATE} and {@link #OUTAGE}.
 */
public sealed interface WeatherOrder {

    /** The chance of a loss: {@code 30%}. */
    String LOSS = "loss";

    /** The delay, one way: {@code 200ms}. */
    String DELAY = "delay";

    /** The chance of a duplicate: {@code 5%}. */
    String DUPLICATE = "duplicate";

    /** No network at all, first: {@code 20s}. */
    String OUTAGE = "outage";

    /** How long all of it lasts: {@code 10m}. */
    String FOR = "for";

    /** All names. */
    List<String> NAMES = List.of(LOSS, DELAY, DUPLICATE, OUTAGE, FOR);

    /** How long weather lasts if nothing is said. */
    Duration STANDARD = Duration.ofMinutes(10);

    /** How long it lasts at the most: a lab's afternoon. */
    Duration LONGEST = Duration.ofHours(4);

    /** It can be done. */
    record Good(Weather weather, Duration lasting) implements WeatherOrder {}

    /**
     * It cannot.
     *
     * @param problems what is wrong, where, and what is allowed; at least one
     */
    record Bad(List<String> problems) implements WeatherOrder {
        public Bad {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads what was written.
     *
     * @param fields by their names; those that are empty count as not given, other names are problems
     * @param shown how a name is written where the order was given, such as {@code --loss}
     */
    static WeatherOrder read(Map<String, String> fields, UnaryOperator<String> shown) {
        return new Reading(fields, shown).order();
    }

    /** Reads one order. */
    final class Reading {
        private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,2})?)\\s?%?");

        private final Map<String, String> fields;
        private final UnaryOperator<String> shown;
        private final List<String> problems = new ArrayList<>();

        private Reading(Map<String, String> fields, UnaryOperator<String> shown) {
            this.fields = fields;
            this.shown = shown;
        }

        private WeatherOrder order() {
            Set<String> names = Set.copyOf(NAMES);
            fields.keySet().stream()
                    .filter(name -> !names.contains(name))
                    .forEach(name -> problems.add("\"%s\" is no part of the weather; there are %s"
                            .formatted(name, String.join(", ", NAMES))));
            double loss = chance(LOSS);
            Duration delay = span(DELAY, Weather.MOST_DELAY, "200ms").orElse(Duration.ZERO);
            double duplicate = chance(DUPLICATE);
            Duration outage = span(OUTAGE, Weather.MOST_OUTAGE, "20s").orElse(Duration.ZERO);
            Optional<Duration> lasting = span(FOR, LONGEST, "10m");
            boolean isFine = loss == 0 && delay.isZero() && duplicate == 0 && outage.isZero();
            if (problems.isEmpty() && isFine) {
                problems.add("no weather is given: set %s, %s, %s or %s; fine weather is had by clearing it"
                        .formatted(shown.apply(LOSS), shown.apply(DELAY), shown.apply(DUPLICATE), shown.apply(OUTAGE)));
            }
            if (lasting.filter(Duration::isZero).isPresent()) {
                problems.add("%s \"%s\": weather lasts at least a second".formatted(shown.apply(FOR), given(FOR)));
            } else if (lasting.filter(span -> span.compareTo(outage) < 0).isPresent()) {
                problems.add("%s \"%s\" is longer than %s \"%s\"; make that as long, or longer"
                        .formatted(shown.apply(OUTAGE), given(OUTAGE), shown.apply(FOR), given(FOR)));
            }
            if (!problems.isEmpty()) {
                return new Bad(problems);
            }
            Weather weather = new Weather(loss, delay, duplicate, outage);
            Duration standard = weather.isMoreThanAnOutage() ? STANDARD : outage;
            return new Good(weather, lasting.orElse(standard));
        }

        private String given(String name) {
            return fields.getOrDefault(name, "").strip();
        }

        private double chance(String name) {
            String text = given(name);
            if (text.isEmpty()) {
                return 0;
            }
            Matcher percent = PERCENT.matcher(text);
            double chance = percent.matches() ? Double.parseDouble(percent.group(1)) / 100 : -1;
            if (chance < 0 || chance > Weather.MOST_CHANCE) {
                problems.add("%s \"%s\"; expected a chance from 0%% to %s, such as 30%%"
                        .formatted(shown.apply(name), text, Weather.percent(Weather.MOST_CHANCE)));
                return 0;
            }
            return chance;
        }

        private Optional<Duration> span(String name, Duration most, String example) {
            String text = given(name);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            Optional<Duration> span = Spans.parse(text);
            if (span.isEmpty() || span.get().compareTo(most) > 0) {
                problems.add("%s \"%s\"; expected a span of at most %s, such as %s; units are ms, s, m and h"
                        .formatted(shown.apply(name), text, Spans.words(most), example));
                return Optional.empty();
            }
            return span;
        }
    }
}
