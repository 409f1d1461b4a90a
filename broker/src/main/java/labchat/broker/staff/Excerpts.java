package labchat.broker.staff;

import java.util.Optional;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/** Takes out of a packet what staff see only if the settings say so: what a user wrote to somebody. */
final class Excerpts {

    private Excerpts() {}

    /** The packet without its payload, and with nothing of it in the refusal. */
    static PacketTrace without(PacketTrace packet) {
        boolean clean = packet.payload().isEmpty()
                && packet.refusal().filter(r -> r.reason().indexOf('»') >= 0).isEmpty();
        return clean
                ? packet
                : new PacketTrace(
                        packet.time(),
                        packet.client(),
                        packet.inbound(),
                        packet.type(),
                        packet.topic(),
                        packet.qos(),
                        packet.retain(),
                        packet.dup(),
                        packet.packetId(),
                        packet.size(),
                        packet.reasonCode(),
                        packet.chat(),
                        packet.refusal().map(Refusal::withoutExcerpt),
                        Optional.empty());
    }
}
