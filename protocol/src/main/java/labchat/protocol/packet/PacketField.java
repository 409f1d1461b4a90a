package labchat.protocol.packet;

import java.util.Objects;

/**
 * Some bytes of a packet and what they mean.
 *
 * @param offset of the first byte, from the start of the packet
 * @param length in bytes; 0 for what follows from bytes told of already, such as one bit
 * @param depth how many fields it is a part of
 * @param value as people read it; may hold text from elsewhere, unchanged
 * @param secret whether the bytes are a password or the like, which then are not in the value and must not be shown
 */
public record PacketField(int offset, int length, int depth, String name, String value, boolean secret) {

    public PacketField {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }
}
