package labchat.broker.diagram;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import labchat.broker.event.PacketTrace;

/**
 * What two users' clients and the broker said to each other. Texts are in one line and safe to show, but not escaped for
 * any format.
 *
 * @param left the user on the left
 * @param right the user on the right
 * @param steps in their order
 * @param leftOut how many arrows before these there would be; 0 if this is all
 */
public record Diagram(String left, String right, List<Step> steps, int leftOut) {

    public Diagram {
        steps = List.copyOf(steps);
    }

    /** A packet with where it was found. */
    public record Source(PacketTrace packet, String place) {}

    /** One thing in the diagram. */
    public sealed interface Step {

        /** When it happened; of several, the first. */
        Instant time();
    }

    /** How an arrow is drawn. */
    public enum Style {
        /** Something that one side does. */
        CALL,
        /** An acknowledgement. */
        ANSWER,
        /** Something that was refused, or that refuses. */
        REFUSED
    }

    /**
     * A packet between one user's client and the broker, or several of the same kind in a row.
     *
     * @param left whether it is the left user's; otherwise the right one's
     * @param inbound whether it goes to the broker; otherwise it comes from there
     * @param label such as {@code subscribe(ttm4175/chat/team1a/#)}
     * @param sources the packets, at least one
     */
    public record Arrow(boolean left, boolean inbound, Style style, String label, List<Source> sources)
            implements Step {

        public Arrow {
            sources = List.copyOf(sources);
            if (sources.isEmpty()) {
                throw new IllegalArgumentException("an arrow without a packet");
            }
        }

        @Override
        public Instant time() {
            return sources.get(0).packet().time();
        }

        /** What a reader may want to know beyond the label: time, type, and where in the log the packets are. */
        public String details() {
            Source first = sources.get(0);
            String place = first.place().isEmpty() ? "" : " " + first.place();
            if (sources.size() == 1) {
                return time() + " " + first.packet().type() + id(first) + place;
            }
            Source last = sources.get(sources.size() - 1);
            return "%s to %s %s x%d%s%s"
                    .formatted(
                            time(),
                            last.packet().time(),
                            first.packet().type(),
                            sources.size(),
                            place,
                            last.place().isEmpty() ? "" : " to " + last.place());
        }

        private static String id(Source source) {
            return source.packet().packetId() > 0 ? " id " + source.packet().packetId() : "";
        }

        /** Whether it points to the right. */
        boolean toTheRight() {
            return left == inbound;
        }
    }

    /** Packets are missing here, whosever they were: the log could not keep up with the broker. */
    public record Gap(Instant time, long count) implements Step {

        String text() {
            return count + (count == 1 ? " packet is" : " packets are") + " missing here";
        }
    }

    /** What to say of arrows that are not shown. */
    Optional<String> leftOutText() {
        return leftOut == 0
                ? Optional.empty()
                : Optional.of("%d earlier %s not shown".formatted(leftOut, leftOut == 1 ? "arrow is" : "arrows are"));
    }
}
