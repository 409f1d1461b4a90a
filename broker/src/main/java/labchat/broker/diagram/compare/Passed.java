package labchat.broker.diagram.compare;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import labchat.broker.diagram.Diagram;
import labchat.broker.event.ChatFields;
import labchat.broker.event.PacketTrace;

/**
 * What really passed, as arrows, with what of it had to come before what: the packets of one client are in order, and the
 * broker can pass on only what it has got. Two clients do not wait for each other otherwise, and an acknowledgement only
 * comes after what it acknowledges.
 */
final class Passed {

    /**
     * An arrow.
     *
     * @param left whose client it is
     * @param inbound whether it goes to the broker
     * @param refused whether the broker refused it, or it says so
     */
    record Arrow(boolean left, boolean inbound, PacketKind kind, boolean refused, Diagram.Arrow source) {

        private PacketTrace packet() {
            return source.sources().get(0).packet();
        }
    }

    private final List<Arrow> arrows;
    private final List<BitSet> before = new ArrayList<>();

    private Passed(List<Arrow> arrows) {
        this.arrows = List.copyOf(arrows);
        order();
    }

    /**
     * Those of these kinds; of acknowledgements those for which what they acknowledge is there too. Typing hints in a row
     * are one arrow.
     */
    static Passed of(Diagram diagram, Set<PacketKind> kinds) {
        List<Arrow> arrows = new ArrayList<>();
        Set<Arrow> acknowledged = new HashSet<>();
        Set<List<Boolean>> typing = new HashSet<>();
        for (Diagram.Step step : diagram.steps()) {
            if (!(step instanceof Diagram.Arrow source)) {
                continue;
            }
            Optional<PacketKind> kind =
                    PacketKind.of(source.sources().get(0).packet()).filter(kinds::contains);
            if (kind.isEmpty()) {
                continue;
            }
            Arrow arrow = new Arrow(
                    source.left(), source.inbound(), kind.get(), source.style() == Diagram.Style.REFUSED, source);
            if (PacketKind.ACKS.contains(arrow.kind())) {
                int target = acknowledged(arrows, arrow);
                if (target < 0 || !acknowledged.add(arrows.get(target))) {
                    continue;
                }
            } else if (arrow.kind() == PacketKind.TYPING) {
                if (!typing.add(List.of(arrow.left(), arrow.inbound()))) {
                    continue;
                }
            }
            if (arrow.kind() != PacketKind.TYPING) {
                typing.clear();
            }
            arrows.add(arrow);
        }
        return new Passed(arrows);
    }

    List<Arrow> arrows() {
        return arrows;
    }

    int size() {
        return arrows.size();
    }

    Arrow get(int index) {
        return arrows.get(index);
    }

    /** Whether the one must come before the other. */
    boolean mustPrecede(int first, int second) {
        return before.get(second).get(first);
    }

    private void order() {
        Map<List<Object>, Integer> published = new HashMap<>();
        int[] last = {-1, -1};
        for (int i = 0; i < arrows.size(); i++) {
            Arrow arrow = arrows.get(i);
            BitSet all = new BitSet();
            boolean acknowledges = PacketKind.ACKS.contains(arrow.kind()) && arrow.kind() != PacketKind.CONNACK;
            int side = arrow.left() ? 0 : 1;
            if (acknowledges) {
                after(all, acknowledged(arrows.subList(0, i), arrow));
            } else {
                after(all, last[side]);
                last[side] = i;
            }
            if (PacketKind.PUBLISHES.contains(arrow.kind())) {
                List<Object> talk = talk(arrow);
                if (arrow.inbound()) {
                    published.putIfAbsent(talk, i);
                } else {
                    after(all, published.getOrDefault(talk, -1));
                }
            }
            before.add(all);
        }
    }

    private void after(BitSet all, int index) {
        if (index >= 0) {
            all.or(before.get(index));
            all.set(index);
        }
    }

    /** What an acknowledgement is for: the last of the same client, the other way, of the right type and with the same id. */
    private static int acknowledged(List<Arrow> arrows, Arrow answer) {
        for (int i = arrows.size() - 1; i >= 0; i--) {
            Arrow one = arrows.get(i);
            boolean fits = one.left() == answer.left()
                    && one.inbound() != answer.inbound()
                    && answers(answer.kind(), one.kind())
                    && one.packet().packetId() == answer.packet().packetId()
                    && one.packet()
                            .client()
                            .clientId()
                            .equals(answer.packet().client().clientId());
            if (fits) {
                return i;
            }
        }
        return -1;
    }

    private static boolean answers(PacketKind answer, PacketKind asked) {
        return switch (answer) {
            case CONNACK -> asked == PacketKind.CONNECT;
            case SUBACK -> asked == PacketKind.SUBSCRIBE;
            case UNSUBACK -> asked == PacketKind.UNSUBSCRIBE;
            case PUBACK, PUBREC -> PacketKind.PUBLISHES.contains(asked);
            case PUBREL -> asked == PacketKind.PUBREC;
            case PUBCOMP -> asked == PacketKind.PUBREL;
            default -> false;
        };
    }

    private static List<Object> talk(Arrow arrow) {
        PacketTrace packet = arrow.packet();
        ChatFields chat = packet.chat().orElse(new ChatFields("", "", "", ""));
        return List.of(arrow.kind(), packet.topic(), chat.sender(), chat.receiver(), chat.uuid());
    }
}
