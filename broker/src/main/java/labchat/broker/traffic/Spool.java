package labchat.broker.traffic;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A bounded queue whose producers never wait, and the daemon thread that empties it. What does not fit is dropped and
 * counted.
 *
 * <p>{@link #offer} takes no lock and, under load, wakes nobody: the thread looks by itself every 10 ms, and only after
 * a second without work does it sleep until the next item wakes it.
 *
 * @param <T> what is queued
 */
final class Spool<T> {

    /** Where the items go. All methods are called by the spool's thread only. */
    interface Drain<T> {

        /** Takes one item; false if it cannot be taken now and is to be offered again a little later. */
        boolean take(T item);

        /** So many items were dropped after those taken so far; false if that cannot be noted now. */
        boolean dropped(long count);

        /** Nothing more is there for the moment; false if something taken before is still to be done. */
        boolean pause();

        /** Nothing more will come. */
        void end();
    }

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int LOOKS_BEFORE_SLEEP = 100;

    private final Drain<? super T> drain;
    private final AtomicReferenceArray<T> slots;
    private final int mask;
    private final Thread thread;

    /** The next place to put an item. */
    private final AtomicLong tail = new AtomicLong();
    /** The next place to take an item from; written by the spool's thread only. */
    private final AtomicLong head = new AtomicLong();

    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile boolean abandoned;

    /**
     * Starts the thread.
     *
     * @param name the thread's name
     * @param capacity how many items may wait; a power of two
     */
    Spool(String name, int capacity, Drain<? super T> drain) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("the capacity must be a power of two, but is " + capacity);
        }
        this.drain = Objects.requireNonNull(drain, "drain");
        this.slots = new AtomicReferenceArray<>(capacity);
        this.mask = capacity - 1;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Queues the item, or drops and counts it if the queue is full. Any thread; returns at once; after close, nothing. */
    void offer(T item) {
        if (closing) {
            return;
        }
        long place;
        do {
            place = tail.get();
            if (place - head.get() > mask) {
                dropped.incrementAndGet();
                return;
            }
        } while (!tail.compareAndSet(place, place + 1));
        slots.set((int) place & mask, item);
        // The store above and the look at the flag keep their order, so either we see the flag or the thread the item.
        if (asleep) {
            asleep = false;
            LockSupport.unpark(thread);
        }
    }

    /** How many items wait. */
    long size() {
        return tail.get() - head.get();
    }

    /**
     * Takes no more items and waits until those in the queue are taken. A thread that hangs in its drain is left behind.
     *
     * @return whether all were taken in that time
     */
    boolean close(Duration atMost) {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Math.max(1, atMost.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        abandoned = true;
        return !thread.isAlive() && size() == 0;
    }

    private void run() {
        int looks = 0;
        while (true) {
            boolean last = closing;
            int taken = takeBatch();
            boolean done = drain.pause();
            if (taken == slots.length() && !abandoned) {
                looks = 0;
                continue;
            }
            if (last && (abandoned || (done && size() == 0))) {
                break;
            }
            looks = taken > 0 || !done ? 0 : looks + 1;
            if (looks > LOOKS_BEFORE_SLEEP) {
                sleep();
                looks = 0;
            } else {
                LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
            }
        }
        drain.end();
    }

    private int takeBatch() {
        int taken = 0;
        while (taken < slots.length()) {
            long place = head.get();
            int slot = (int) place & mask;
            T item = slots.get(slot);
            if (item == null) {
                break;
            }
            try {
                if (!drain.take(item)) {
                    return taken;
                }
            } catch (RuntimeException e) {
                // One item that cannot be handled must not end the log: it is missing, and counted as such.
                dropped.incrementAndGet();
            }
            slots.set(slot, null);
            head.set(place + 1);
            taken++;
        }
        long count = dropped.get();
        if (count > 0 && drain.dropped(count)) {
            dropped.addAndGet(-count);
        }
        return taken;
    }

    private void sleep() {
        asleep = true;
        if (size() == 0 && dropped.get() == 0 && !closing) {
            LockSupport.park(this);
        }
        asleep = false;
    }
}
