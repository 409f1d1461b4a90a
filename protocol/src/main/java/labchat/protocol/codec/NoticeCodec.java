package labchat.protocol.codec;

import java.util.Optional;
import labchat.protocol.event.Notice;

/** Writes and reads the payload of {@code ROOT/<room>/notice}. May be used by any number of threads at once. */
public final class NoticeCodec {

    private NoticeCodec() {}

    /** The payload, UTF-8. */
    public static byte[] encode(Notice notice) {
        throw new UnsupportedOperationException("in work");
    }

    /** Reads a payload; empty if it is none. */
    public static Optional<Notice> decode(byte[] payload) {
        throw new UnsupportedOperationException("in work");
    }
}
