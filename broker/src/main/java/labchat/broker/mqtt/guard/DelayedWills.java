package labchat.broker.mqtt.guard;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Wills whose connection has ended and which wait: for their delay, for the session's end if that is sooner, or for a new
 * connection of the session, which cancels them [MQTT-3.1.3-9]. In memory only. May be used by any thread.
 */
final class DelayedWills {

    /** One that waits; each is published or dropped once. */
    private static final class Waiting {
        private final EventLoop loop;
        private final Runnable publish;
        private Future<?> timer;

        Waiting(EventLoop loop, Runnable publish) {
            this.loop = loop;
            this.publish = publish;
        }
    }

    private final ConcurrentMap<String, Waiting> bySession = new ConcurrentHashMap<>();

    /**
     * Publishes the session's Will after the delay.
     *
     * @param loop on which it is published; this method is called on it
     * @param delay more than zero
     */
    void add(String session, EventLoop loop, Duration delay, Runnable publish) {
        Waiting will = new Waiting(loop, publish);
        bySession.put(session, will);
        will.timer = loop.schedule(
                () -> {
                    if (bySession.remove(session, will)) {
                        publish.run();
                    }
                },
                delay.toSeconds(),
                TimeUnit.SECONDS);
    }

    /** The session goes on. */
    void drop(String session) {
        take(session);
    }

    /** The session has ended before its time. */
    void publish(String session) {
        Waiting will = take(session);
        if (will != null) {
            will.loop.execute(will.publish);
        }
    }

    private Waiting take(String session) {
        Waiting will = bySession.remove(session);
        if (will != null) {
            will.loop.execute(() -> will.timer.cancel(false));
        }
        return will;
    }
}
