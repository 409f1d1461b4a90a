package labchat.broker.store.sqlite;

import java.util.concurrent.atomic.AtomicLongArray;
import labchat.protocol.identity.MessageId;

/**
 * Says of a message that it is certainly new, or perhaps known. Never wrong about "certainly new" for what was added; up
 * to its capacity wrong about "perhaps" less than once in a thousand. Any thread.
 */
final class BloomFilter {

    private static final int BITS_PER_MESSAGE = 16;
    private static final int PROBES = 8;

    private final AtomicLongArray words;
    private final long mask;
    private final long capacity;

    /** For at least so many messages; takes two bytes for each, rounded up to a power of two. */
    BloomFilter(long atLeast) {
        long bits = Long.highestOneBit(Math.max(1_024, atLeast * BITS_PER_MESSAGE) * 2 - 1);
        bits = Math.min(bits, 1L << 36);
        this.words = new AtomicLongArray((int) (bits / Long.SIZE));
        this.mask = bits - 1;
        this.capacity = bits / BITS_PER_MESSAGE;
    }

    /** How many messages it takes before it errs more often. */
    long capacity() {
        return capacity;
    }

    /** 64 bits that depend on every character of the id. */
    static long hash(MessageId id) {
        return hash(id.sender().value(), id.receiver().value(), id.uuid().value());
    }

    static long hash(String sender, String receiver, String uuid) {
        long hash = 0xcbf29ce484222325L;
        hash = add(hash, sender);
        hash = add(hash, receiver);
        return mix(add(hash, uuid));
    }

    /** The hash of a message or receipt; a message's is that of its id. */
    static long hash(String kind, String sender, String receiver, String uuid, String room) {
        // No name of a user has a blank: a receipt is never taken for a message.
        return kind.equals("message")
                ? hash(sender, receiver, uuid)
                : hash(kind + ' ' + sender, receiver + ' ' + room, uuid);
    }

    private static long add(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        // No id has this character: "ab", "c" is not "a", "bc".
        return (hash ^ 0xff) * 0x100000001b3L;
    }

    /** The finishing step of MurmurHash 3. */
    private static long mix(long value) {
        long hash = value;
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    void add(long hash) {
        long step = mix(hash) | 1;
        long at = hash;
        for (int i = 0; i < PROBES; i++) {
            long bit = at & mask;
            long flag = 1L << bit;
            int word = (int) (bit >>> 6);
            if ((words.get(word) & flag) == 0) {
                words.getAndAccumulate(word, flag, (a, b) -> a | b);
            }
            at += step;
        }
    }

    boolean mayContain(long hash) {
        long step = mix(hash) | 1;
        long at = hash;
        for (int i = 0; i < PROBES; i++) {
            long bit = at & mask;
            if ((words.get((int) (bit >>> 6)) & 1L << bit) == 0) {
                return false;
            }
            at += step;
        }
        return true;
    }
}
