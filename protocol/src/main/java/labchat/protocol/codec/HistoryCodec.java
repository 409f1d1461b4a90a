package labchat.protocol.codec;

import java.util.Optional;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryRequest;

/** Writes and reads requests for history and their answers. May be used by any number of threads at once. */
public final class HistoryCodec {

    private HistoryCodec() {}

    /** The payload of {@code ROOT/server/history}, UTF-8. */
    public static byte[] encode(HistoryRequest request) {
        throw new UnsupportedOperationException("in work");
    }

    /** Reads a request; whatever the bytes. */
    public static RequestResult<HistoryRequest> decodeRequest(byte[] payload) {
        throw new UnsupportedOperationException("in work");
    }

    /** The payload of {@code ROOT/<id>/history}, UTF-8. */
    public static byte[] encode(HistoryAnswer answer) {
        throw new UnsupportedOperationException("in work");
    }

    /** Reads an answer; empty if it is none. */
    public static Optional<HistoryAnswer> decodeAnswer(byte[] payload) {
        throw new UnsupportedOperationException("in work");
    }
}
