package labchat.broker.weather;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How bad a team's network is: docs/decisions/0009-weather.md.
 *
 * @param loss the chance that a packet is lost, 0 to {@link #MOST_CHANCE}
 * @param delay how much later a packet arrives, one way, up to {@link #MOST_DELAY}
 * @param duplicate the chance that a publish arrives twice, 0 to {@link #MOST_CHANCE}
 * @param outage how long there is no network at all, from the beginning on, up to {@link #MOST_OUTAGE}
 */
public record Weather(double loss, Duration delay, double duplicate, Duration outage) {

    /** The highest chance: with more, hardly anything would get through. */
    public static final double MOST_CHANCE = 0.9;

    /** The longest delay, one way. */
    public static final Duration MOST_DELAY = Duration.ofSeconds(2);

    /** The longest outage. */
    public static final Duration MOST_OUTAGE = Duration.ofMinutes(10);

    /** @throws IllegalArgumentException if a number is out of range, or nothing is set at all */
    public Weather {
        if (!isChance(loss) || !isChance(duplicate)) {
            throw new IllegalArgumentException("chances from 0 to %s: %s, %s".formatted(MOST_CHANCE, loss, duplicate));
        }
        if (isBeyond(delay, MOST_DELAY) || isBeyond(outage, MOST_OUTAGE)) {
            throw new IllegalArgumentException("too long or negative: %s, %s".formatted(delay, outage));
        }
        if (loss == 0 && duplicate == 0 && delay.isZero() && outage.isZero()) {
            throw new IllegalArgumentException("fine weather is no weather");
        }
    }

    private static boolean isChance(double chance) {
        return chance >= 0 && chance <= MOST_CHANCE;
    }

    private static boolean isBeyond(Duration span, Duration most) {
        return span.isNegative() || span.compareTo(most) > 0;
    }

    /** Whether there is anything beside an outage. */
    public boolean isMoreThanAnOutage() {
        return loss > 0 || duplicate > 0 || !delay.isZero();
    }

    /** After how long a sender sends again what was lost: a while, and the round trip. */
    public Duration resendAfter(Duration least) {
        return least.plus(delay.multipliedBy(2));
    }

    /** In words, such as {@code 30% loss, 200 ms delay each way}. */
    public String words() {
        List<String> parts = new ArrayList<>();
        if (loss > 0) {
            parts.add(percent(loss) + " loss");
        }
        if (!delay.isZero()) {
            parts.add(Spans.words(delay) + " delay each way");
        }
        if (duplicate > 0) {
            parts.add(percent(duplicate) + " duplicates");
        }
        if (!outage.isZero()) {
            parts.add("an outage of " + Spans.words(outage));
        }
        return String.join(", ", parts);
    }

    static String percent(double chance) {
        double hundredth = Math.round(chance * 10_000) / 100.0;
        return hundredth == Math.rint(hundredth)
                ? "%d%%".formatted((long) hundredth)
                : String.format(Locale.ROOT, "%s%%", hundredth);
    }
}
