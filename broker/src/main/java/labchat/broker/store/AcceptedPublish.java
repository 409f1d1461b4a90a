package labchat.broker.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import labchat.protocol.event.ChatEvent;

/** A publish of {@code message}, {@code delivered} or {@code read} that passed every check. */
public final class AcceptedPublish {

    private final Instant time;
    private final ChatEvent event;
    private final byte[] payload;
    private final int qos;

    /**
     * @param payload the bytes as they were published; handed over, not copied: nobody may change them afterwards
     * @param qos at which it was published, 0 to 2
     */
    public AcceptedPublish(Instant time, ChatEvent event, byte[] payload, int qos) {
        this.time = Objects.requireNonNull(time, "time");
        this.event = Objects.requireNonNull(event, "event");
        this.payload = Objects.requireNonNull(payload, "payload");
        this.qos = qos;
    }

    /** When the broker got it. */
    public Instant time() {
        return time;
    }

    /** What it says. */
    public ChatEvent event() {
        return event;
    }

    /** A copy of the bytes as they were published. */
    public byte[] payload() {
        return Arrays.copyOf(payload, payload.length);
    }

    /** At which QoS it was published, 0 to 2. */
    public int qos() {
        return qos;
    }

    @Override
    public String toString() {
        return "AcceptedPublish[%s, %s, QoS %d, %d bytes]".formatted(time, event, qos, payload.length);
    }
}
