package labchat.broker.store.sqlite;

import java.security.SecureRandom;
import java.util.function.LongConsumer;

/**
 * From hashes to sequence numbers, to several from one hash too: 16 bytes each, and up to one and a half times as much again
 * for what is free. Not for several threads at once.
 */
final class HashIndex {

    private static final int LEAST_SLOTS = 1 << 10;

    /** Four of five slots may be taken: a lookup then looks at some ten that lie next to each other. */
    private static final int FULLNESS = 4;

    private static final int FULLNESS_OF = 5;

    private static final long SEED = new SecureRandom().nextLong();
    private static final long FACTOR = new SecureRandom().nextLong() | 1;

    /** A hash and a number in turn; where the number is 0 the slot is free. */
    private long[] slots = new long[2 * LEAST_SLOTS];

    private int mask = LEAST_SLOTS - 1;
    private int size;

    /** Another one for each process, so that nobody can choose names that all want the same slot. */
    private int home(long hash) {
        return (int) ((hash ^ SEED) * FACTOR >>> Integer.SIZE) & mask;
    }

    int size() {
        return size;
    }

    /**
     * Adds a number.
     *
     * @param hash whose bits are well mixed
     * @param sequence not 0
     */
    void add(long hash, long sequence) {
        if (FULLNESS_OF * (size + 1L) > FULLNESS * (mask + 1L)) {
            grow();
        }
        put(hash, sequence);
        size++;
    }

    private void put(long hash, long sequence) {
        int slot = home(hash);
        while (slots[2 * slot + 1] != 0) {
            slot = slot + 1 & mask;
        }
        slots[2 * slot] = hash;
        slots[2 * slot + 1] = sequence;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[Math.multiplyExact(old.length, 2)];
        mask = slots.length / 2 - 1;
        for (int i = 0; i < old.length; i += 2) {
            if (old[i + 1] != 0) {
                put(old[i], old[i + 1]);
            }
        }
    }

    /** Any one of the numbers of this hash; 0 if there is none. */
    long any(long hash) {
        for (int slot = home(hash); slots[2 * slot + 1] != 0; slot = slot + 1 & mask) {
            if (slots[2 * slot] == hash) {
                return slots[2 * slot + 1];
            }
        }
        return 0;
    }

    /** All numbers of this hash, in no order; for tests. */
    void each(long hash, LongConsumer sequence) {
        for (int slot = home(hash); slots[2 * slot + 1] != 0; slot = slot + 1 & mask) {
            if (slots[2 * slot] == hash) {
                sequence.accept(slots[2 * slot + 1]);
            }
        }
    }

    /** The hash of each number. */
    void eachHash(LongConsumer hash) {
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i + 1] != 0) {
                hash.accept(slots[i]);
            }
        }
    }

    /** Removes a number, if it is there. */
    void remove(long hash, long sequence) {
        int slot = home(hash);
        while (slots[2 * slot + 1] != 0 && (slots[2 * slot] != hash || slots[2 * slot + 1] != sequence)) {
            slot = slot + 1 & mask;
        }
        if (slots[2 * slot + 1] != 0) {
            free(slot);
            size--;
        }
        if (size == 0 && mask >= LEAST_SLOTS) {
            clear();
        }
    }

    /** What stands behind a slot that becomes free moves up, unless it would then stand before its own place. */
    private void free(int from) {
        int gap = from;
        for (int slot = from + 1 & mask; slots[2 * slot + 1] != 0; slot = slot + 1 & mask) {
            int home = home(slots[2 * slot]);
            if ((slot - home & mask) >= (slot - gap & mask)) {
                slots[2 * gap] = slots[2 * slot];
                slots[2 * gap + 1] = slots[2 * slot + 1];
                gap = slot;
            }
        }
        slots[2 * gap + 1] = 0;
    }

    void clear() {
        slots = new long[2 * LEAST_SLOTS];
        mask = LEAST_SLOTS - 1;
        size = 0;
    }
}
