package labchat.client.ui.full;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;

/** One entry of a conversation: a message, or something the client says. */
final class Item {

    /** What it is. */
    enum Kind {
        INCOMING,
        OUTGOING,
        NOTE,
        PROBLEM
    }

    private final Kind kind;
    private final Optional<MessageId> id;
    private final String text;
    private final int receivers;
    private Instant at;
    private Instant order;
    private boolean fromHistory;
    private boolean acknowledged;
    private boolean seen;
    private Optional<String> failure = Optional.empty();
    private Optional<Item> copyTo = Optional.empty();
    private final Map<ChatId, Instant> delivered = new HashMap<>();
    private final Map<ChatId, Instant> read = new HashMap<>();
    private final Set<ChatId> failed = new HashSet<>();

    private Item(Kind kind, Optional<MessageId> id, String text, int receivers, Instant at) {
        this.kind = Objects.requireNonNull(kind, "kind");
        this.id = id;
        this.text = Objects.requireNonNull(text, "text");
        this.receivers = receivers;
        this.at = at;
        this.order = at;
    }

    static Item incoming(MessageId id, String text, Instant at) {
        return new Item(Kind.INCOMING, Optional.of(id), text, 0, at);
    }

    static Item outgoing(MessageId id, String text, Instant at) {
        return new Item(Kind.OUTGOING, Optional.of(id), text, 0, at);
    }

    /** One text to several, each with a message of their own. */
    static Item toAll(String text, int receivers, Instant at) {
        return new Item(Kind.OUTGOING, Optional.empty(), text, receivers, at);
    }

    static Item said(Kind kind, String text, Instant at) {
        return new Item(kind, Optional.empty(), text, 0, at);
    }

    Kind kind() {
        return kind;
    }

    Optional<MessageId> id() {
        return id;
    }

    String text() {
        return text;
    }

    /** To how many it went, each with a message of their own; 0 for a single message. */
    int receivers() {
        return receivers;
    }

    Instant at() {
        return at;
    }

    /** By what it is sorted: its time, but never before what was there when it came. */
    Instant order() {
        return order;
    }

    /** Whether only a page of history has brought it so far. */
    boolean isFromHistory() {
        return fromHistory;
    }

    void fromHistory(boolean only) {
        fromHistory = only;
    }

    void orderAfter(Instant other) {
        if (order.isBefore(other)) {
            order = other;
        }
    }

    /** The server says when it was sent. */
    void sentAt(Instant time) {
        at = time;
        order = time;
        acknowledged = true;
    }

    void acknowledge() {
        acknowledged = true;
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    /** Whether it was on the screen; only for what came in. */
    boolean isSeen() {
        return seen;
    }

    void see() {
        seen = true;
    }

    Optional<String> failure() {
        return failure;
    }

    /** It was refused; of several reasons the longest explains most. */
    void fail(ChatId receiver, String reason) {
        if (failure.isEmpty() || failure.get().length() < reason.length()) {
            failure = Optional.of(reason);
        }
        copyTo.ifPresent(all -> all.failed.add(receiver));
    }

    /** What becomes of it is counted there, too. */
    void countAt(Item all) {
        copyTo = Optional.of(all);
    }

    /** A receipt has come; of several the first counts. */
    void delivered(ChatId by, Instant when) {
        acknowledged = true;
        delivered.merge(by, when, Item::earlier);
        copyTo.ifPresent(all -> all.delivered(by, when));
    }

    /** The same, of a receipt that says more. */
    void read(ChatId by, Instant when) {
        delivered(by, when);
        read.merge(by, when, Item::earlier);
        copyTo.ifPresent(all -> all.read(by, when));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** To whom it was delivered, and when. */
    Map<ChatId, Instant> delivered() {
        return Map.copyOf(delivered);
    }

    /** Who has read it, and when. */
    Map<ChatId, Instant> read() {
        return Map.copyOf(read);
    }

    Set<ChatId> failed() {
        return Set.copyOf(failed);
    }
}
