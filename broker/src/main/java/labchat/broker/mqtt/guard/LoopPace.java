package labchat.broker.mqtt.guard;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps one event loop's rounds short, so that a thousand busy connections do not keep a new one waiting: in each round
 * every connection that has sent something is read from once, and how much at most depends on how long the rounds take.
 * What cannot wait for the end of a round is done between two packets.
 *
 * <p>Belongs to its event loop but for {@link #soon}.
 */
final class LoopPace extends DefaultMaxMessagesRecvByteBufAllocator {

    /** About one chat message. */
    private static final int LEAST_BYTES = 256;

    private static final int MOST_BYTES = 1024;
    private static final long LONG_ROUND = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SHORT_ROUND = TimeUnit.MILLISECONDS.toNanos(25);

    private final EventLoop loop;
    private final LongSupplier nanoTime;
    private final Queue<Runnable> urgent = new ConcurrentLinkedQueue<>();
    private final Runnable runUrgent = this::runUrgent;
    private final Runnable roundIsOver = this::roundIsOver;
    private int bytes = MOST_BYTES;
    private boolean measuring;
    private long since;

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
        long took = nanoTime.getAsLong() - since;
        if (took > LONG_ROUND) {
            bytes = Math.max(LEAST_BYTES, bytes / 2);
        } else if (took < SHORT_ROUND) {
            bytes = Math.min(MOST_BYTES, bytes * 2);
        }
    }

    @Override
    @SuppressWarnings("deprecation")
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return bytes;
            }
        };
    }
}
