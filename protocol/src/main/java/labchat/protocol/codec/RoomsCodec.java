package labchat.protocol.codec;

import java.util.Optional;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;

/** Writes and reads requests about rooms and their answers. May be used by any number of threads at once. */
public final class RoomsCodec {

    private RoomsCodec() {}

    /** The payload of {@code ROOT/server/rooms}, UTF-8. */
    public static byte[] encode(RoomsRequest request) {
        throw new UnsupportedOperationException("in work");
    }

    /** Reads a request; whatever the bytes. */
    public static RequestResult<RoomsRequest> decodeRequest(byte[] payload) {
        throw new UnsupportedOperationException("in work");
    }

    /** The payload of {@code ROOT/<id>/rooms}, UTF-8. */
    public static byte[] encode(RoomsAnswer answer) {
        throw new UnsupportedOperationException("in work");
    }

    /** Reads an answer; empty if it is none. */
    public static Optional<RoomsAnswer> decodeAnswer(byte[] payload) {
        throw new UnsupportedOperationException("in work");
    }
}
