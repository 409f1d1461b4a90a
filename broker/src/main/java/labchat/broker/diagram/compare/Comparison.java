package labchat.broker.diagram.compare;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import labchat.broker.diagram.Diagram;
import labchat.broker.diagram.compare.OwnDiagram.Block;
import labchat.broker.diagram.compare.OwnDiagram.OwnArrow;
import labchat.broker.diagram.compare.OwnDiagram.Participant;
import labchat.broker.diagram.compare.OwnDiagram.Remark;
import labchat.broker.diagram.compare.Roles.Role;
import labchat.broker.traffic.RemoteText;

/**
 * Compares somebody's own diagram with what passed. The arrows are matched by the longest common subsequence; what is left
 * over of both is missing, extra, or in another order. Another order is no mistake where the packets could have come in
 * either.
 */
public final class Comparison {

    /** The longest diagram, in characters. */
    public static final int MAX_LENGTH = 200_000;

    /** The longest line, in characters: what is looked for in a label takes the square of its length. */
    public static final int MAX_LINE = 2_000;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final int MOST_WAYS = 64;
    private static final int EXACT = 100;
    private static final int LIKELY = 60;

    /** What is different. */
    public enum Difference {
        /** It passed, and is not drawn. */
        MISSING,
        /** It is drawn, and did not pass. */
        EXTRA,
        /** It is drawn at another place than where it passed. */
        ORDER,
        /** It is drawn, but it cannot be told what it is. */
        UNCLEAR
    }

    /**
     * A difference.
     *
     * @param line of the own diagram: where it is, or behind which it is missing; 0 for its beginning
     * @param words for the one who has drawn it
     */
    public record Finding(Difference difference, int line, String words) {}

    /**
     * What came of it.
     *
     * @param findings in the order of the own diagram; none if it shows what passed
     * @param remarks what was not compared, and how it was understood
     * @param matched how many arrows are as they passed
     */
    public record Report(List<Finding> findings, List<String> remarks, int matched) {
        public Report {
            findings = List.copyOf(findings);
            remarks = List.copyOf(remarks);
        }

        /** Whether the diagram shows what passed. */
        public boolean isSame() {
            return findings.isEmpty();
        }
    }

    /** An arrow of the own diagram that goes between a client and the broker. */
    private record Own(OwnArrow arrow, boolean left, boolean inbound, Set<PacketKind> kinds) {}

    /** One way to understand the own diagram. */
    private record Way(Map<String, Role> roles, Map<Integer, Integer> branches) {}

    private final OwnDiagram drawn;
    private final Diagram traffic;
    private final boolean everything;

    private final List<Finding> findings = new ArrayList<>();
    private final List<Remark> remarks = new ArrayList<>();
    private List<Own> own = List.of();
    private List<OwnArrow> direct = List.of();
    private Passed passed;
    private Map<String, Role> chosen = Map.of();
    private int[] ownToPassed = {};
    private int[] passedToOwn = {};

    private Comparison(OwnDiagram drawn, Diagram traffic, boolean everything) {
        this.drawn = drawn;
        this.traffic = traffic;
        this.everything = everything;
    }

    /**
     * Reads the diagram and compares it.
     *
     * @param text in either language
     * @param fileName helps to tell which, if the text does not; may be empty
     * @param traffic what passed, with acknowledgements
     * @param who which participants are the left user, the right user or the broker, by their names as in the text; who is
     *     not named is found by name and by place
     * @param everything whether acknowledgements and what else is not drawn counts as missing
     * @throws UnreadableDiagramException with every line that is not understood
     */
    public static Report compare(
            String text, String fileName, Diagram traffic, Map<String, String> who, boolean everything)
            throws UnreadableDiagramException {
        if (text.length() > MAX_LENGTH) {
            throw new UnreadableDiagramException(
                    List.of("it has %d characters, at most %d are read".formatted(text.length(), MAX_LENGTH)));
        }
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int length = lines.get(i).length();
            if (length > MAX_LINE) {
                throw new UnreadableDiagramException(List.of(
                        "line %d: it has %d characters, at most %d are read".formatted(i + 1, length, MAX_LINE)));
            }
        }
        Language language = Language.of(text, fileName)
                .orElseThrow(
                        () -> new UnreadableDiagramException(
                                List.of(
                                        "it is neither Mermaid, which begins with the line sequenceDiagram, nor PlantUML, which begins with @startuml")));
        OwnDiagram drawn = switch (language) {
            case MERMAID -> MermaidParser.parse(text);
            case PLANTUML -> PlantUmlParser.parse(text);
        };
        return new Comparison(drawn, traffic, everything).run(said(who, drawn, traffic));
    }

    private static Map<String, Role> said(Map<String, String> who, OwnDiagram drawn, Diagram traffic)
            throws UnreadableDiagramException {
        Map<String, Role> said = new HashMap<>();
        for (Map.Entry<String, String> one : who.entrySet()) {
            String name = one.getKey().toLowerCase(Locale.ROOT);
            boolean known = drawn.participants().stream()
                    .anyMatch(p -> p.name().toLowerCase(Locale.ROOT).equals(name)
                            || p.id().toLowerCase(Locale.ROOT).equals(name));
            if (!known) {
                throw new UnreadableDiagramException(List.of("there is no participant \"%s\"; there are %s"
                        .formatted(
                                one.getKey(),
                                drawn.participants().stream()
                                        .map(Participant::name)
                                        .collect(Collectors.joining(", ")))));
            }
            if (one.getValue().equals(traffic.left())) {
                said.put(name, Role.LEFT);
            } else if (one.getValue().equals(traffic.right())) {
                said.put(name, Role.RIGHT);
            } else if (one.getValue().equalsIgnoreCase("broker")) {
                said.put(name, Role.BROKER);
            } else {
                throw new UnreadableDiagramException(List.of("\"%s\" is none of %s, %s and broker"
                        .formatted(one.getValue(), traffic.left(), traffic.right())));
            }
        }
        return said;
    }

    private Report run(Map<String, Role> said) {
        Way best = null;
        long bestScore = -1;
        for (Way way : ways(said)) {
            understand(way);
            long score = match();
            if (score > bestScore) {
                best = way;
                bestScore = score;
            }
        }
        understand(best);
        match();
        say(best);
        order(matchMoved());
        goesPast();
        leftOver();
        findings.sort(Comparator.comparingInt(Finding::line));
        int matched =
                (int) Arrays.stream(ownToPassed).filter(index -> index >= 0).count();
        return new Report(
                findings,
                remarks.stream()
                        .sorted(Comparator.comparingInt(Remark::line))
                        .map(remark -> remark.line() == 0
                                ? remark.text()
                                : "line %d: %s".formatted(remark.line(), remark.text()))
                        .distinct()
                        .toList(),
                matched);
    }

    /** Who may be who, times which branch may have been taken. */
    private List<Way> ways(Map<String, Role> said) {
        List<Map<Integer, Integer>> branches = new ArrayList<>(List.of(Map.of()));
        for (Block block : drawn.blocks()) {
            List<Map<Integer, Integer>> more = new ArrayList<>();
            int count = branches.size() * block.lines().size() > MOST_WAYS
                    ? 1
                    : block.lines().size();
            for (Map<Integer, Integer> before : branches) {
                for (int i = 0; i < count; i++) {
                    Map<Integer, Integer> one = new HashMap<>(before);
                    one.put(block.number(), i);
                    more.add(one);
                }
            }
            branches = more;
        }
        List<Way> ways = new ArrayList<>();
        for (Map<String, Role> roles : Roles.of(drawn, traffic.left(), traffic.right(), said)) {
            branches.forEach(chosen -> ways.add(new Way(roles, chosen)));
        }
        return ways;
    }

    /** Sorts the own arrows into those on the wire, those past the broker, and others; then what of the traffic counts. */
    private void understand(Way way) {
        List<Own> onWire = new ArrayList<>();
        List<OwnArrow> past = new ArrayList<>();
        Set<List<Object>> typing = new HashSet<>();
        for (OwnArrow arrow : drawn.arrows()) {
            boolean taken = arrow.branches().entrySet().stream()
                    .allMatch(in -> way.branches().getOrDefault(in.getKey(), 0).equals(in.getValue()));
            Role from = way.roles().get(arrow.from());
            Role to = way.roles().get(arrow.to());
            if (!taken || from == null || to == null || from == to) {
                continue;
            }
            if (from != Role.BROKER && to != Role.BROKER) {
                past.add(arrow);
                continue;
            }
            boolean inbound = to == Role.BROKER;
            boolean left = (inbound ? from : to) == Role.LEFT;
            Set<PacketKind> kinds = Labels.kinds(arrow.label(), inbound);
            // Typing hints in a row are one arrow, as in the diagrams that the broker draws.
            if (kinds.equals(EnumSet.of(PacketKind.TYPING))) {
                if (!typing.add(List.of(left, inbound))) {
                    continue;
                }
            } else {
                typing.clear();
            }
            onWire.add(new Own(arrow, left, inbound, kinds));
        }
        own = onWire;
        direct = past;
        passed = Passed.of(traffic, compared());
    }

    /** Which packets count: the chat's own, and what else is drawn. */
    private Set<PacketKind> compared() {
        if (everything) {
            return EnumSet.allOf(PacketKind.class);
        }
        Set<PacketKind> kinds = EnumSet.copyOf(PacketKind.CORE);
        for (Own one : own) {
            if (one.kinds().size() == 1) {
                kinds.addAll(one.kinds().iterator().next().family());
            } else if (one.kinds().equals(PacketKind.ACKS)) {
                kinds.addAll(PacketKind.ACKS);
            }
        }
        return kinds;
    }

    private int score(Own one, Passed.Arrow other) {
        if (one.left() != other.left()
                || one.inbound() != other.inbound()
                || !one.kinds().contains(other.kind())) {
            return 0;
        }
        int score = one.kinds().size() == 1 ? EXACT : LIKELY;
        String uuid = other.source()
                .sources()
                .get(0)
                .packet()
                .chat()
                .map(chat -> chat.uuid())
                .orElse("");
        return !uuid.isEmpty() && one.arrow().label().contains(uuid) ? score + 1 : score;
    }

    /** The heaviest common subsequence; gives its weight. */
    private long match() {
        int n = own.size();
        int m = passed.size();
        long[][] best = new long[n + 1][m + 1];
        for (int i = n - 1; i >= 0; i--) {
            for (int k = m - 1; k >= 0; k--) {
                long skip = Math.max(best[i + 1][k], best[i][k + 1]);
                int score = score(own.get(i), passed.get(k));
                best[i][k] = score == 0 ? skip : Math.max(skip, best[i + 1][k + 1] + score);
            }
        }
        ownToPassed = new int[n];
        passedToOwn = new int[m];
        Arrays.fill(ownToPassed, -1);
        Arrays.fill(passedToOwn, -1);
        int i = 0;
        int k = 0;
        while (i < n && k < m) {
            int score = score(own.get(i), passed.get(k));
            if (score > 0 && best[i][k] == best[i + 1][k + 1] + score) {
                ownToPassed[i] = k;
                passedToOwn[k] = i;
                i++;
                k++;
            } else if (best[i][k] == best[i][k + 1]) {
                k++;
            } else {
                i++;
            }
        }
        return best[0][0];
    }

    /** What is left over of both and fits is the same packet at another place. */
    private Set<Integer> matchMoved() {
        Set<Integer> moved = new TreeSet<>();
        for (int i = 0; i < own.size(); i++) {
            for (int k = 0; ownToPassed[i] < 0 && k < passed.size(); k++) {
                if (passedToOwn[k] < 0 && score(own.get(i), passed.get(k)) > 0) {
                    ownToPassed[i] = k;
                    passedToOwn[k] = i;
                    moved.add(i);
                }
            }
        }
        return moved;
    }

    /** Says which of those that were moved stand where they cannot have been. */
    private void order(Set<Integer> moved) {
        Set<Integer> named = new TreeSet<>();
        for (int i : moved) {
            Optional<Integer> later = tooEarlyFor(i, named);
            Optional<Integer> earlier = later.isPresent() ? Optional.empty() : tooLateFor(i, named);
            Optional<Integer> other = later.or(() -> earlier);
            if (other.isPresent()) {
                named.add(i);
                findings.add(new Finding(
                        Difference.ORDER,
                        own.get(i).arrow().line(),
                        "you have %s %s %s (line %d); in the traffic it came %s it%s"
                                .formatted(
                                        name(own.get(i)),
                                        later.isPresent() ? "before" : "after",
                                        name(own.get(other.get())),
                                        own.get(other.get()).arrow().line(),
                                        later.isPresent() ? "after" : "before",
                                        place(passed.get(ownToPassed[i])))));
            }
        }
        if (named.isEmpty() && isTwisted()) {
            remarks.add(
                    new Remark(
                            0,
                            "some arrows came in another order, which is no mistake: two clients do not wait for each other, nor anybody for an acknowledgement"));
        }
    }

    /** The last of those below it that had to come before it. */
    private Optional<Integer> tooEarlyFor(int i, Set<Integer> named) {
        for (int k = own.size() - 1; k > i; k--) {
            if (ownToPassed[k] >= 0 && !named.contains(k) && passed.mustPrecede(ownToPassed[k], ownToPassed[i])) {
                return Optional.of(k);
            }
        }
        return Optional.empty();
    }

    /** The first of those above it that had to come after it. */
    private Optional<Integer> tooLateFor(int i, Set<Integer> named) {
        for (int k = 0; k < i; k++) {
            if (ownToPassed[k] >= 0 && !named.contains(k) && passed.mustPrecede(ownToPassed[i], ownToPassed[k])) {
                return Optional.of(k);
            }
        }
        return Optional.empty();
    }

    private boolean isTwisted() {
        int before = -1;
        for (int index : ownToPassed) {
            if (index >= 0 && index < before) {
                return true;
            }
            before = Math.max(before, index);
        }
        return false;
    }

    /** An arrow from client to client stands for two packets. */
    private void goesPast() {
        for (OwnArrow arrow : direct) {
            Set<PacketKind> kinds = Labels.kinds(arrow.label(), true);
            boolean fromLeft = nameOf(arrow.from()).equals(traffic.left());
            String sender = fromLeft ? traffic.left() : traffic.right();
            String receiver = fromLeft ? traffic.right() : traffic.left();
            take(fromLeft, true, kinds);
            take(!fromLeft, false, kinds);
            findings.add(new Finding(
                    Difference.EXTRA,
                    arrow.line(),
                    "you have %s -> %s: %s; the two never talk to each other. What passed is %s -> broker, and then broker -> %s: draw both"
                            .formatted(sender, receiver, shown(arrow.label()), sender, receiver)));
        }
    }

    private void take(boolean left, boolean inbound, Set<PacketKind> kinds) {
        for (int k = 0; k < passed.size(); k++) {
            Passed.Arrow one = passed.get(k);
            if (passedToOwn[k] == -1 && one.left() == left && one.inbound() == inbound && kinds.contains(one.kind())) {
                passedToOwn[k] = -2;
                return;
            }
        }
    }

    private String nameOf(String participant) {
        Role role = chosen.get(participant);
        return role == Role.LEFT ? traffic.left() : role == Role.RIGHT ? traffic.right() : "broker";
    }

    private void leftOver() {
        for (int i = 0; i < own.size(); i++) {
            if (ownToPassed[i] < 0) {
                extra(own.get(i));
            }
        }
        // Several of a kind at one place are said once.
        Map<Finding, List<Passed.Arrow>> missing = new LinkedHashMap<>();
        for (int k = 0; k < passed.size(); k++) {
            Passed.Arrow real = passed.get(k);
            if (passedToOwn[k] == -1 && (everything || !isFurtherSubscription(k))) {
                missing.computeIfAbsent(missing(k), words -> new ArrayList<>()).add(real);
            } else if (passedToOwn[k] == -1 && real.kind() == PacketKind.SUBSCRIBE) {
                remarks.add(new Remark(
                        0,
                        "%s subscribed to %s as well, which need not be drawn"
                                .formatted(user(real.left()), topic(real))));
            }
        }
        missing.forEach((finding, all) -> findings.add(new Finding(
                finding.difference(),
                finding.line(),
                finding.words() + (all.size() > 1 ? ", %d times".formatted(all.size()) : "") + place(all.get(0)))));
    }

    /** Programs subscribe to more than the conversation needs; one subscription must be drawn. */
    private boolean isFurtherSubscription(int index) {
        Passed.Arrow one = passed.get(index);
        if (one.kind() != PacketKind.SUBSCRIBE && one.kind() != PacketKind.SUBACK) {
            return false;
        }
        for (int k = 0; k < passed.size(); k++) {
            Passed.Arrow other = passed.get(k);
            if (passedToOwn[k] >= 0 && other.left() == one.left() && other.kind() == one.kind()) {
                return true;
            }
        }
        return false;
    }

    private static String topic(Passed.Arrow one) {
        String topic = one.source().sources().get(0).packet().topic();
        return topic.isEmpty() ? "something" : RemoteText.shown(topic);
    }

    private void extra(Own one) {
        int line = one.arrow().line();
        if (one.kinds().isEmpty()) {
            findings.add(new Finding(
                    Difference.UNCLEAR,
                    line,
                    "you have %s; no word of it says what packet that is%s".formatted(name(one), meant(one))));
            return;
        }
        Optional<Integer> other = turned(one);
        if (other.isPresent()) {
            Passed.Arrow real = passed.get(other.get());
            passedToOwn[other.get()] = -2;
            findings.add(new Finding(
                    Difference.EXTRA,
                    line,
                    "you have %s; what passed is %s%s".formatted(name(one), name(real), place(real))));
            return;
        }
        boolean never = passed.arrows().stream()
                .noneMatch(real -> real.left() == one.left()
                        && real.inbound() == one.inbound()
                        && one.kinds().contains(real.kind()));
        findings.add(new Finding(
                Difference.EXTRA,
                line,
                never
                        ? "you have %s; no such packet passed".formatted(name(one))
                        : "you have %s once more than it passed".formatted(name(one))));
    }

    /** What an arrow whose label says nothing probably is: the first the same way that is not drawn. */
    private String meant(Own one) {
        for (int k = 0; k < passed.size(); k++) {
            Passed.Arrow real = passed.get(k);
            if (passedToOwn[k] == -1
                    && real.left() == one.left()
                    && real.inbound() == one.inbound()
                    && !isFurtherSubscription(k)) {
                passedToOwn[k] = -2;
                return ". What passed is %s%s".formatted(name(real), place(real));
            }
        }
        return ". Expected one such as connect, subscribe, message, typing, delivered, read, PUBACK";
    }

    /** The same kind of packet the other way, or of the other client, that is not drawn. */
    private Optional<Integer> turned(Own one) {
        Integer found = null;
        for (int k = 0; k < passed.size(); k++) {
            Passed.Arrow real = passed.get(k);
            boolean sameKind = one.kinds().size() == 1 && one.kinds().contains(real.kind());
            boolean turned = real.left() == one.left() && real.inbound() != one.inbound();
            if (passedToOwn[k] == -1 && sameKind && (turned || found == null)) {
                found = k;
                if (turned) {
                    break;
                }
            }
        }
        return Optional.ofNullable(found);
    }

    private Finding missing(int index) {
        Passed.Arrow real = passed.get(index);
        int before = -1;
        for (int k = 0; k < index; k++) {
            before = passed.mustPrecede(k, index) ? Math.max(before, passedToOwn[k]) : before;
        }
        for (int k = index - 1; k >= 0 && before < 0; k--) {
            before = Math.max(-1, passedToOwn[k]);
        }
        int after = -1;
        for (int k = index + 1; k < passed.size() && after < 0; k++) {
            after = passedToOwn[k] >= 0 ? passedToOwn[k] : -1;
        }
        String where = "";
        if (before >= 0) {
            where = " after %s (line %d)"
                    .formatted(name(own.get(before)), own.get(before).arrow().line());
        }
        boolean below = before < 0
                || after >= 0
                        && own.get(after).arrow().line()
                                > own.get(before).arrow().line();
        if (after >= 0 && below) {
            where += "%s before %s (line %d)"
                    .formatted(
                            before >= 0 ? " and" : "",
                            name(own.get(after)),
                            own.get(after).arrow().line());
        }
        String verb = PacketKind.ACKS.contains(real.kind())
                ? "%s answered with %s"
                        .formatted(
                                real.inbound() ? user(real.left()) : "the broker",
                                real.kind().word())
                : "it came";
        return new Finding(
                Difference.MISSING,
                before < 0 ? 0 : own.get(before).arrow().line(),
                "%s is missing%s".formatted(name(real), where.isEmpty() ? "" : "; in the traffic " + verb + where));
    }

    private void say(Way way) {
        chosen = way.roles();
        Set<String> outside = new TreeSet<>();
        for (OwnArrow arrow : drawn.arrows()) {
            boolean known = chosen.containsKey(arrow.from()) && chosen.containsKey(arrow.to());
            if (!known) {
                outside.add(chosen.containsKey(arrow.from()) ? shownName(arrow.to()) : shownName(arrow.from()));
            } else if (chosen.get(arrow.from()) == chosen.get(arrow.to())) {
                remarks.add(new Remark(arrow.line(), "an arrow to oneself is no packet and is not compared"));
            }
        }
        if (!outside.isEmpty()) {
            remarks.add(new Remark(
                    0,
                    "arrows from or to %s are not compared: only what passes between %s, the broker and %s is in the traffic"
                            .formatted(String.join(", ", outside), traffic.left(), traffic.right())));
        }
        for (Participant one : drawn.participants()) {
            Role role = chosen.get(one.id());
            if (role != null && !one.name().equalsIgnoreCase(nameOf(one.id()))) {
                remarks.add(new Remark(0, "%s is taken for %s".formatted(Sketch.quoted(one.name()), nameOf(one.id()))));
            }
        }
        if (!chosen.containsValue(Role.BROKER)) {
            remarks.add(
                    new Remark(
                            0,
                            "no participant is the broker; name one so, since every packet goes to the broker or comes from it"));
        }
        for (Block block : drawn.blocks()) {
            int taken = way.branches().getOrDefault(block.number(), 0);
            int line = block.lines().get(taken);
            remarks.add(new Remark(
                    block.lines().get(0),
                    line == 0
                            ? "what is in %s did not pass and is not compared".formatted(block.word())
                            : block.lines().contains(0)
                                    ? "what is in %s passed and is compared".formatted(block.word())
                                    : "of %s, only the branch that begins at line %d is compared; it fits best"
                                            .formatted(block.word(), line)));
        }
        remarks.addAll(drawn.remarks());
        notDrawn();
    }

    /** What passed and was left out of the comparison because nothing like it is drawn. */
    private void notDrawn() {
        Set<PacketKind> left = EnumSet.noneOf(PacketKind.class);
        for (Passed.Arrow one :
                Passed.of(traffic, EnumSet.allOf(PacketKind.class)).arrows()) {
            left.add(one.kind());
        }
        left.removeAll(compared());
        if (!left.isEmpty()) {
            remarks.add(new Remark(
                    0,
                    "you have drawn no %s, so %s not compared"
                            .formatted(
                                    left.stream().map(PacketKind::word).collect(Collectors.joining(", ")),
                                    left.size() == 1 ? "it was" : "they were")));
        }
        if (traffic.leftOut() > 0) {
            remarks.add(new Remark(
                    0, "%d earlier packets are not compared; choose a shorter time".formatted(traffic.leftOut())));
        }
    }

    private String shownName(String participant) {
        return drawn.participants().stream()
                .filter(one -> one.id().equals(participant))
                .map(one -> Sketch.quoted(one.name()))
                .findFirst()
                .orElse(participant);
    }

    private String name(Own one) {
        String user = user(one.left());
        return one.inbound()
                ? "%s -> broker: %s".formatted(user, shown(one.arrow().label()))
                : "broker -> %s: %s".formatted(user, shown(one.arrow().label()));
    }

    private String name(Passed.Arrow one) {
        String what = one.kind().word() + (one.refused() ? " (refused)" : "");
        return one.inbound()
                ? "%s -> broker: %s".formatted(user(one.left()), what)
                : "broker -> %s: %s".formatted(user(one.left()), what);
    }

    private String user(boolean left) {
        return left ? traffic.left() : traffic.right();
    }

    private static String shown(String label) {
        if (label.isEmpty()) {
            return "(nothing)";
        }
        String text = label.length() > 60 ? label.substring(0, 59) + "…" : label;
        return text.strip();
    }

    private static String place(Passed.Arrow real) {
        String place = real.source().sources().get(0).place();
        return " (%s%s)".formatted(TIME.format(real.source().time()), place.isEmpty() ? "" : ", " + place);
    }
}
