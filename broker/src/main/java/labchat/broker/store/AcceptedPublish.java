package labchat.broker.store;

import java.time.Instant;
import java.util.Objects;
import labchat.protocol.event.ChatEvent;

/** A publish of {@code message}, {@code delivered} or {@code read} that passed every check. */
public final class AcceptedPublish {

    private final Instant time;
    private final ChatEvent event;
    private final boolean room;
    private final byte[] payload;
    private final int qos;
    private final byte[] properties;

    /**
     * @param time when the broker got it
     * @param room whether it was published to a room; the event's receiver is then the room
     * @param payload the bytes as they were published; handed over, not copied: nobody may change them afterwards
     * @param qos at which it was published, 0 to 2
     * @param properties what version 5 carries over, opaque to the store; empty for none; handed over likewise
     */
    public AcceptedPublish(Instant time, ChatEvent event, boolean room, byte[] payload, int qos, byte[] properties) {
        this.time = Objects.requireNonNull(time, "time");
        this.event = Objects.requireNonNull(event, "event");
        this.room = room;
        this.payload = Objects.requireNonNull(payload, "payload");
        this.qos = qos;
        this.properties = Objects.requireNonNull(properties, "properties");
    }

    /** When the broker got it. */
    public Instant time() {
        return time;
    }

    /** What it says. */
    public ChatEvent event() {
        return event;
    }

    /** Whether it was published to a room. */
    public boolean room() {
        return room;
    }

    /** The bytes as they were published; not a copy: not to be changed. */
    public byte[] payload() {
        return payload;
    }

    /** What version 5 carries over; not a copy: not to be changed. */
    public byte[] properties() {
        return properties;
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
