package labchat.broker.diagnostics;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import labchat.broker.event.Refusal;
import labchat.broker.event.RoomAccess;
import labchat.broker.event.RoomAccess.Standing;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.identity.ChatId;
import labchat.protocol.text.NearestWord;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;

/**
 * Finds the words for a refusal: what the author most likely meant, and what to do. Knows what students do wrong; decides
 * nothing. May be used by any thread at once.
 */
public final class Explainer {

    private static final List<String> KINDS =
            Arrays.stream(ChatKind.values()).map(ChatKind::level).toList();
    /** Whatever else may be wrong with such a topic. */
    private static final Set<String> LIMITS = Set.of("topic_too_deep", "topic_too_long");

    private static final Set<String> SERVERS_LEVELS =
            Set.of("presence", "diagnostics", "history", "rooms", "steps", "notice");

    /** What may follow the server's id. */
    private static final List<String> REQUESTS =
            List.of(HistoryRequest.LEVEL, RoomsRequest.LEVEL, ChatKind.MESSAGE.level());

    private final ChatTopics topics;
    private final Supplier<? extends Collection<String>> accounts;
    private final RoomAccess rooms;
    private final JsonMistakes json = new JsonMistakes();

    /** Without rooms. */
    public Explainer(ChatTopics topics, Supplier<? extends Collection<String>> accounts) {
        this(topics, accounts, RoomAccess.none());
    }

    /**
     * @param accounts all accounts' names
     * @param rooms says which rooms may be spoken of
     */
    public Explainer(ChatTopics topics, Supplier<? extends Collection<String>> accounts, RoomAccess rooms) {
        this.topics = topics;
        this.accounts = accounts;
        this.rooms = rooms;
    }

    /** The words for a publish that the rights or the topic's form forbid. */
    public Refusal publish(Optional<String> user, String topic, Refusal refusal) {
        if (LIMITS.contains(refusal.code())) {
            return refusal.withHint(
                    "No topic of the chat is longer than %s.".formatted(example("<receiver>", "message")));
        }
        String me = user.orElse("<your id>");
        if (refusal.code().equals("invalid_topic") && (topic.contains("+") || topic.contains("#"))) {
            return refusal.explained(
                    "wildcard_in_topic",
                    refusal.reason(),
                    "Wildcards are for subscribing; publish to one receiver: " + example("<receiver>", "message"));
        }
        if (refusal.code().equals("invalid_id")) {
            return refusal.withHint(meantAccount(belowRoot(topic)[0]));
        }
        Optional<Refusal> slash = slash(topic, refusal);
        if (slash.isPresent()) {
            return slash.get();
        }
        if (refusal.code().equals("unknown_request")) {
            return refusal.withHint(meantRequest(belowRoot(topic)[1]));
        }
        if (refusal.code().equals("invalid_topic")) {
            return refusal.withHint("Publish to %s.".formatted(example("<receiver>", "message")));
        }
        String[] levels = belowRoot(topic);
        if (levels.length == 0) {
            return wrongRoot(topic, refusal, example("<receiver>", "message")).orElse(refusal);
        }
        if (levels.length == 1) {
            return refusal.explained(
                    "unknown_kind",
                    "the topic ends after \"%s\", the kind is missing".formatted(levels[0]),
                    "Publish to %s; the kinds are %s."
                            .formatted(example(levels[0], "message"), String.join(", ", KINDS)));
        }
        String kind = levels[1];
        if (levels.length > 2) {
            return refusal.explained(
                    "unknown_kind",
                    "the topic has %d levels below %s, there are two: receiver and kind"
                            .formatted(levels.length, topics.root()),
                    "Publish to %s.".formatted(example(levels[0], "message")));
        }
        if (!KINDS.contains(kind) && !SERVERS_LEVELS.contains(kind)) {
            String meant = NearestWord.to(kind, KINDS)
                    .map(nearest -> "Did you mean %s?".formatted(example(levels[0], nearest)))
                    .orElse("The kinds are %s.".formatted(String.join(", ", KINDS)));
            return refusal.explained("unknown_kind", "there is no kind \"%s\"".formatted(kind), meant);
        }
        if (isReceipt(kind) && standing(user, levels[0]) == Standing.INSIDE) {
            return refusal.explained(
                    "receipt_to_room",
                    "\"%s\" is a room; a receipt goes to the message's author".formatted(levels[0]),
                    receiptHint(kind, levels[0]));
        }
        if (SERVERS_LEVELS.contains(kind)) {
            return refusal.withHint("Only the server publishes %s.".formatted(kind));
        }
        return refusal.withHint("You may publish to %s; you are %s.".formatted(example("<receiver>", kind), me));
    }

    /** The words for a chat publish whose payload or parties are wrong. */
    public Refusal payload(Optional<String> user, String topic, byte[] payload, Refusal refusal) {
        String[] levels = belowRoot(topic);
        String id = levels.length > 0 ? levels[0] : "";
        String kind = levels.length > 1 ? levels[1] : "message";
        return switch (refusal.code()) {
            case "invalid_json", "not_an_object" -> refusal.withHint(json.hint(payload));
            case "not_utf8" ->
                refusal.withHint("Encode the payload as UTF-8; in Python: json.dumps(data).encode(\"utf-8\").");
            case "duplicate_key" -> refusal.withHint("Write each field once.");
            case "too_deep" -> refusal.withHint("A chat payload is one flat object.");
            case "missing_field", "wrong_type", "invalid_request" -> form(user, id, kind, refusal);
            case "not_a_member" -> refusal.withHint(joinHint(user, isReceipt(kind) ? "<room>" : id));
            case "unknown_room" ->
                refusal.withHint("In \"room\", write the id of the room that the message was published to.");
            case "receipt_to_room" -> refusal.withHint(receiptHint(kind, id));
            case "invalid_id" -> refusal.withHint("Use the id that the account logs in with, such as team1a.");
            case "invalid_uuid" -> refusal.withHint("In Python: str(uuid.uuid4()).");
            case "empty_text" -> refusal.withHint("Send at least one character.");
            case "text_too_long" -> refusal.withHint("Split the text into several messages.");
            case "status_mismatch" ->
                refusal.withHint("Publish the status \"%s\" to a topic that ends in /%s, or leave \"status\" out."
                        .formatted(kind, kind));
            case "sender_mismatch" ->
                refusal.withHint("Write \"sender\": \"%s\", or log in as who you say you are."
                        .formatted(user.orElse("<your id>")));
            case "receiver_mismatch" -> receiverMismatch(user, id, kind, refusal);
            case "unknown_receiver" -> refusal.withHint(meantReceiver(user, id));
            case "retained_chat" -> refusal.withHint("Publish with retain=False, as is the default in paho-mqtt.");
            default -> refusal;
        };
    }

    /** Of what is published below the server's own id; messages to it are chat and never refused like this. */
    private String meantRequest(String written) {
        return NearestWord.to(written, REQUESTS)
                .filter(nearest -> !nearest.equals(written))
                .map(nearest -> "Did you mean %s?".formatted(example(ChatId.SERVER.value(), nearest)))
                .orElseGet(() ->
                        "Send the server a message that says help: it tells you what you can ask for. Its topic"
                                + " is %s".formatted(example(ChatId.SERVER.value(), ChatKind.MESSAGE.level())));
    }

    /** The words for a payload that is not of its form. */
    private static Refusal form(Optional<String> user, String id, String kind, Refusal refusal) {
        if (kind.equals(RoomsRequest.LEVEL)) {
            return refusal.withHint("A request about rooms looks like this: " + joinRequest(user, "group_1"));
        }
        if (kind.equals(HistoryRequest.LEVEL)) {
            return refusal.withHint(
                    "A request for history looks like this: {\"sender\":\"%s\",\"with\":\"team2a\",\"limit\":20}"
                            .formatted(user.orElse("team1a")));
        }
        return refusal.withHint(
                refusal.code().equals("wrong_type")
                        ? "All fields are strings: put the value in double quotes."
                        : "A %s looks like this: %s".formatted(kind, sample(kind, user, id)));
    }

    private static boolean isReceipt(String kind) {
        return ChatKind.ofLevel(kind).filter(ChatKind::isReceipt).isPresent();
    }

    private Standing standing(Optional<String> user, String id) {
        return ChatId.parse(id)
                .map(room -> rooms.isRoom(room) ? rooms.standing(user, room) : Standing.NO_ROOM)
                .orElse(Standing.NO_ROOM);
    }

    private String receiptHint(String kind, String room) {
        return "Publish it to %s, with \"room\":\"%s\".".formatted(example("<author>", kind), room);
    }

    private String joinHint(Optional<String> user, String room) {
        return "Join it first: publish %s to %s."
                .formatted(joinRequest(user, room), example(ChatId.SERVER.value(), RoomsRequest.LEVEL));
    }

    private static String joinRequest(Optional<String> user, String room) {
        return "{\"sender\":\"%s\",\"action\":\"join\",\"room\":\"%s\"}".formatted(user.orElse("team1a"), room);
    }

    private String meantReceiver(Optional<String> user, String written) {
        return NearestWord.to(written, rooms.known(user))
                .filter(room -> NearestWord.to(written, accounts.get()).isEmpty())
                .map("Did you mean %s?"::formatted)
                .orElseGet(() -> meantAccount(written));
    }

    private String meantAccount(String written) {
        return NearestWord.to(written, accounts.get())
                .map("Did you mean %s?"::formatted)
                .orElse("Ask for the other team's id; ids are case-sensitive.");
    }

    /** What is wrong with a topic of one of the four kinds whose receiver is no id; empty for every other topic. */
    public Optional<Refusal> receiver(String topic) {
        String[] levels = belowRoot(topic);
        if (levels.length != 2 || !KINDS.contains(levels[1])) {
            return Optional.empty();
        }
        return ChatId.problem(levels[0])
                .map(why -> Refusal.of("invalid_id", "the receiver \"%s\" in the topic: %s".formatted(levels[0], why)));
    }

    private Refusal receiverMismatch(Optional<String> user, String id, String kind, Refusal refusal) {
        if (user.isPresent() && user.get().equals(id)) {
            return refusal.explained(
                    "own_tree",
                    "you published into your own tree (%s), where only you listen".formatted(example(id, kind)),
                    "Publish into the receiver's tree: the id in the topic is the one in \"receiver\".");
        }
        return refusal.withHint("The id in the topic and \"receiver\" must be the same.");
    }

    /** The words for a subscription that the rights or the filter's form forbid. */
    public Refusal subscribe(Optional<String> user, String filter, Refusal refusal) {
        if (LIMITS.contains(refusal.code())) {
            return refusal.withHint(
                    "No topic of the chat is longer than %s.".formatted(example("<receiver>", "message")));
        }
        String own = topics.root() + "/" + user.orElse("<your id>") + "/#";
        if (refusal.code().equals("shared_subscription")) {
            return refusal.withHint("Subscribe to %s.".formatted(own));
        }
        if (refusal.code().equals("too_many_subscriptions")) {
            return refusal.withHint("One is enough: %s".formatted(own));
        }
        Optional<Refusal> slash = slash(filter, refusal);
        if (slash.isPresent()) {
            return slash.get();
        }
        if (refusal.code().equals("invalid_filter")) {
            return refusal.withHint("Your own tree is %s.".formatted(own));
        }
        String first = filter.split("/", -1)[0];
        boolean wide = first.equals("#") || first.equals("+") || isAbove(filter);
        if (wide) {
            return refusal.explained(
                    "filter_too_wide",
                    "\"%s\" takes in what other teams are sent".formatted(filter),
                    "Subscribe to your own tree: %s".formatted(own));
        }
        String[] levels = belowRoot(filter);
        if (levels.length == 0) {
            return wrongRoot(filter, refusal, own).orElse(refusal);
        }
        if (standing(user, levels[0]) == Standing.OUTSIDE) {
            return refusal.explained(
                    "not_a_member",
                    "\"%s\" is for the members of the room \"%s\"".formatted(filter, levels[0]),
                    joinHint(user, levels[0]));
        }
        if (!levels[0].equals(user.orElse(""))) {
            return refusal.explained(
                    "foreign_tree",
                    "\"%s\" is not yours to read".formatted(filter),
                    !accounts.get().contains(levels[0])
                                    && NearestWord.to(levels[0], List.of(user.orElse("")))
                                            .isPresent()
                            ? "Did you mean %s? Ids are case-sensitive.".formatted(own)
                            : "Subscribe to your own tree: %s; to write to somebody, publish into theirs."
                                    .formatted(own));
        }
        return refusal.withHint("Subscribe to your own tree: %s".formatted(own));
    }

    /** What is wrong with a filter below one's own id that nothing is ever published to; empty for every other one. */
    public Optional<Refusal> deafFilter(ChatId me, String filter) {
        String ownTree = topics.root() + "/" + me;
        boolean below = filter.equals(ownTree) || filter.startsWith(ownTree + "/");
        boolean hears = Stream.concat(KINDS.stream(), SERVERS_LEVELS.stream())
                .anyMatch(level -> TopicFilter.matches(filter, topics.topic(me, level)));
        if (!below || hears) {
            return Optional.empty();
        }
        Refusal deaf = Refusal.of(
                "unknown_kind", "the chat never publishes to \"%s\", so you will hear nothing".formatted(filter));
        String kind = filter.length() > ownTree.length() ? filter.substring(ownTree.length() + 1) : "";
        return Optional.of(slash(filter, deaf)
                .map(slash -> slash.withHint("Subscribe to your own tree: %s".formatted(topics.inbox(me))))
                .orElseGet(() -> deaf.withHint(NearestWord.to(kind, KINDS)
                        .map(nearest -> "Did you mean %s? All that is for you: %s"
                                .formatted(topics.topic(me, nearest), topics.inbox(me)))
                        .orElse("Subscribe to your own tree: %s".formatted(topics.inbox(me))))));
    }

    /** Whether the filter ends in # above the id, or has + for the id. */
    private boolean isAbove(String filter) {
        if (filter.endsWith("/#")) {
            String above = filter.substring(0, filter.length() - 2);
            return (topics.root() + "/").startsWith(above + "/");
        }
        String[] levels = belowRoot(filter);
        return levels.length > 0 && (levels[0].equals("+") || levels[0].equals("#"));
    }

    private Optional<Refusal> slash(String topic, Refusal refusal) {
        boolean leading = topic.startsWith("/");
        boolean trailing = topic.endsWith("/");
        if (!leading && !trailing) {
            return Optional.empty();
        }
        String without =
                topic.substring(leading ? 1 : 0, Math.max(leading ? 1 : 0, topic.length() - (trailing ? 1 : 0)));
        return Optional.of(refusal.explained(
                leading ? "leading_slash" : "trailing_slash",
                "\"%s\" %s with a slash, which makes an empty level".formatted(topic, leading ? "begins" : "ends"),
                "Leave it out: \"%s\"".formatted(without)));
    }

    private Optional<Refusal> wrongRoot(String topic, Refusal refusal, String instead) {
        String[] levels = topic.split("/", -1);
        String last = levels[levels.length - 1];
        boolean looksLikeChat = last.equals("#")
                || last.equals("+")
                || NearestWord.to(last, KINDS).isPresent();
        String[] root = topics.root().split("/");
        boolean nearRoot = Arrays.stream(levels)
                .limit(root.length)
                .anyMatch(level -> Arrays.stream(root)
                        .anyMatch(rootLevel ->
                                NearestWord.to(level, List.of(rootLevel)).isPresent()));
        if (!looksLikeChat && !nearRoot) {
            return Optional.empty();
        }
        return Optional.of(refusal.explained(
                "wrong_root",
                "\"%s\" is not below \"%s\"".formatted(topic, topics.root()),
                "The chat lives below \"%s\": use %s".formatted(topics.root(), instead)));
    }

    /** The levels below the chat's root; none if the topic is elsewhere. */
    private String[] belowRoot(String topic) {
        return topics.contains(topic)
                ? topic.substring(topics.root().length() + 1).split("/", -1)
                : new String[0];
    }

    private String example(String id, String kind) {
        return topics.root() + "/" + id + "/" + kind;
    }

    private static String sample(String kind, Optional<String> user, String receiver) {
        String parties = "{\"sender\":\"%s\",\"receiver\":\"%s\",".formatted(user.orElse("team1a"), receiver);
        return switch (kind) {
            case "message" -> parties + "\"message\":\"Hei!\",\"uuid\":\"16fd2706\"}";
            case "typing" -> parties + "\"status\":\"typing\"}";
            default -> parties + "\"status\":\"%s\",\"uuid\":\"16fd2706\"}".formatted(kind);
        };
    }
}
