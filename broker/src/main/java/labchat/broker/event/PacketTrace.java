package labchat.broker.event;

import java.time.Instant;
import java.util.Optional;

/**
 * One MQTT packet on the wire.
 *
 * @param inbound true from client to broker
 * @param type the packet's type as the specification writes it, such as {@code PUBLISH}
 * @param topic topic or filters (several are joined by a comma and a space); empty if the packet has none
 * @param qos 0 to 2, or -1 if the packet has none
 * @param packetId 1 to 65,535, or 0 if the packet has none
 * @param size the packet's bytes on the wire, headers included; 0 if unknown
 * @param reasonCode the packet's reason or return code, or -1 if it has none
 * @param chat for a publish of one of the four kinds that could be read
 * @param refusal why the broker refused the packet; empty if it did not
 * @param payload the payload's bytes, only if the traffic log is set to keep them
 */
public record PacketTrace(
        Instant time,
        ClientIdentity client,
        boolean inbound,
        String type,
        String topic,
        int qos,
        boolean retain,
        boolean dup,
        int packetId,
        int size,
        int reasonCode,
        Optional<ChatFields> chat,
        Optional<Refusal> refusal,
        Optional<String> payload) {

    /** The code of the refusal of a packet that never arrived, because lab weather lost it. */
    public static final String LOST = "weather_lost";

    /** The same packet at another time. */
    public PacketTrace at(Instant other) {
        return changed(other, dup, refusal);
    }

    /** The same packet, sent once more; only a publish that is acknowledged says so. */
    public PacketTrace again(Instant other) {
        return changed(other, dup || qos > 0, refusal);
    }

    /** The same packet, which got nowhere. */
    public PacketTrace refused(Refusal why) {
        return changed(time, dup, Optional.of(why));
    }

    private PacketTrace changed(Instant newTime, boolean newDup, Optional<Refusal> newRefusal) {
        return new PacketTrace(
                newTime,
                client,
                inbound,
                type,
                topic,
                qos,
                retain,
                newDup,
                packetId,
                size,
                reasonCode,
                chat,
                newRefusal,
                payload);
    }
}
