package labchat.broker.diagram.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import labchat.broker.diagram.compare.OwnDiagram.OwnArrow;
import labchat.broker.diagram.compare.OwnDiagram.Participant;

/** Who of a diagram is the broker and who are the two users; everybody else is not on the wire. */
final class Roles {

    /** What a participant can be. */
    enum Role {
        LEFT,
        BROKER,
        RIGHT
    }

    private static final List<String> BROKERS =
            List.of("broker", "server", "mosquitto", "moquette", "labchat", "mqtt", "megler", "tjener");

    private Roles() {}

    /**
     * All ways to see it that fit the names, at least one; with two users of other names, either may be either.
     *
     * @param said what the reader says, by participant in lower case
     */
    static List<Map<String, Role>> of(OwnDiagram diagram, String left, String right, Map<String, Role> said) {
        Map<String, Role> known = new HashMap<>();
        for (Participant one : diagram.participants()) {
            Role role = said.getOrDefault(
                    one.name().toLowerCase(Locale.ROOT), said.get(one.id().toLowerCase(Locale.ROOT)));
            if (role != null) {
                known.put(one.id(), role);
            }
        }
        named(diagram, Role.LEFT, left, known);
        named(diagram, Role.RIGHT, right, known);
        broker(diagram, known);
        List<String> others = known.containsValue(Role.BROKER) ? partnersOfBroker(diagram, known) : List.of();
        boolean leftOpen = !known.containsValue(Role.LEFT);
        boolean rightOpen = !known.containsValue(Role.RIGHT);
        List<Map<String, Role>> ways = new ArrayList<>();
        if (leftOpen && rightOpen && others.size() > 1) {
            ways.add(with(with(known, others.get(0), Role.LEFT), others.get(1), Role.RIGHT));
            ways.add(with(with(known, others.get(0), Role.RIGHT), others.get(1), Role.LEFT));
        } else if (leftOpen && rightOpen && others.size() == 1) {
            ways.add(with(known, others.get(0), Role.LEFT));
            ways.add(with(known, others.get(0), Role.RIGHT));
        } else if ((leftOpen || rightOpen) && !others.isEmpty()) {
            ways.add(with(known, others.get(0), leftOpen ? Role.LEFT : Role.RIGHT));
        } else {
            ways.add(known);
        }
        return ways;
    }

    private static Map<String, Role> with(Map<String, Role> roles, String id, Role role) {
        Map<String, Role> more = new HashMap<>(roles);
        more.put(id, role);
        return more;
    }

    /** By the user's own name, or a name in which it is a word, such as "Client team1a"; of several, who talks most. */
    private static void named(OwnDiagram diagram, Role role, String user, Map<String, Role> known) {
        if (known.containsValue(role)) {
            return;
        }
        Optional<Participant> found = diagram.participants().stream()
                .filter(one -> !known.containsKey(one.id()))
                .filter(one -> squeezed(one.name()).equals(squeezed(user))
                        || squeezed(one.id()).equals(squeezed(user)))
                .findFirst()
                .or(() -> diagram.participants().stream()
                        .filter(one -> !known.containsKey(one.id()))
                        .filter(one -> List.of(
                                        one.name().toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}_-]+"))
                                .contains(user.toLowerCase(Locale.ROOT)))
                        .max((a, b) -> Long.compare(arrows(diagram, a.id()), arrows(diagram, b.id()))));
        found.ifPresent(one -> known.put(one.id(), role));
    }

    private static String squeezed(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "");
    }

    private static long arrows(OwnDiagram diagram, String id) {
        return diagram.arrows().stream()
                .filter(arrow -> arrow.from().equals(id) || arrow.to().equals(id))
                .count();
    }

    private static void broker(OwnDiagram diagram, Map<String, Role> known) {
        if (known.containsValue(Role.BROKER)) {
            return;
        }
        for (String word : BROKERS) {
            for (Participant one : diagram.participants()) {
                boolean says =
                        (one.name() + " " + one.id()).toLowerCase(Locale.ROOT).contains(word);
                if (says && !known.containsKey(one.id())) {
                    known.put(one.id(), Role.BROKER);
                    return;
                }
            }
        }
        // Whoever stands between two others, if it is one only.
        List<String> between = diagram.participants().stream()
                .map(Participant::id)
                .filter(id -> !known.containsKey(id))
                .filter(id -> partners(diagram, id).size() == 2)
                .filter(id -> diagram.arrows().stream()
                        .allMatch(arrow -> arrow.from().equals(id) || arrow.to().equals(id)))
                .toList();
        if (between.size() == 1) {
            known.put(between.get(0), Role.BROKER);
        }
    }

    private static Set<String> partners(OwnDiagram diagram, String id) {
        Set<String> partners = new HashSet<>();
        for (OwnArrow arrow : diagram.arrows()) {
            if (arrow.from().equals(id)) {
                partners.add(arrow.to());
            } else if (arrow.to().equals(id)) {
                partners.add(arrow.from());
            }
        }
        partners.remove(id);
        return partners;
    }

    private static List<String> partnersOfBroker(OwnDiagram diagram, Map<String, Role> known) {
        String broker = known.entrySet().stream()
                .filter(entry -> entry.getValue() == Role.BROKER)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        Set<String> partners = partners(diagram, broker);
        return diagram.participants().stream()
                .map(Participant::id)
                .filter(id -> partners.contains(id) && !known.containsKey(id))
                .toList();
    }
}
