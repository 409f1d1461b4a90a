package labchat.protocol.topic;

import java.util.List;
import java.util.Optional;

/**
 * A topic filter as in SUBSCRIBE and in {@code acl.conf}: MQTT 3.1.1 and 5, section 4.7. Matching is by whole levels; an
 * empty level is a level like any other ({@code a/} is not {@code a}); a filter that begins with a wildcard matches no
 * topic that begins with {@code $} [MQTT-4.7.2-1].
 *
 * @param value the filter as it was written
 */
public record TopicFilter(String value) {

    /** @throws IllegalArgumentException if the value is no filter; the message says why and where */
    public TopicFilter {
        problem(value).ifPresent(reason -> {
            throw new IllegalArgumentException("topic filter \"%s\": %s".formatted(value, reason));
        });
    }

    /** Why the text is no filter, in words for its author; empty if it is one. */
    public static Optional<String> problem(String filter) {
        Optional<String> problem = TopicName.problemOfText(filter);
        if (problem.isPresent()) {
            return problem;
        }
        int last = filter.length() - 1;
        for (int i = 0; i <= last; i++) {
            char c = filter.charAt(i);
            if (c != '+' && c != '#') {
                continue;
            }
            boolean wholeLevel = (i == 0 || filter.charAt(i - 1) == '/') && (i == last || filter.charAt(i + 1) == '/');
            if (!wholeLevel) {
                // [MQTT-4.7.1-2], [MQTT-4.7.1-3]
                return Optional.of("%c must be a whole level, found at index %d".formatted(c, i));
            }
            if (c == '#' && i != last) {
                return Optional.of("# must be the last level, found at index %d".formatted(i));
            }
        }
        return Optional.empty();
    }

    /** The levels, wildcards included. */
    public List<String> levels() {
        return List.of(value.split("/", -1));
    }

    /** Whether the filter has no wildcard. */
    public boolean isLiteral() {
        return value.indexOf('+') < 0 && value.indexOf('#') < 0;
    }

    /** Whether this filter matches the topic. Allocates nothing. */
    public boolean matches(String topic) {
        return matches(value, topic);
    }

    /** Whether a well-formed filter matches a topic without wildcards. Allocates nothing. */
    public static boolean matches(String filter, String topic) {
        int filterLength = filter.length();
        int topicLength = topic.length();
        if (topicLength == 0 || filterLength == 0) {
            return false;
        }
        if (topic.charAt(0) == '$' && filter.charAt(0) != '$') {
            return false;
        }
        int f = 0;
        int t = 0;
        while (true) {
            char c = f < filterLength ? filter.charAt(f) : 0;
            if (c == '#') {
                return true;
            }
            if (c == '+') {
                f++;
                while (t < topicLength && topic.charAt(t) != '/') {
                    t++;
                }
            } else {
                while (f < filterLength && filter.charAt(f) != '/') {
                    if (t >= topicLength || topic.charAt(t) != filter.charAt(f)) {
                        return false;
                    }
                    f++;
                    t++;
                }
                if (t < topicLength && topic.charAt(t) != '/') {
                    return false;
                }
            }
            boolean filterEnds = f >= filterLength;
            boolean topicEnds = t >= topicLength;
            if (topicEnds) {
                // "a/#" matches its parent "a" too
                return filterEnds || f + 2 == filterLength && filter.charAt(f + 1) == '#';
            }
            if (filterEnds) {
                return false;
            }
            f++;
            t++;
            if (f == filterLength && t == topicLength) {
                // both end in an empty level
                return true;
            }
        }
    }

    /** Whether every topic that {@code other} matches is matched by this filter. */
    public boolean covers(TopicFilter other) {
        if (startsWithWildcard() && other.value.startsWith("$")) {
            return false;
        }
        List<String> mine = levels();
        List<String> theirs = other.levels();
        for (int i = 0; ; i++) {
            boolean mineEnds = i == mine.size();
            boolean theirsEnds = i == theirs.size();
            if (mineEnds || theirsEnds) {
                return mineEnds && theirsEnds || !mineEnds && isLast(mine, i, "#");
            }
            String m = mine.get(i);
            String t = theirs.get(i);
            if (m.equals("#")) {
                return true;
            }
            if (t.equals("#")) {
                // Neither "#" nor "/#" has a parent topic (it would be empty), so "+/#" and "/+/#" cover them.
                boolean hasParent = i > 1 || i == 1 && !theirs.get(0).isEmpty();
                return !hasParent && m.equals("+") && isLast(mine, i + 1, "#");
            }
            if (!m.equals("+") && !m.equals(t)) {
                return false;
            }
        }
    }

    /** Whether some topic is matched by both filters. */
    public boolean overlaps(TopicFilter other) {
        if (startsWithWildcard() && other.value.startsWith("$")
                || other.startsWithWildcard() && value.startsWith("$")) {
            return false;
        }
        List<String> mine = levels();
        List<String> theirs = other.levels();
        for (int i = 0; ; i++) {
            boolean mineEnds = i == mine.size();
            boolean theirsEnds = i == theirs.size();
            if (mineEnds || theirsEnds) {
                // "+" and "/#" have only the empty topic in common, which is none.
                boolean emptyTopic =
                        i == 1 && (mine.get(0).isEmpty() || theirs.get(0).isEmpty());
                return mineEnds && theirsEnds
                        || !emptyTopic && (!mineEnds && isLast(mine, i, "#") || !theirsEnds && isLast(theirs, i, "#"));
            }
            String m = mine.get(i);
            String t = theirs.get(i);
            if (m.equals("#") || t.equals("#")) {
                return true;
            }
            if (!m.equals("+") && !t.equals("+") && !m.equals(t)) {
                return false;
            }
        }
    }

    private boolean startsWithWildcard() {
        return value.startsWith("+") || value.startsWith("#");
    }

    private static boolean isLast(List<String> levels, int index, String level) {
        return index == levels.size() - 1 && levels.get(index).equals(level);
    }

    @Override
    public String toString() {
        return value;
    }
}
