package labchat.protocol.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts one direction of a connection into packets, whatever the pieces are that it comes in. For one thread. Of a long
 * packet the first {@value #MOST_KEPT} bytes are kept and the rest is counted.
 */
public final class PacketStream {

    /** How much of one packet is kept, in bytes. */
    public static final int MOST_KEPT = 65_536;

    private byte[] kept = new byte[64];
    private int size;
    /** Bytes of the packet that have come, kept or not. */
    private int come;

    private boolean lost;

    /**
     * Takes the next bytes.
     *
     * @param level as which to read what ends in them, unless it is a CONNECT
     * @return the packets that end in them, in their order; after bytes that are no packet there are no more
     */
    public List<MqttPacket> take(byte[] bytes, MqttLevel level) {
        List<MqttPacket> packets = new ArrayList<>();
        int from = 0;
        MqttLevel now = level;
        while (from < bytes.length && !lost) {
            if (come < PacketDecoder.LONGEST_HEADER && PacketDecoder.length(kept, 0, size) == 0) {
                append(bytes, from, from + 1);
                from++;
            }
            int length = PacketDecoder.length(kept, 0, size);
            if (length > 0) {
                int part = Math.min(bytes.length - from, length - come);
                append(bytes, from, from + part);
                from += part;
            }
            if (length < 0 || length > 0 && come == length) {
                MqttPacket packet = PacketDecoder.decode(Arrays.copyOf(kept, size), come, now);
                now = packet.level();
                packets.add(packet);
                size = 0;
                come = 0;
                lost = length < 0;
            }
        }
        return packets;
    }

    private void append(byte[] bytes, int from, int to) {
        int wanted = Math.min(to - from, MOST_KEPT - size);
        if (size + wanted > kept.length) {
            kept = Arrays.copyOf(kept, Math.min(MOST_KEPT, Math.max(size + wanted, kept.length * 2)));
        }
        System.arraycopy(bytes, from, kept, size, wanted);
        size += wanted;
        come += to - from;
    }
}
