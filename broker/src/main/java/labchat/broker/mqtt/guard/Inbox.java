package labchat.broker.mqtt.guard;

import labchat.broker.store.MessageStore;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/**
 * Which of what is published on one topic one user's clients have: messages, {@code delivered} or {@code read} of the
 * user's own tree, or a room's messages. A publish is <em>handed over</em> when one of the user's clients has
 * acknowledged it, or when it was written at QoS 0. May be used by any thread.
 */
final class Inbox {

    /** So many publishes that were handed over out of turn are remembered; others may be sent once more. */
    private static final int MOST_OUT_OF_TURN = 100_000;

    private final ChatId user;
    private final ChatId receiver;
    private final ChatKind kind;
    private final MessageStore store;

    /** All up to here is handed over. */
    private long position;

    private long noted;
    private long newest;

    /** Whether everything above the position is either in {@link #open} or handed over. */
    private boolean complete;

    /** The newest publish that reached no client of the user. */
    private long missed;

    /** Sent to a client of the user, and not handed over. */
    private final Sequences open = new Sequences();

    /** Handed over, although something before it is not. */
    private final Sequences outOfTurn = new Sequences();

    /** @param position up to where the user has everything */
    Inbox(ChatId user, ChatId receiver, ChatKind kind, MessageStore store, long position) {
        this.user = user;
        this.receiver = receiver;
        this.kind = kind;
        this.store = store;
        this.position = position;
        this.noted = position;
        this.newest = position;
    }

    ChatId user() {
        return user;
    }

    /** In whose part of the tree the topic is: the user's own id, or a room's. */
    ChatId receiver() {
        return receiver;
    }

    ChatKind kind() {
        return kind;
    }

    /** Something was published on the topic; before any client can have acknowledged it. */
    synchronized void published(long sequence, boolean reached) {
        newest = Math.max(newest, sequence);
        if (reached) {
            open.add(sequence);
        } else {
            missed = Math.max(missed, sequence);
            complete = false;
        }
    }

    /** The user wrote it, and so has it. */
    synchronized void own(long sequence) {
        newest = Math.max(newest, sequence);
        handedOver(sequence);
    }

    /** A client of the user has it. */
    synchronized void handedOver(long sequence) {
        open.remove(sequence);
        if (complete) {
            advance();
        }
        if (sequence > position && outOfTurn.size() < MOST_OUT_OF_TURN) {
            outOfTurn.add(sequence);
        }
    }

    private void advance() {
        position = open.isEmpty() ? newest : Math.max(position, open.first() - 1);
        while (!outOfTurn.isEmpty() && outOfTurn.first() <= position) {
            outOfTurn.remove(outOfTurn.first());
        }
        if (position > noted) {
            noted = position;
            store.handedOver(user, receiver, kind, position);
        }
    }

    /** Whether a client that subscribes now may find something that no client of the user has. */
    synchronized boolean hasWaiting() {
        return !complete || !open.isEmpty();
    }

    /** Up to where the user has everything. */
    synchronized long position() {
        return position;
    }

    synchronized boolean isHandedOver(long sequence) {
        return sequence <= position || outOfTurn.contains(sequence);
    }

    /** Something that waited is on its way to a client of the user. */
    synchronized void sentAgain(long sequence) {
        newest = Math.max(newest, sequence);
        if (!isHandedOver(sequence)) {
            open.add(sequence);
        }
    }

    /**
     * All that waited in this range was sent to a client of the user.
     *
     * @param sent what of it was not handed over before
     */
    synchronized void replayed(long after, long upTo, Sequences sent) {
        newest = Math.max(newest, upTo);
        // What the store has not is gone, and would be waited for in vain.
        open.removeIf(sequence -> sequence > after && sequence <= upTo && !sent.contains(sequence));
        if (missed > upTo) {
            return;
        }
        complete = true;
        advance();
    }

    /** The user has just become a member of the room: what was said before is not waiting. */
    synchronized void startAt(long sequence) {
        newest = Math.max(newest, sequence);
        missed = 0;
        complete = true;
        open.clear();
        outOfTurn.clear();
        position = newest;
        noted = position;
        store.begins(user, receiver, kind, position);
    }
}
