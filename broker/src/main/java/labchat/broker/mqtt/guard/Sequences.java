package labchat.broker.mqtt.guard;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * A set of sequence numbers in rising order. Made for what arrives nearly in order and leaves nearly in order: both cost
 * next to nothing then. Not safe for several threads.
 */
final class Sequences {

    private long[] values = new long[8];
    private int from;
    private int to;

    boolean isEmpty() {
        return from == to;
    }

    int size() {
        return to - from;
    }

    /** The lowest; there must be one. */
    long first() {
        return values[from];
    }

    boolean contains(long value) {
        return Arrays.binarySearch(values, from, to, value) >= 0;
    }

    void add(long value) {
        if (from != to && values[to - 1] >= value) {
            insert(value);
            return;
        }
        makeRoom();
        values[to++] = value;
    }

    private void insert(long value) {
        int at = Arrays.binarySearch(values, from, to, value);
        if (at >= 0) {
            return;
        }
        makeRoom();
        at = -Arrays.binarySearch(values, from, to, value) - 1;
        System.arraycopy(values, at, values, at + 1, to - at);
        values[at] = value;
        to++;
    }

    private void makeRoom() {
        if (to < values.length) {
            return;
        }
        int size = size();
        long[] target = size > values.length / 2 ? new long[values.length * 2] : values;
        System.arraycopy(values, from, target, 0, size);
        values = target;
        from = 0;
        to = size;
    }

    boolean remove(long value) {
        if (from != to && values[from] == value) {
            from++;
            return true;
        }
        int at = Arrays.binarySearch(values, from, to, value);
        if (at < 0) {
            return false;
        }
        System.arraycopy(values, at + 1, values, at, to - at - 1);
        to--;
        return true;
    }

    void removeIf(LongPredicate unwanted) {
        int kept = from;
        for (int i = from; i < to; i++) {
            if (!unwanted.test(values[i])) {
                values[kept++] = values[i];
            }
        }
        to = kept;
    }

    /** All of them, in a set that the caller may change. */
    Set<Long> toSet() {
        Set<Long> all = new HashSet<>();
        for (int i = from; i < to; i++) {
            all.add(values[i]);
        }
        return all;
    }

    void clear() {
        from = 0;
        to = 0;
    }
}
