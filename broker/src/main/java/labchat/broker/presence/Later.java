package labchat.broker.presence;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one at a time, on another thread than the caller's. May be used by any thread. */
interface Later extends AutoCloseable {

    /**
     * Runs a task when the delay is over. Those without a delay run in the order in which they were given, as long as the
     * caller sees to it that there is one.
     */
    void after(Duration delay, Runnable task);

    /** What has not run yet never will. */
    @Override
    void close();

    /** A thread of this name. */
    static Later thread(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        Logger log = LoggerFactory.getLogger(Later.class);
        return new Later() {
            @Override
            public void after(Duration delay, Runnable task) {
                // Tasks of one moment run first in, first out.
                executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            }

            private void run(Runnable task) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.error("{} failed", name, e);
                }
            }

            @Override
            public void close() {
                executor.shutdownNow();
            }
        };
    }
}
