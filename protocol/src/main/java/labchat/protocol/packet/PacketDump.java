package labchat.protocol.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Takes bytes apart that hold one packet after another, from either direction. */
public final class PacketDump {

    /**
     * One of the packets.
     *
     * @param offset of its first byte among all
     * @param bytes of it, as far as they are there
     * @param guessed whether nothing said which version it is of
     */
    public record Placed(int offset, byte[] bytes, MqttPacket packet, boolean guessed) {}

    private PacketDump() {}

    /**
     * Reads all of them. After a packet whose length cannot be read there is no other.
     *
     * @param level as which to read them; empty to go by a CONNECT that stands before, or to guess
     */
    public static List<Placed> decode(byte[] bytes, Optional<MqttLevel> level) {
        List<Placed> packets = new ArrayList<>();
        Optional<MqttLevel> known = level;
        int from = 0;
        while (from < bytes.length) {
            int length = PacketDecoder.length(bytes, from, bytes.length);
            int to = length <= 0 ? bytes.length : (int) Math.min(bytes.length, (long) from + length);
            byte[] part = Arrays.copyOfRange(bytes, from, to);
            MqttPacket packet = known.isPresent() ? PacketDecoder.decode(part, known.get()) : guess(part);
            boolean connect = packet.type().equals(Optional.of(PacketType.CONNECT));
            packets.add(new Placed(from, part, packet, known.isEmpty() && !connect && saysVersion(packet)));
            if (level.isEmpty() && connect && packet.faults().isEmpty()) {
                known = Optional.of(packet.level());
            }
            from = to;
        }
        return packets;
    }

    /** Whether the packet looks different in the two versions. */
    private static boolean saysVersion(MqttPacket packet) {
        return packet.type()
                .filter(type -> type != PacketType.PINGREQ && type != PacketType.PINGRESP)
                .isPresent();
    }

    /** The version that the bytes fit better; 5 if they fit both. */
    private static MqttPacket guess(byte[] bytes) {
        MqttPacket five = PacketDecoder.decode(bytes, MqttLevel.V5);
        MqttPacket three = PacketDecoder.decode(bytes, MqttLevel.V3_1_1);
        return five.faults().size() > three.faults().size() ? three : five;
    }
}
