package labchat.protocol.packet;

import java.util.Optional;

/** What a packet is, by the upper half of its first byte. */
public enum PacketType {
    CONNECT(1, 0),
    CONNACK(2, 0),
    PUBLISH(3, -1),
    PUBACK(4, 0),
    PUBREC(5, 0),
    PUBREL(6, 2),
    PUBCOMP(7, 0),
    SUBSCRIBE(8, 2),
    SUBACK(9, 0),
    UNSUBSCRIBE(10, 2),
    UNSUBACK(11, 0),
    PINGREQ(12, 0),
    PINGRESP(13, 0),
    DISCONNECT(14, 0),
    AUTH(15, 0);

    private final int number;
    private final int flags;

    PacketType(int number, int flags) {
        this.number = number;
        this.flags = flags;
    }

    /** 1 to 15. */
    public int number() {
        return number;
    }

    /** The lower half of the first byte, if the type leaves no choice; else negative. */
    int flags() {
        return flags;
    }

    /** Empty for 0, which no packet has. */
    static Optional<PacketType> of(int firstByte) {
        int number = firstByte >> 4 & 0x0f;
        return number == 0 ? Optional.empty() : Optional.of(values()[number - 1]);
    }
}
