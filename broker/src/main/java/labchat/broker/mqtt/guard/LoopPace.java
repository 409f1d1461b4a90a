package labchat.broker.mqtt.guard;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps one event loop's rounds short, so that a thousand busy connections do not keep a new one waiting: in each round
 * every connection that has sent something is read from once, and how much at most depends on how long the rounds take.
 * What cannot wait for the end of a round is done between two packets.
 *
 * <p>Also says when the loop's connections write what they have for their clients: at the end of the round, and under load
 * some rounds later, because a write to a socket costs more than what the broker does with a message, and the later it
 * is, the more messages and acknowledgements it takes along.
 *
 * <p>Belongs to its event loop but for {@link #soon}.
 */
final class LoopPace extends DefaultMaxMessagesRecvByteBufAllocator {

    /** About one chat message. */
    private static final int LEAST_BYTES = 256;

    private static final int USUAL_BYTES = 1024;

    /** While there is little to do, who sends a lot at once is read from with fewer calls. */
    private static final int MOST_BYTES = 8192;

    private static final long LONG_ROUND = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SHORT_ROUND = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long VERY_SHORT_ROUND = TimeUnit.MILLISECONDS.toNanos(5);

    /** A round with so many packets is no very short one, which is known only when it is over. */
    private static final int MANY_PACKETS = 256;

    /** So many packets in one round, and the next round is likely to bring more. */
    private static final int BUSY = 2;

    /** So many rounds what is to be written waits at the most, and no longer than this. */
    private static final int MOST_ROUNDS = 4;

    private static final long MOST_WAIT = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventLoop loop;
    private final LongSupplier nanoTime;
    private final Queue<Runnable> urgent = new ConcurrentLinkedQueue<>();
    private final Runnable runUrgent = this::runUrgent;
    private final Runnable roundIsOver = this::roundIsOver;
    private int bytes = MOST_BYTES;
    private boolean measuring;
    private long since;
    private int packetsInRound;

    private final Queue<Runnable> flushes = new ArrayDeque<>();
    private final Runnable flushOrWait = this::flushOrWait;
    private final Runnable atEndOfRound = this::atEndOfRound;
    private boolean flushIsScheduled;
    private int packetsSinceLast;
    private int roundsWaited;
    private long waitingSince;

    LoopPace(EventLoop loop) {
        this(loop, System::nanoTime);
    }

    /** @param nanoTime a clock like {@link System#nanoTime()} */
    LoopPace(EventLoop loop, LongSupplier nanoTime) {
        super(1);
        this.loop = loop;
        this.nanoTime = nanoTime;
    }

    /** Runs it on the loop, if need be in the middle of a round; any thread. */
    void soon(Runnable task) {
        urgent.add(task);
        loop.execute(runUrgent);
    }

    private void runUrgent() {
        for (Runnable next = urgent.poll(); next != null; next = urgent.poll()) {
            next.run();
        }
    }

    /** A packet has come. */
    void packet() {
        packetsInRound++;
        packetsSinceLast++;
        if (!urgent.isEmpty()) {
            runUrgent();
        }
        if (!measuring) {
            measuring = true;
            since = nanoTime.getAsLong();
            loop.execute(roundIsOver);
        }
    }

    private void roundIsOver() {
        measuring = false;
        packetsInRound = 0;
        long took = nanoTime.getAsLong() - since;
        if (took > LONG_ROUND) {
            bytes = Math.max(LEAST_BYTES, Math.min(USUAL_BYTES, bytes) / 2);
        } else if (took < VERY_SHORT_ROUND) {
            bytes = Math.min(MOST_BYTES, bytes * 2);
        } else if (took < SHORT_ROUND) {
            bytes = Math.min(USUAL_BYTES, bytes * 2);
        } else {
            bytes = Math.min(USUAL_BYTES, bytes);
        }
    }

    /**
     * Runs it when a connection's output is to be flushed: at the end of this round if there is little to do, under load a
     * few rounds later: after a millisecond no further round is waited for. In the order of the calls.
     */
    void flushLater(Runnable flush) {
        flushes.add(flush);
        if (!flushIsScheduled) {
            flushIsScheduled = true;
            roundsWaited = 0;
            waitingSince = nanoTime.getAsLong();
            atEndOfRound();
        }
    }

    private void atEndOfRound() {
        if (loop instanceof SingleThreadEventLoop single) {
            single.executeAfterEventLoopIteration(flushOrWait);
        } else {
            loop.execute(flushOrWait);
        }
    }

    private void flushOrWait() {
        boolean busy = packetsSinceLast >= BUSY;
        packetsSinceLast = 0;
        if (busy && roundsWaited < MOST_ROUNDS && nanoTime.getAsLong() - waitingSince < MOST_WAIT) {
            roundsWaited++;
            // What is to run at the end of a round and is added there runs at once; so it is added in the next round.
            loop.execute(atEndOfRound);
            return;
        }
        flushIsScheduled = false;
        try {
            // What these cause is flushed after them.
            for (int left = flushes.size(); left > 0; left--) {
                flushes.remove().run();
            }
        } finally {
            if (!flushes.isEmpty() && !flushIsScheduled) {
                flushIsScheduled = true;
                atEndOfRound();
            }
        }
    }

    @Override
    @SuppressWarnings("deprecation")
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            private boolean sendsALot;

            @Override
            public int guess() {
                return sendsALot && packetsInRound < MANY_PACKETS ? bytes : Math.min(USUAL_BYTES, bytes);
            }

            @Override
            public void lastBytesRead(int read) {
                // Only who fills a small buffer gets a large one, which would be kept as long as a packet is
                // incomplete.
                sendsALot = read >= USUAL_BYTES;
                super.lastBytesRead(read);
            }
        };
    }
}
