package labchat.protocol.codec;

import java.util.Optional;
import labchat.protocol.event.Presence;

/** Writes and reads the payload of {@code ROOT/<id>/presence}. May be used by any number of threads at once. */
public final class PresenceCodec {

    private PresenceCodec() {}

    /** The payload, UTF-8. */
    public static byte[] encode(Presence presence) {
        throw new UnsupportedOperationException("in work");
    }

    /** Reads a payload; empty if it is none. */
    public static Optional<Presence> decode(byte[] payload) {
        throw new UnsupportedOperationException("in work");
    }
}
