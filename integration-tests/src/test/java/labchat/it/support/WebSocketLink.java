package labchat.it.support;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** MQTT over WebSocket: RFC 6455 from the client's side, subprotocol {@code mqtt}, path {@code /mqtt}. */
final class WebSocketLink implements Link {

    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FINAL = 0x80;
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    private final TcpLink tcp;
    private final InputStream in = new Payloads();

    WebSocketLink(int port, int receiveBuffer, Optional<SSLContext> tls) throws IOException {
        tcp = new TcpLink(port, receiveBuffer, tls);
        tcp.write(Bytes.utf8("""
                        GET /mqtt HTTP/1.1\r
                        Host: localhost:%d\r
                        Upgrade: websocket\r
                        Connection: Upgrade\r
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                        Sec-WebSocket-Protocol: mqtt\r
                        Sec-WebSocket-Version: 13\r
                        \r
                        """.formatted(port)));
        String answer = readHeader().toLowerCase(Locale.ROOT);
        // The accept value is RFC 6455's own example for this key.
        boolean accepted = answer.startsWith("http/1.1 101 ")
                && answer.contains("sec-websocket-protocol: mqtt\r\n")
                && answer.contains("sec-websocket-accept: " + "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".toLowerCase(Locale.ROOT));
        if (!accepted) {
            tcp.close();
            throw new IOException("the broker does not speak MQTT over WebSocket: " + answer);
        }
    }

    private String readHeader() throws IOException {
        StringBuilder header = new StringBuilder();
        while (header.indexOf("\r\n\r\n") < 0) {
            header.append((char) readByte());
        }
        return header.toString();
    }

    private int readByte() throws IOException {
        int b = tcp.in().read();
        if (b < 0) {
            throw new EOFException("the connection ended");
        }
        return b;
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        writeFrame(FINAL | BINARY, bytes);
    }

    @Override
    public void writeInPieces(byte[] bytes, int pieces) throws IOException {
        for (int i = 0; i < pieces; i++) {
            int opcode = (i == 0 ? BINARY : CONTINUATION) | (i == pieces - 1 ? FINAL : 0);
            writeFrame(opcode, Arrays.copyOfRange(bytes, bytes.length * i / pieces, bytes.length * (i + 1) / pieces));
        }
    }

    private void writeFrame(int firstByte, byte[] payload) throws IOException {
        PacketWriter frame = new PacketWriter().u8(firstByte);
        if (payload.length < 126) {
            frame.u8(0x80 | payload.length);
        } else if (payload.length < 65536) {
            frame.u8(0x80 | 126).u16(payload.length);
        } else {
            frame.u8(0x80 | 127).u32(0).u32(payload.length);
        }
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i & 3];
        }
        tcp.write(frame.bytes(MASK).bytes(masked).toByteArray());
    }

    @Override
    public void close() {
        tcp.close();
    }

    /** The payloads of all data frames, one behind the other. */
    private final class Payloads extends InputStream {

        private ByteArrayInputStream frame = new ByteArrayInputStream(new byte[0]);

        @Override
        public int read() throws IOException {
            while (frame.available() == 0) {
                if (!nextFrame()) {
                    return -1;
                }
            }
            return frame.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int first = length == 0 ? 0 : read();
            if (first < 0) {
                return -1;
            }
            if (length == 0) {
                return 0;
            }
            into[offset] = (byte) first;
            int more = frame.read(into, offset + 1, length - 1);
            return 1 + Math.max(0, more);
        }

        private boolean nextFrame() throws IOException {
            int first = tcp.in().read();
            if (first < 0) {
                return false;
            }
            int length = readByte();
            if ((length & 0x80) != 0) {
                throw new IOException("a server must not mask its frames");
            }
            if (length >= 126) {
                int bytes = length == 126 ? 2 : 8;
                length = 0;
                for (int i = 0; i < bytes; i++) {
                    length = length << 8 | readByte();
                }
            }
            byte[] payload = tcp.in().readNBytes(length);
            switch (first & 15) {
                case CONTINUATION, BINARY -> frame = new ByteArrayInputStream(payload);
                case PING -> writeFrame(FINAL | PONG, payload);
                case PONG -> {}
                case CLOSE -> {
                    return false;
                }
                default -> throw new IOException("MQTT comes in binary frames, not in opcode " + (first & 15));
            }
            return true;
        }
    }
}
