package labchat.client.ui.full;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;

/** What was said with one user, in one room, or by the client itself, and the text being written there. */
final class Conversation {

    /** Of more than these the oldest are forgotten; scrolling up brings them back from the server. */
    private static final int MOST = 2_000;

    private final Optional<ChatId> with;
    private final List<Item> items = new ArrayList<>();
    private final Map<MessageId, Item> byId = new HashMap<>();
    private final Composer composer = new Composer();
    private Optional<Item> leftOff = Optional.empty();
    private Optional<Item> lastArrived = Optional.empty();
    private Optional<Item> anchor = Optional.empty();
    private int below;
    private int unread;
    private Optional<Instant> activity = Optional.empty();
    private boolean older;
    private boolean asking;
    private boolean opened;

    /** @param with empty for the client's own page */
    Conversation(Optional<ChatId> with) {
        this.with = with;
        this.older = with.isPresent();
    }

    Optional<ChatId> with() {
        return with;
    }

    /** Oldest first. */
    List<Item> items() {
        return items;
    }

    Composer composer() {
        return composer;
    }

    Optional<Item> find(MessageId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Adds at the end. */
    void add(Item item) {
        if (!items.isEmpty()) {
            item.orderAfter(items.get(items.size() - 1).order());
        }
        insert(item);
        while (items.size() > MOST && anchor.isEmpty()) {
            Item oldest = items.remove(0);
            oldest.id().ifPresent(byId::remove);
            if (isUnread(oldest)) {
                unread--;
            }
            older = with.isPresent();
        }
    }

    /** Adds an incoming message that came by itself, not in a page of history. */
    void arrived(Item item) {
        add(item);
        lastArrived = Optional.of(item);
    }

    /**
     * A message that a page of history has brought comes by itself too. Messages come in the order in which they were
     * sent, so it belongs behind those that have come before it, although they have later times: those of their arrival.
     */
    void arrivedAfterHistory(Item item) {
        if (!item.isFromHistory()) {
            return;
        }
        item.fromHistory(false);
        if (lastArrived.filter(last -> item.order().isBefore(last.order())).isPresent()) {
            item.orderAfter(lastArrived.get().order());
            // Of equal times the one that stands later stays later.
            items.remove(item);
            items.add(item);
            sort();
            lastArrived = Optional.of(item);
        }
    }

    /** Adds what {@link #sort} will bring to its place. */
    void insert(Item item) {
        items.add(item);
        item.id().ifPresent(id -> {
            byId.put(id, item);
            activity = Optional.of(activity.filter(item.order()::isBefore).orElse(item.order()));
        });
        if (isUnread(item)) {
            unread++;
        }
    }

    void sort() {
        items.sort(Comparator.comparing(Item::order));
    }

    private static boolean isUnread(Item item) {
        return item.kind() == Item.Kind.INCOMING && !item.isSeen();
    }

    /** When something was last said; empty if never. */
    Optional<Instant> activity() {
        return activity;
    }

    int unread() {
        return unread;
    }

    /** It was on the screen; true if that is news. */
    boolean see(Item item) {
        if (!isUnread(item)) {
            return false;
        }
        item.see();
        unread--;
        return true;
    }

    /** The first that was new when the user came back, or stopped looking. */
    Optional<Item> leftOff() {
        return leftOff;
    }

    void markLeftOff() {
        if (leftOff.isEmpty()) {
            leftOff = items.stream().filter(Conversation::isUnread).findFirst();
        }
    }

    void forgetLeftOff() {
        leftOff = Optional.empty();
    }

    /** The item on the lowest row of the screen; empty if that is always the newest. */
    Optional<Item> anchor() {
        return anchor;
    }

    /** How many rows of the anchor are hidden below the screen. */
    int below() {
        return below;
    }

    void anchor(Item item, int rowsBelow) {
        anchor = Optional.of(item);
        below = rowsBelow;
    }

    void follow() {
        anchor = Optional.empty();
        below = 0;
    }

    /** Whether the server may have older messages. */
    boolean hasOlder() {
        return older;
    }

    void older(boolean more) {
        older = more;
    }

    /** Whether a page is on its way. */
    boolean isAsking() {
        return asking;
    }

    void asking(boolean on) {
        asking = on;
    }

    /** Whether its newest page was asked for. */
    boolean isOpened() {
        return opened;
    }

    void opened(boolean on) {
        opened = on;
    }
}
