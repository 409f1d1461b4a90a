package labchat.it.support;

import java.io.ByteArrayOutputStream;

/** Puts together what MQTT packets consist of; checks nothing, so that broken ones can be built too. */
public final class PacketWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public PacketWriter u8(int value) {
        out.write(value);
        return this;
    }

    public PacketWriter u16(int value) {
        return u8(value >> 8).u8(value);
    }

    public PacketWriter u32(long value) {
        return u16((int) (value >> 16)).u16((int) value);
    }

    /** A variable byte integer: MQTT 5, section 1.5.5. */
    public PacketWriter varint(int value) {
        int rest = value;
        while (rest > 127) {
            u8(rest & 127 | 128);
            rest >>= 7;
        }
        return u8(rest);
    }

    public PacketWriter bytes(byte[] value) {
        out.writeBytes(value);
        return this;
    }

    public PacketWriter lengthAndBytes(byte[] value) {
        return u16(value.length).bytes(value);
    }

    public PacketWriter text(String value) {
        return lengthAndBytes(Bytes.utf8(value));
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }

    /** What was written, behind a fixed header. */
    public byte[] asPacket(Packet.Type type, int flags) {
        return new PacketWriter()
                .u8(type.code() << 4 | flags)
                .varint(out.size())
                .bytes(toByteArray())
                .toByteArray();
    }
}
