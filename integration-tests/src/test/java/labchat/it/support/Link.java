package labchat.it.support;

import java.io.IOException;
import java.io.InputStream;

/** A stream of bytes both ways, whatever carries it. One thread reads, any thread writes. */
interface Link extends AutoCloseable {

    /** Bytes from the broker; its end is the connection's. */
    InputStream in();

    /** Sends the bytes at once, over WebSocket as one frame. */
    void write(byte[] bytes) throws IOException;

    /** Sends the bytes as pieces: so many writes, over WebSocket one message of so many frames. */
    void writeInPieces(byte[] bytes, int pieces) throws IOException;

    /** Breaks the connection without a goodbye. */
    @Override
    void close();
}
