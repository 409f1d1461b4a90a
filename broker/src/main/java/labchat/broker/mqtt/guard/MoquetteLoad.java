package labchat.broker.mqtt.guard;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many publishes of all connections together Moquette has not acknowledged yet: when its queues are full it
 * drops without a word. Who adds beyond the bound is read from again when there is room. May be used by any thread.
 */
final class MoquetteLoad {

    private final int most;
    private final AtomicInteger unacknowledged = new AtomicInteger();
    private final Queue<Connection> paused = new ConcurrentLinkedQueue<>();

    MoquetteLoad(int most) {
        this.most = most;
    }

    /** A publish goes to Moquette; on the connection's event loop. */
    void add(Connection connection) {
        if (unacknowledged.incrementAndGet() > most) {
            connection.pauseReading();
            paused.add(connection);
            resumeIfThereIsRoom();
        }
    }

    /** So many were acknowledged, or will not be any more. */
    void remove(int publishes) {
        unacknowledged.addAndGet(-publishes);
        resumeIfThereIsRoom();
    }

    private void resumeIfThereIsRoom() {
        while (unacknowledged.get() <= most) {
            Connection next = paused.poll();
            if (next == null) {
                return;
            }
            next.loop().execute(next::resumeReading);
        }
    }
}
