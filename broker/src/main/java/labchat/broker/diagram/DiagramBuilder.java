package labchat.broker.diagram;

import static labchat.broker.traffic.RemoteText.quoted;
import static labchat.broker.traffic.RemoteText.shown;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import labchat.broker.diagram.Diagram.Arrow;
import labchat.broker.diagram.Diagram.Gap;
import labchat.broker.diagram.Diagram.Source;
import labchat.broker.diagram.Diagram.Step;
import labchat.broker.diagram.Diagram.Style;
import labchat.broker.event.ChatFields;
import labchat.broker.event.PacketTrace;
import labchat.broker.traffic.TrafficFilter;
import labchat.broker.traffic.TrafficRecord;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.ServerTopic;

/**
 * Makes a diagram out of packets. Every arrow is a packet that was given, or several typing hints in a row; nothing is
 * concluded, so a connection that broke without DISCONNECT has no arrow. Pings are left out. Used by one thread.
 */
public final class DiagramBuilder {

    /** How many packets of the two are held; the oldest beyond it are forgotten and counted. */
    private static final int MAX_PACKETS = 100_000;

    private static final int CLIENT_LENGTH = 10;
    private static final int DATA_LENGTH = 60;
    private static final int TOPIC_LENGTH = 100;

    /**
     * What is drawn.
     *
     * @param acknowledgements whether CONNACK, SUBACK, PUBACK and the like are; those that refuse always are
     * @param everything whether what the two say to others is drawn too
     * @param maxArrows how many arrows at most; of more, the last
     */
    public record Options(boolean acknowledgements, boolean everything, int maxArrows) {
        /** As a reader wants it first. */
        public static final Options STANDARD = new Options(false, false, 500);
    }

    private sealed interface Item {
        Instant time();
    }

    private record Kept(boolean left, Source source) implements Item {
        @Override
        public Instant time() {
            return source.packet().time();
        }
    }

    private record Missing(Gap gap) implements Item {
        @Override
        public Instant time() {
            return gap.time();
        }
    }

    private record Talk(String sender, String receiver, String uuid) {}

    private record Lane(boolean left, boolean inbound, String topic, String client) {}

    private final String left;
    private final String right;
    private final ChatTopics topics;
    private final Options options;
    private final Deque<Item> items = new ArrayDeque<>();
    private int forgotten;
    private boolean leftSeen;
    private boolean rightSeen;

    /** @throws IllegalArgumentException if both users are the same */
    public DiagramBuilder(String left, String right, ChatTopics topics, Options options) {
        if (left.equals(right)) {
            throw new IllegalArgumentException("a diagram needs two different users, but both are " + left);
        }
        this.left = left;
        this.right = right;
        this.topics = topics;
        this.options = options;
    }

    /** Takes a line of the traffic log. */
    public void add(TrafficRecord record) {
        if (record instanceof TrafficRecord.Packet packet) {
            add(packet.packet(), packet.place().toString());
        } else if (record instanceof TrafficRecord.Dropped dropped) {
            keep(new Missing(new Gap(dropped.time(), dropped.count())));
        }
    }

    /**
     * Takes a packet; those of others are passed over.
     *
     * @param place where it was found; may be empty
     */
    public void add(PacketTrace packet, String place) {
        String user = packet.client().user().orElse("");
        if (user.equals(left)) {
            leftSeen = true;
        } else if (user.equals(right)) {
            rightSeen = true;
        } else {
            return;
        }
        if (packet.type().startsWith("PING")) {
            return;
        }
        keep(new Kept(user.equals(left), new Source(packet, place)));
    }

    private void keep(Item item) {
        items.add(item);
        if (items.size() > MAX_PACKETS) {
            items.remove();
            forgotten++;
        }
    }

    /** Whether a packet of the left user was given, pings included. */
    public boolean leftSeen() {
        return leftSeen;
    }

    /** Whether a packet of the right user was given, pings included. */
    public boolean rightSeen() {
        return rightSeen;
    }

    /** The diagram of what was given so far. */
    public Diagram build() {
        Set<Talk> shared = shared();
        boolean leftHasMany = clients(true) > 1;
        boolean rightHasMany = clients(false) > 1;
        List<Step> steps = new ArrayList<>();
        Map<Lane, Integer> typing = new HashMap<>();
        for (Item item : inOrder()) {
            if (item instanceof Missing missing) {
                steps.add(missing.gap());
                typing.clear();
                continue;
            }
            Kept kept = (Kept) item;
            PacketTrace packet = kept.source().packet();
            if (!isDrawn(packet, shared)) {
                continue;
            }
            Lane lane = new Lane(
                    kept.left(),
                    packet.inbound(),
                    packet.topic(),
                    packet.client().clientId());
            boolean folds = isTyping(packet) && !TrafficFilter.isRefusal(packet);
            if (folds && typing.containsKey(lane)) {
                int index = typing.get(lane);
                steps.set(index, repeated((Arrow) steps.get(index), kept.source()));
                continue;
            }
            if (folds) {
                typing.put(lane, steps.size());
            } else {
                typing.clear();
            }
            boolean many = kept.left() ? leftHasMany : rightHasMany;
            String suffix = many ? " [" + cut(shown(packet.client().clientId()), CLIENT_LENGTH) + "]" : "";
            steps.add(new Arrow(
                    kept.left(), packet.inbound(), style(packet), label(packet) + suffix, List.of(kept.source())));
        }
        return shortened(steps.stream().map(DiagramBuilder::counted).toList());
    }

    /** The log has a packet of one connection before another connection's that caused it, if their threads had it so. */
    private List<Item> inOrder() {
        return items.stream().sorted(Comparator.comparing(Item::time)).toList();
    }

    private Diagram shortened(List<Step> steps) {
        int leftOut = Math.max(0, steps.size() - options.maxArrows());
        return new Diagram(left, right, steps.subList(leftOut, steps.size()), leftOut + forgotten);
    }

    /** Publishes that are on connections of both users: between the two, or of one of them in a room of both. */
    private Set<Talk> shared() {
        Map<Talk, Boolean> first = new HashMap<>();
        Set<Talk> shared = new HashSet<>();
        for (Item item : items) {
            if (item instanceof Kept kept && kept.source().packet().chat().isPresent()) {
                ChatFields chat = kept.source().packet().chat().get();
                Talk talk = new Talk(chat.sender(), chat.receiver(), chat.uuid());
                Boolean seen = first.putIfAbsent(talk, kept.left());
                if (seen != null && seen != kept.left()) {
                    shared.add(talk);
                }
            }
        }
        return shared;
    }

    private long clients(boolean ofLeft) {
        return items.stream()
                .filter(item -> item instanceof Kept kept && kept.left() == ofLeft)
                .map(item -> ((Kept) item).source().packet().client().clientId())
                .distinct()
                .limit(2)
                .count();
    }

    private boolean isDrawn(PacketTrace packet, Set<Talk> shared) {
        if (TrafficFilter.isRefusal(packet) && !TrafficFilter.isLost(packet)) {
            return true;
        }
        return switch (packet.type()) {
            case "CONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "DISCONNECT" -> true;
            case "PUBLISH" -> options.everything() || concernsBoth(packet, shared);
            default -> options.acknowledgements();
        };
    }

    private boolean concernsBoth(PacketTrace packet, Set<Talk> shared) {
        if (packet.chat().isPresent()) {
            ChatFields chat = packet.chat().get();
            return isOneOfUs(chat.sender()) && isOneOfUs(chat.receiver())
                    || shared.contains(new Talk(chat.sender(), chat.receiver(), chat.uuid()));
        }
        // Of what the server publishes about everybody, only what is about these two.
        return topics.parseServerTopic(packet.topic())
                .map(ServerTopic::id)
                .map(ChatId::value)
                .filter(id -> !isOneOfUs(id))
                .isEmpty();
    }

    private boolean isOneOfUs(String user) {
        return user.equals(left) || user.equals(right);
    }

    private static boolean isTyping(PacketTrace packet) {
        return packet.type().equals("PUBLISH")
                && packet.chat().filter(chat -> chat.kind().equals("typing")).isPresent();
    }

    private static Arrow repeated(Arrow arrow, Source source) {
        List<Source> sources = new ArrayList<>(arrow.sources());
        sources.add(source);
        return new Arrow(arrow.left(), arrow.inbound(), arrow.style(), arrow.label(), sources);
    }

    private static Step counted(Step step) {
        if (step instanceof Arrow arrow && arrow.sources().size() > 1) {
            String label = arrow.label()
                    .replaceFirst(", typing\\)", ", typing x" + arrow.sources().size() + ")");
            return new Arrow(arrow.left(), arrow.inbound(), arrow.style(), label, arrow.sources());
        }
        return step;
    }

    private static Style style(PacketTrace packet) {
        if (TrafficFilter.isRefusal(packet)) {
            return Style.REFUSED;
        }
        return switch (packet.type()) {
            case "CONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "DISCONNECT", "PUBLISH" -> Style.CALL;
            default -> Style.ANSWER;
        };
    }

    private static String label(PacketTrace packet) {
        String topic = cut(shown(packet.topic()), TOPIC_LENGTH);
        String call = switch (packet.type()) {
            case "SUBSCRIBE", "UNSUBSCRIBE" -> name(packet) + "(" + topic + ")";
            case "PUBLISH" -> "send(" + topic + ", " + data(packet) + ")";
            default -> packet.packetId() > 0 ? name(packet) + "(" + packet.packetId() + ")" : name(packet);
        };
        // SUBACK's small codes are what was granted.
        boolean says = packet.reasonCode() > 0 && !(packet.type().equals("SUBACK") && packet.reasonCode() < 0x80);
        String code = says ? " 0x%02x".formatted(packet.reasonCode()) : "";
        String refused = packet.refusal()
                .map(refusal -> TrafficFilter.isLost(packet) ? " lost" : " refused: " + shown(refusal.code()))
                .orElse("");
        String again = packet.dup() ? " again" : "";
        return call + code + again + refused;
    }

    private static String name(PacketTrace packet) {
        return shown(packet.type()).toLowerCase(Locale.ROOT);
    }

    private static String data(PacketTrace packet) {
        if (isTyping(packet)) {
            return "typing";
        }
        if (packet.payload().isPresent()) {
            return cut(quoted(packet.payload().get()), DATA_LENGTH);
        }
        return packet.chat()
                .filter(chat -> !chat.uuid().isEmpty())
                .map(chat -> "uuid " + cut(shown(chat.uuid()), DATA_LENGTH))
                .orElse(packet.size() + " bytes");
    }

    private static String cut(String text, int length) {
        if (text.codePointCount(0, text.length()) <= length) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
    }
}
