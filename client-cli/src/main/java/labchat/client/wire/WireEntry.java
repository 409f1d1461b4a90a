package labchat.client.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import labchat.protocol.packet.MqttPacket;

/**
 * A packet that went over the wire.
 *
 * @param number from 1, in the order they were seen
 * @param outgoing whether this client sent it
 * @param sinceLast how long after the packet before; zero for the first
 * @param packet what it is; its text is as it was sent, so whoever shows it has to make it harmless
 */
public record WireEntry(int number, Instant at, boolean outgoing, Duration sinceLast, MqttPacket packet) {

    public WireEntry {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(sinceLast, "sinceLast");
        Objects.requireNonNull(packet, "packet");
    }
}
