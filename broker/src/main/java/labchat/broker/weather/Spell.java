package labchat.broker.weather;

import java.time.Duration;
import java.time.Instant;
import labchat.broker.event.Refusal;

/**
 * Weather that a user has.
 *
 * @param until when it ends by itself
 * @param outageUntil until when there is no network at all; not after {@code since} if there is no outage
 * @param resendAfter after how long a sender sends again what was lost
 */
public record Spell(
        String user, Weather weather, Instant since, Instant until, Instant outageUntil, Duration resendAfter) {

    /** Whether there is no network at all. */
    public boolean isOut(Instant now) {
        return now.isBefore(outageUntil);
    }

    /** What is left of the outage; zero if there is none. */
    public Duration outageLeft(Instant now) {
        return isOut(now) ? Duration.between(now, outageUntil) : Duration.ZERO;
    }

    /** What is left of all of it; zero if it is over. */
    public Duration left(Instant now) {
        return now.isBefore(until) ? Duration.between(now, until) : Duration.ZERO;
    }

    /** For the team that gets it. */
    public Refusal begins() {
        return told("Lab weather from the staff, for you only: %s, for %s"
                .formatted(weather.words(), whole(Duration.between(since, until))));
    }

    /** For a team that had other weather. */
    public Refusal changes() {
        return told("The lab weather changes: %s, for %s"
                .formatted(weather.words(), whole(Duration.between(since, until))));
    }

    /** For a connection that is made while it lasts. */
    public Refusal goesOn(Instant now) {
        Weather rest = !weather.isMoreThanAnOutage()
                ? weather
                : new Weather(weather.loss(), weather.delay(), weather.duplicate(), outageLeft(now));
        return told("You have lab weather from the staff: %s, for %s more".formatted(rest.words(), whole(left(now))));
    }

    /** What it is like now, such as {@code 30% loss, no network for another 12 s}. */
    public String wordsNow(Instant now) {
        String out = isOut(now) ? "no network for another " + whole(outageLeft(now)) : "";
        if (!weather.isMoreThanAnOutage()) {
            return out.isEmpty() ? weather.words() : out;
        }
        String rest = new Weather(weather.loss(), weather.delay(), weather.duplicate(), Duration.ZERO).words();
        return out.isEmpty() ? rest : rest + ", " + out;
    }

    private static Refusal told(String words) {
        return Refusal.of("weather", words)
                .withHint("It is on purpose and ends by itself: watch what arrives at QoS 0, 1 and 2.");
    }

    /** For a team whose weather is over. */
    public static Refusal ended() {
        return Refusal.of("weather", "The lab weather is over").withHint("Your connection is as it was before.");
    }

    private static String whole(Duration left) {
        return Spans.words(Duration.ofSeconds(Math.max(1, Math.round(left.toMillis() / 1000.0))));
    }

    /** What is left, for a list. */
    public String leftWords(Instant now) {
        return whole(left(now));
    }
}
