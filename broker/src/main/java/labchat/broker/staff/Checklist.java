package labchat.broker.staff;

import java.time.Instant;
import java.util.List;

/**
 * What a user's program can do and what is still open, as a practice partner has found it.
 *
 * @param partner who says it
 */
public record Checklist(Instant time, String partner, List<String> done, List<String> open) {

    /** How many points of either sort are held, and how many characters of each. */
    public static final int MAX_POINTS = 40;

    static final int MAX_LENGTH = 64;

    public Checklist {
        done = cut(done);
        open = cut(open);
    }

    private static List<String> cut(List<String> points) {
        return points.stream()
                .limit(MAX_POINTS)
                .map(point -> point.length() > MAX_LENGTH ? point.substring(0, MAX_LENGTH) : point)
                .toList();
    }
}
