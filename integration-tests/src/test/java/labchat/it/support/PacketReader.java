package labchat.it.support;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Takes apart what MQTT packets consist of. */
final class PacketReader {

    private final ByteBuffer in;

    PacketReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    boolean hasMore() {
        return in.hasRemaining();
    }

    int u8() {
        return in.get() & 0xff;
    }

    int u16() {
        return in.getShort() & 0xffff;
    }

    long u32() {
        return in.getInt() & 0xffffffffL;
    }

    int varint() {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int digit = u8();
            value |= (digit & 127) << shift;
            if (digit < 128) {
                return value;
            }
        }
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    byte[] rest() {
        return bytes(in.remaining());
    }

    String text() {
        return new String(bytes(u16()), StandardCharsets.UTF_8);
    }
}
