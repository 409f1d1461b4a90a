package labchat.broker.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.topic.ChatKind;

/**
 * Keeps messages and receipts. The publisher's acknowledgement waits for it, delivery to receivers that are connected
 * does not. Each publish gets a sequence number, higher than that of every publish appended before it, also across
 * restarts.
 *
 * <p>May be used by any thread at once; nothing here waits for the disk unless it says so.
 */
public interface MessageStore {

    /** What {@link #append} gives for a message that is kept already. */
    long REPEATED = -1;

    /** What {@link #append} gives where nothing is kept. */
    long NOT_KEPT = 0;

    /** Told what became of a publish: exactly one of the two, once, on any thread, perhaps before append returns. */
    interface Outcome {
        /** It is safe on disk. */
        void durable();

        /** It could not be kept, nor will it be. */
        void failed();
    }

    /** Why nothing can be kept at the moment, in a few words; empty if all is well. A volatile read. */
    Optional<String> problem();

    /** Whether so much waits to be written that publishers should be read from no longer for a while. A volatile read. */
    boolean isBehind();

    /**
     * Calls back once, soon, when the store is not {@link #isBehind() behind} any more; at once if it is not.
     */
    void whenCaughtUp(Runnable resume);

    /**
     * Keeps a publish.
     *
     * @return its sequence number; {@link #REPEATED} for a message that is kept or being kept already, whose outcome is
     *     then that of the first; {@link #NOT_KEPT} if nothing is ever kept
     */
    long append(AcceptedPublish publish, Outcome outcome);

    /** Whether this message was ever kept; what was deleted by age may be forgotten. May read from disk, briefly. */
    boolean knows(MessageId message);

    /** The highest sequence number given so far; 0 if none. */
    long lastSequence();

    /** How many publishes are on disk, but not yet where they are found by those who search or look from outside. */
    default int unsorted() {
        return 0;
    }

    /** Reads in the order of their sequence numbers; fails with {@link StoreException} if it cannot. */
    CompletionStage<List<KeptPublish>> read(ReplayQuery query);

    /**
     * Notes up to which sequence number a user has been handed what was published to a receiver. Written soon, not at
     * once: after a crash somewhat less may be known.
     *
     * @param receiver the user's own id, or a room's
     */
    void handedOver(ChatId user, ChatId receiver, ChatKind kind, long upTo);

    /**
     * Notes where what a user is to get of a room begins. In the store no later than whatever is appended after this call,
     * so that nothing of it is taken for older, should the broker be killed.
     *
     * @param upTo the last sequence number that is not for the user
     */
    void begins(ChatId user, ChatId room, ChatKind kind, long upTo);

    /** What {@link #handedOver} noted, as it was at the start of the broker. */
    Map<HandOver, Long> handedOver();

    /** Whose position in what is published to whom. */
    record HandOver(ChatId user, ChatId receiver, ChatKind kind) {}

    /** A store that keeps nothing: everything counts as safe at once. */
    static MessageStore none() {
        return NoMessageStore.INSTANCE;
    }
}
