package labchat.protocol.packet;

import java.util.Objects;

/**
 * What is wrong with a packet.
 *
 * @param offset of the byte it begins at, from the start of the packet
 * @param words what is there and what is allowed; may hold text from elsewhere, unchanged
 */
public record PacketFault(int offset, String words) {

    public PacketFault {
        Objects.requireNonNull(words, "words");
    }
}
