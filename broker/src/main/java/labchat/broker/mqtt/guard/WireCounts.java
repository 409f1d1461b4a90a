package labchat.broker.mqtt.guard;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one event loop's connections have received and sent. Only the event loop counts, so that counting takes no lock and
 * no atomic addition; any thread may read.
 */
final class WireCounts {

    /** What is counted. */
    enum What {
        SOCKETS,
        CONNECTS,
        PACKETS_RECEIVED,
        PACKETS_SENT,
        BYTES_RECEIVED,
        BYTES_SENT,
        PUBLISHES_RECEIVED,
        PUBLISHES_SENT,
        PUBLISH_BYTES_RECEIVED,
        PUBLISH_BYTES_SENT,
        PUBLISHES_DROPPED,
        WAITING_PUBLISHES,
        WAITING_BYTES
    }

    private final EventLoop loop;
    private final AtomicLongArray counts = new AtomicLongArray(What.values().length);

    WireCounts(EventLoop loop) {
        this.loop = loop;
    }

    /** On the event loop only. */
    void add(What what, long number) {
        int index = what.ordinal();
        // One writer, so nothing can come between reading and writing.
        counts.setOpaque(index, counts.getPlain(index) + number);
    }

    void one(What what) {
        add(what, 1);
    }

    /** A PUBLISH went out; this many bytes are its payload. */
    void publishSent(int payloadBytes) {
        add(What.PACKETS_SENT, 1);
        add(What.PUBLISHES_SENT, 1);
        add(What.PUBLISH_BYTES_SENT, payloadBytes);
    }

    /** Any thread. */
    long get(What what) {
        return counts.getOpaque(what.ordinal());
    }

    /** What waits for the loop; any thread. */
    int waitingTasks() {
        return loop instanceof SingleThreadEventExecutor executor ? executor.pendingTasks() : 0;
    }
}
