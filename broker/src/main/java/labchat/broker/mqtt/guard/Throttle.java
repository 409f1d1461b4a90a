package labchat.broker.mqtt.guard;

import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import labchat.broker.config.Limits;
import labchat.broker.event.Refusal;

/**
 * Slows down a connection whose user publishes too fast: nothing is dropped, it is only read from later. Who goes on like
 * that for long is cut off. Everybody who publishes is slowed down for a moment while too much waits for receivers
 * ({@link Crowd}); who sends a few messages a second does not notice. Belongs to the connection's event loop.
 */
final class Throttle {

    /** So long without being slowed down, and it counts as having stopped. */
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    /** A connection is read from so often when a little too much waits, and when twice as much does as may. */
    private static final long LEAST_CROWDED_WAIT = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long MOST_CROWDED_WAIT = TimeUnit.MILLISECONDS.toNanos(250);

    private final Connection connection;
    private boolean slowed;
    private boolean everSlowed;
    private long since;
    private long last;

    Throttle(Connection connection) {
        this.connection = connection;
    }

    /** A publish came. */
    void count() {
        long now = System.nanoTime();
        long wait = connection.publishRate().count(now);
        if (slowed || connection.state() != Connection.State.OPEN) {
            return;
        }
        if (wait <= 0) {
            double excess = connection.guard().crowd().excess();
            if (excess > 0) {
                pause(LEAST_CROWDED_WAIT + (long) (excess * (MOST_CROWDED_WAIT - LEAST_CROWDED_WAIT)), () -> {});
            }
            return;
        }
        if (!everSlowed || now - last > PAUSE) {
            since = now;
            connection.reportAdvice(
                    "",
                    new Refusal(
                            "too_fast",
                            "you publish more than %d messages a second, so the broker reads them more slowly"
                                    .formatted(limits().maxPublishRate()),
                            Optional.empty(),
                            "Wait between publishes; a loop without a pause is the usual cause."),
                    Connection.NO_PAYLOAD);
        }
        everSlowed = true;
        last = now;
        if (now - since > limits().maxThrottled().toNanos()) {
            connection.closeFor(
                    MqttReasonCodes.Disconnect.MESSAGE_RATE_TOO_HIGH,
                    "PUBLISH",
                    Refusal.of(
                                    "rate_exceeded",
                                    "more than %d publishes a second for more than %d s"
                                            .formatted(
                                                    limits().maxPublishRate(),
                                                    limits().maxThrottled().toSeconds()))
                            .withHint("Wait between publishes; a loop without a pause is the usual cause."));
            return;
        }
        pause(wait, () -> last = System.nanoTime());
    }

    private void pause(long nanos, Runnable atItsEnd) {
        slowed = true;
        connection.pauseReading();
        connection
                .loop()
                .schedule(
                        () -> {
                            slowed = false;
                            atItsEnd.run();
                            connection.resumeReading();
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    private Limits limits() {
        return connection.services().settings().limits();
    }
}
