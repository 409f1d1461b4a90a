package labchat.broker.steps;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import labchat.broker.event.Refusal;
import labchat.protocol.event.StepPart;
import labchat.protocol.event.StepPart.Problem;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;

/**
 * What was seen of one user's own program from some moment on, and which parts of the lab's steps that shows to work. It
 * is told the time and knows no clock. What once worked stays done. Guarded by its team.
 */
final class LabRun {

    /** The protocol's 3 s between two hints, less what a network may take from it. */
    static final Duration LEAST_PAUSE = Duration.ofMillis(2_500);

    /** A hint is good for so long, so whoever still types sends the next one by then. */
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(6);

    /** From the first to the last hint of who types for more than ten seconds, every 3 s; less some for the network. */
    static final Duration LONG_TYPING = Duration.ofMillis(8_500);

    /** How long nothing may follow a text, so that it is sure that nothing does. */
    static final Duration SILENCE = Duration.ofSeconds(6);

    /** A delivered that has not come by then will hardly come. */
    static final Duration RECEIPT_DUE = Duration.ofSeconds(3);

    private static final Set<LabPart> CONNECTED =
            EnumSet.of(LabPart.CONNECTED_2, LabPart.CONNECTED_3, LabPart.CONNECTED_4);
    private static final Set<LabPart> SUBSCRIBED =
            EnumSet.of(LabPart.SUBSCRIBED_2, LabPart.SUBSCRIBED_3, LabPart.SUBSCRIBED_4);
    private static final Set<LabPart> MESSAGE_SENT = EnumSet.of(LabPart.MESSAGE_SENT_2, LabPart.MESSAGE_SENT_3);
    private static final Set<LabPart> MESSAGE_RECEIVED =
            EnumSet.of(LabPart.MESSAGE_RECEIVED_2, LabPart.MESSAGE_RECEIVED_3);
    private static final Set<LabPart> TYPING = EnumSet.of(LabPart.TYPING_PACED_4, LabPart.TYPING_STOPS_4);

    private static final Supplier<String> NO_WORDS = () -> "";

    /** How a part stands. */
    private static final class Known {
        private Instant done;
        /** Made into words when somebody asks: programs may send thousands of messages a second. */
        private Supplier<String> detail = NO_WORDS;

        private Problem problem;
    }

    private final ChatId me;
    private final ChatTopics topics;
    private final Map<LabPart, Known> known = new EnumMap<>(LabPart.class);

    private String lastUuid = "";
    private final Set<ChatKind> sentAtQos1 = EnumSet.noneOf(ChatKind.class);
    private boolean subscribedAtQos1;

    /** Hints to one receiver that belong together. */
    private ChatId hintsTo;

    private Instant firstHint;
    private Instant lastHint;
    private int hints;
    /** A text that followed hints, after which there should be silence. */
    private ChatId silenceTo;

    private Instant silenceFrom;
    private Came unanswered;

    LabRun(ChatId me, ChatTopics topics) {
        this.me = me;
        this.topics = topics;
    }

    private Known known(LabPart part) {
        return known.computeIfAbsent(part, key -> new Known());
    }

    private boolean isDone(LabPart part) {
        Known of = known.get(part);
        return of != null && of.done != null;
    }

    /** The problem is over; of what was seen, the first time counts, and the last words. */
    private void done(LabPart part, Instant at, Supplier<String> detail) {
        Known of = known(part);
        of.done = of.done == null ? at : of.done;
        of.detail = detail;
        of.problem = null;
    }

    private void done(Set<LabPart> parts, Instant at, Supplier<String> detail) {
        for (LabPart part : parts) {
            done(part, at, detail);
        }
    }

    private void wrong(LabPart part, Instant at, String code, String reason, String hint) {
        known(part).problem = new Problem(at, code, reason, hint);
    }

    private void wrong(Set<LabPart> parts, Instant at, Refusal why) {
        parts.forEach(part -> wrong(part, at, why.code(), why.reason(), why.hint()));
    }

    /** What is known from before, by the word of {@link LabPart#name}. */
    void restore(LabPart part, Instant at) {
        done(part, at, NO_WORDS);
    }

    /** The parts that are done, and since when. */
    Map<LabPart, Instant> done(Instant now) {
        settle(now);
        Map<LabPart, Instant> done = new EnumMap<>(LabPart.class);
        known.forEach((part, of) -> {
            if (of.done != null) {
                done.put(part, of.done);
            }
        });
        return done;
    }

    /** The parts with which something is wrong at present, and the code, or an empty word if the server refused nothing. */
    Map<LabPart, String> problems() {
        Map<LabPart, String> codes = new EnumMap<>(LabPart.class);
        known.forEach((part, of) -> {
            if (of.problem != null && of.done == null) {
                codes.put(part, of.problem.code());
            }
        });
        return codes;
    }

    /** A step's parts as they stand. */
    List<StepPart> parts(int step, Instant now) {
        settle(now);
        return LabPart.of(step).stream()
                .map(part -> {
                    Known of = known(part);
                    return new StepPart(
                            part.word(),
                            part.title(),
                            Optional.ofNullable(of.done),
                            of.detail.get(),
                            of.done == null ? part.todo(me.value()) : "",
                            Optional.ofNullable(of.problem));
                })
                .toList();
    }

    /** Time alone shows that nothing followed. */
    private void settle(Instant now) {
        if (silenceFrom != null && !now.isBefore(silenceFrom.plus(SILENCE))) {
            ChatId to = silenceTo;
            done(LabPart.TYPING_STOPS_4, silenceFrom.plus(SILENCE), () -> "nothing followed the text to " + to);
            silenceFrom = null;
        }
        if (unanswered != null && !now.isBefore(unanswered.at.plus(RECEIPT_DUE))) {
            if (!unanswered.delivered && !isDone(LabPart.DELIVERED_SENT_3)) {
                wrong(
                        LabPart.DELIVERED_SENT_3,
                        unanswered.at.plus(RECEIPT_DUE),
                        "",
                        "a message from %s came to your program, and no delivered followed"
                                .formatted(unanswered.sender),
                        "It goes to %s, with the uuid of the message."
                                .formatted(topics.topic(unanswered.sender, ChatKind.DELIVERED)));
            }
            unanswered = null;
        }
    }

    void connected(Link link, Instant at) {
        done(CONNECTED, at, link::words);
    }

    void loginRefused(Refusal why, Instant at) {
        wrong(CONNECTED, at, why);
    }

    /** A subscription was granted. */
    void subscribed(Link link, Instant at) {
        OptionalInt message = link.qosOf(topics.topic(me, ChatKind.MESSAGE));
        List<String> missing = Arrays.stream(ChatKind.values())
                .filter(kind -> link.qosOf(topics.topic(me, kind)).isEmpty())
                .map(ChatKind::level)
                .toList();
        if (message.isEmpty()) {
            return;
        }
        Supplier<String> words = () -> "at QoS " + message.getAsInt();
        done(LabPart.SUBSCRIBED_2, at, words);
        if (!missing.contains(ChatKind.DELIVERED.level())) {
            done(LabPart.SUBSCRIBED_3, at, words);
        } else {
            incomplete(LabPart.SUBSCRIBED_3, at, List.of(ChatKind.DELIVERED.level()));
        }
        if (missing.isEmpty()) {
            done(LabPart.SUBSCRIBED_4, at, words);
        } else {
            incomplete(LabPart.SUBSCRIBED_4, at, missing);
        }
        if (message.getAsInt() > 0) {
            subscribedAtQos1 = true;
            qos(at);
        } else if (!isDone(LabPart.QOS_1_3)) {
            wrong(
                    LabPart.QOS_1_3,
                    at,
                    "qos_0",
                    "your subscription is at QoS 0",
                    "Subscribe with QoS 1: in Python client.subscribe(topic, qos=1).");
        }
    }

    private void incomplete(LabPart part, Instant at, List<String> missing) {
        if (!isDone(part)) {
            wrong(
                    part,
                    at,
                    "incomplete_subscription",
                    "your subscriptions bring you messages, but not: " + String.join(", ", missing),
                    "Subscribe to %s".formatted(topics.inbox(me)));
        }
    }

    private void qos(Instant at) {
        if (subscribedAtQos1 && sentAtQos1.contains(ChatKind.MESSAGE) && sentAtQos1.contains(ChatKind.DELIVERED)) {
            done(LabPart.QOS_1_3, at, NO_WORDS);
        } else {
            known(LabPart.QOS_1_3).problem = null;
        }
    }

    void subscribeRefused(Refusal why, Instant at) {
        wrong(SUBSCRIBED, at, why);
    }

    /** A publish of the program was refused; its kind is the last level of its topic, whatever that is. */
    void publishRefused(String level, Refusal why, Instant at) {
        wrong(sending(level), at, why);
    }

    private static Set<LabPart> sending(String level) {
        Optional<ChatKind> kind = ChatKind.ofLevel(level);
        if (kind.isEmpty()) {
            return MESSAGE_SENT;
        }
        return switch (kind.get()) {
            case MESSAGE -> MESSAGE_SENT;
            case DELIVERED -> EnumSet.of(LabPart.DELIVERED_SENT_3);
            case READ -> EnumSet.of(LabPart.READ_SENT_4);
            case TYPING -> TYPING;
        };
    }

    /** Something was passed on that will not do what its author expects. */
    void advised(String level, Refusal why, Instant at) {
        switch (why.code()) {
            case "repeated_uuid" -> wrong(EnumSet.of(LabPart.NEW_UUID_3), at, why);
            case "client_id_in_use" -> wrong(CONNECTED, at, why);
            case "not_subscribed", "unknown_kind" -> wrong(SUBSCRIBED, at, why);
            case "unknown_message" -> wrong(sending(level), at, why);
            default -> {
                // Seen here in other ways, or of no part.
            }
        }
    }

    /** The program has sent a message, which was passed on. */
    void sentMessage(ChatId to, String uuid, int qos, Instant at) {
        done(MESSAGE_SENT, at, () -> "to %s, QoS %d".formatted(to, qos));
        sentAt(ChatKind.MESSAGE, qos, at);
        if (uuid.equals(lastUuid)) {
            wrong(
                    LabPart.NEW_UUID_3,
                    at,
                    "repeated_uuid",
                    "two messages had the uuid \"%s\", so the second was taken for the first come again"
                            .formatted(uuid),
                    "Make a new uuid for each message.");
        } else if (!lastUuid.isEmpty()) {
            done(LabPart.NEW_UUID_3, at, NO_WORDS);
        } else if (!isDone(LabPart.NEW_UUID_3)) {
            known(LabPart.NEW_UUID_3).detail = () -> "one message so far";
        }
        lastUuid = uuid;
        if (to.equals(hintsTo)) {
            silenceTo = to;
            silenceFrom = at;
            hintsTo = null;
            hints = 0;
        }
    }

    private void sentAt(ChatKind kind, int qos, Instant at) {
        if (qos > 0) {
            sentAtQos1.add(kind);
            qos(at);
        } else if (!isDone(LabPart.QOS_1_3)) {
            wrong(
                    LabPart.QOS_1_3,
                    at,
                    "qos_0",
                    "%s was published at QoS 0".formatted(kind == ChatKind.MESSAGE ? "a message" : "a receipt"),
                    "Publish with QoS 1: in Python client.publish(topic, text, qos=1).");
        }
    }

    /** The program has sent a receipt for a message that was for it. */
    void sentReceipt(ChatKind kind, Came message, int qos, Instant at) {
        done(MESSAGE_RECEIVED, at, () -> "from " + message.sender);
        sentAt(ChatKind.DELIVERED, qos, at);
        if (kind == ChatKind.DELIVERED) {
            message.delivered = true;
            done(LabPart.DELIVERED_SENT_3, at, () -> "to %s, QoS %d".formatted(message.sender, qos));
        } else if (message.delivered) {
            done(LabPart.READ_SENT_4, at, () -> "to %s, QoS %d".formatted(message.sender, qos));
        } else if (!isDone(LabPart.READ_SENT_4)) {
            wrong(
                    LabPart.READ_SENT_4,
                    at,
                    "",
                    "read was sent for a message from %s, but no delivered before it".formatted(message.sender),
                    "A message is delivered when it has come, and read when its text was on the screen.");
        }
    }

    /** The program has sent a typing hint, which was passed on. */
    void sentTyping(ChatId to, Instant at) {
        if (silenceFrom != null && to.equals(silenceTo)) {
            settle(at);
            if (silenceFrom != null) {
                wrong(
                        LabPart.TYPING_STOPS_4,
                        at,
                        "",
                        "a hint followed %s after the text was sent".formatted(seconds(silenceFrom, at)),
                        "Nothing is being typed once it is sent. If you did type again, wait 6 s next time.");
                silenceFrom = null;
            }
        }
        Duration pause = to.equals(hintsTo) && lastHint != null ? Duration.between(lastHint, at) : null;
        if (pause != null && pause.compareTo(LEAST_PAUSE) < 0) {
            wrong(
                    LabPart.TYPING_PACED_4,
                    at,
                    "",
                    "two hints were %s apart".formatted(seconds(lastHint, at)),
                    "At most one every 3 s.");
            begin(to, at);
        } else if (pause != null && pause.compareTo(LONGEST_PAUSE) <= 0) {
            hints++;
            lastHint = at;
        } else {
            if (pause != null && !isDone(LabPart.TYPING_PACED_4)) {
                wrong(
                        LabPart.TYPING_PACED_4,
                        at,
                        "",
                        "two hints were %s apart".formatted(seconds(lastHint, at)),
                        "After 6 s without a hint the other side takes it that nobody types any more.");
            }
            begin(to, at);
        }
        paced(to, at);
    }

    private void begin(ChatId to, Instant at) {
        hintsTo = to;
        firstHint = at;
        lastHint = at;
        hints = 1;
    }

    private void paced(ChatId to, Instant at) {
        Duration span = Duration.between(firstHint, at);
        int count = hints;
        Instant first = firstHint;
        Supplier<String> words =
                () -> "%d %s to %s in %s".formatted(count, count == 1 ? "hint" : "hints", to, seconds(first, at));
        if (span.compareTo(LONG_TYPING) >= 0) {
            done(LabPart.TYPING_PACED_4, at, words);
        } else if (!isDone(LabPart.TYPING_PACED_4)) {
            known(LabPart.TYPING_PACED_4).detail = words;
        }
    }

    /** A message for the user was published; it reached the program if one of its subscriptions covers it. */
    void cameMessage(Came message, boolean covered) {
        if (covered) {
            done(MESSAGE_RECEIVED, message.at, () -> "from " + message.sender);
            unanswered = unanswered == null ? message : unanswered;
        }
    }

    /** A receipt for a message of the user's was published. */
    void cameReceipt(ChatKind kind, ChatId from, boolean covered, Instant at) {
        LabPart part = kind == ChatKind.READ ? LabPart.READ_RECEIVED_4 : LabPart.DELIVERED_RECEIVED_3;
        came(part, kind, from, covered, at);
    }

    /** A typing hint for the user was published. */
    void cameTyping(ChatId from, boolean covered, Instant at) {
        came(LabPart.TYPING_RECEIVED_4, ChatKind.TYPING, from, covered, at);
    }

    private void came(LabPart part, ChatKind kind, ChatId from, boolean covered, Instant at) {
        if (covered) {
            done(part, at, () -> "from " + from);
        } else if (!isDone(part)) {
            String topic = topics.topic(me, kind);
            wrong(
                    part,
                    at,
                    "not_subscribed",
                    "%s sent one, but no subscription of your program covers \"%s\"".formatted(from, topic),
                    "Subscribe to %s".formatted(topics.inbox(me)));
        }
    }

    private static String seconds(Instant from, Instant to) {
        Duration span = Duration.between(from, to);
        return "%d.%d s".formatted(span.toSeconds(), span.toMillisPart() / 100);
    }

    /** A message for the user. */
    static final class Came {
        private final ChatId sender;
        private final Instant at;
        private boolean delivered;

        Came(ChatId sender, Instant at) {
            this.sender = sender;
            this.at = at;
        }
    }
}
