package labchat.broker.rooms;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in order, on the threads that bring them: who finds it idle runs its own task and what others
 * bring meanwhile. Needs no thread, holds no lock while a task runs, and never waits.
 */
final class Serial {

    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    void run(Runnable task) {
        tasks.add(task);
        if (count.getAndIncrement() != 0) {
            return;
        }
        do {
            try {
                tasks.remove().run();
            } catch (RuntimeException | Error e) {
                LOG.error("a request about rooms failed", e);
            }
        } while (count.decrementAndGet() != 0);
    }
}
