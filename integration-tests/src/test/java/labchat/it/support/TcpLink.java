package labchat.it.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A socket to this machine, plain or with TLS. */
final class TcpLink implements Link {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /**
     * Connects, and goes through the handshake of TLS if there is to be one.
     *
     * @param receiveBuffer the socket's, in bytes; 0 leaves it to the system
     */
    TcpLink(int port, int receiveBuffer, Optional<SSLContext> tls) throws IOException {
        Socket plain = new Socket();
        if (receiveBuffer > 0) {
            plain.setReceiveBufferSize(receiveBuffer);
        }
        plain.setTcpNoDelay(true);
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket = tls.isPresent() ? secured(plain, tls.get(), port) : plain;
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    private static Socket secured(Socket plain, SSLContext tls, int port) throws IOException {
        try {
            SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
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
