package labchat.broker.mqtt.guard;

import java.util.Objects;
import java.util.function.Supplier;
import labchat.broker.config.Limits;

/**
 * The limits that count now; others may take their place while the broker runs. Whoever keeps to one asks anew each time,
 * so that it holds at once, also for who is connected. May be used by any thread.
 */
public final class LiveLimits implements Supplier<Limits> {

    private volatile Limits now;

    /** @param limits those of the start */
    public LiveLimits(Limits limits) {
        this.now = Objects.requireNonNull(limits, "limits");
    }

    @Override
    public Limits get() {
        return now;
    }

    /** From now on these count. */
    public void replace(Limits next) {
        now = Objects.requireNonNull(next, "next");
    }
}
