package labchat.it.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** A plain socket to this machine. */
final class TcpLink implements Link {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** @param receiveBuffer the socket's, in bytes; 0 leaves it to the system */
    TcpLink(int port, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public synchronized void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    @Override
    public void writeInPieces(byte[] bytes, int pieces) throws IOException {
        for (int i = 0; i < pieces; i++) {
            write(Arrays.copyOfRange(bytes, bytes.length * i / pieces, bytes.length * (i + 1) / pieces));
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError("closing a socket failed", e);
        }
    }
}
