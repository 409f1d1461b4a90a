package labchat.client.ui;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/** One text for several: to all, each with a message of their own, or to a room. It counts what became of it. */
final class Broadcast {

    /** How long the receipts may change before their count is shown. */
    static final Duration TALLY_PAUSE = Duration.ofMillis(800);

    private final Optional<ChatId> room;
    private final String text;
    private final int total;
    private final Set<ChatId> open;
    private final Set<ChatId> delivered = new HashSet<>();
    private final Set<ChatId> read = new HashSet<>();
    private final SortedSet<ChatId> failed = new TreeSet<>(Contact.ORDER);
    private Optional<Instant> changed = Optional.empty();

    private Broadcast(Optional<ChatId> room, String text, int total, Set<ChatId> open) {
        this.room = room;
        this.text = text;
        this.total = total;
        this.open = open;
    }

    static Broadcast toAll(String text, List<ChatId> receivers) {
        return new Broadcast(Optional.empty(), text, receivers.size(), new HashSet<>(receivers));
    }

    /** @param others how many members there are beside the author */
    static Broadcast toRoom(ChatId room, String text, int others) {
        return new Broadcast(Optional.of(room), text, others, new HashSet<>());
    }

    /** Where it was written; empty for all. */
    Optional<ChatId> room() {
        return room;
    }

    /** Counts each receiver once; a status only rises. */
    void receipt(ChatId from, ChatKind kind, Instant now) {
        open.remove(from);
        boolean news = delivered.add(from);
        if (kind == ChatKind.READ) {
            news |= read.add(from);
        }
        if (news) {
            change(now);
        }
    }

    /** Whether it was still open there. */
    boolean fail(ChatId receiver, Instant now) {
        boolean wasOpen = open.remove(receiver);
        if (wasOpen) {
            failed.add(receiver);
            change(now);
        }
        return wasOpen;
    }

    private void change(Instant now) {
        if (changed.isEmpty()) {
            changed = Optional.of(now);
        }
    }

    boolean isTellable(Instant now) {
        return changed.isPresent() && !now.isBefore(changed.get().plus(TALLY_PAUSE));
    }

    void told() {
        changed = Optional.empty();
    }

    boolean isSettled() {
        return changed.isEmpty() && read.size() + failed.size() >= total;
    }

    ChatLine tally() {
        // Somebody may have joined since.
        int all = Math.max(total, delivered.size());
        return new ChatLine.Tally(room, text, all, delivered.size(), read.size(), List.copyOf(failed));
    }
}
