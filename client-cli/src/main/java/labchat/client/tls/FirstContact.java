package labchat.client.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import labchat.client.tls.UntrustedServerException.Reason;

/**
 * What a server shows of itself at a first look, before anything is said to it.
 *
 * @param trusted whether the connection would be made as it is
 * @param signer of whom the fingerprint is: the CA's certificate if the server sends it, else its own
 * @param server the server's own certificate
 * @param otherwiseGood whether all but the unknown signer is as it should be: name, dates, signatures
 */
public record FirstContact(boolean trusted, X509Certificate signer, X509Certificate server, boolean otherwiseGood) {

    private static final int MOST_TO_READ = 1 << 20;

    /**
     * Makes a handshake and closes the connection again; empty if there is no server, or none that speaks TLS, which the
     * connection proper will find out too.
     *
     * @param timeout for the connection, and again for each answer
     */
    public static Optional<FirstContact> look(String host, int port, ClientTls tls, Duration timeout) {
        Looking looking = new Looking(tls.trust());
        int millis = Math.toIntExact(timeout.toMillis());
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), millis);
            plain.setSoTimeout(millis);
            try (SSLSocket socket =
                    (SSLSocket) tls.context(looking).getSocketFactory().createSocket(plain, host, port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                leave(plain, socket);
            }
        } catch (IOException | GeneralSecurityException e) {
            // Perhaps the handshake went far enough.
            return Optional.ofNullable(looking.seen);
        }
        return Optional.ofNullable(looking.seen);
    }

    /** Goodbye as TLS has it; what the server still sends is read, or closing would look like a broken connection. */
    private static void leave(Socket plain, SSLSocket socket) throws IOException {
        socket.shutdownOutput();
        plain.shutdownOutput();
        plain.getInputStream().skip(MOST_TO_READ);
    }

    /** The fingerprint to compare with a slip. */
    public Fingerprint fingerprint() {
        return Fingerprint.of(signer);
    }

    /** Asks the real judge, and lets the handshake go on whatever it says. */
    private static final class Looking extends ServerTrust {

        private final ServerTrust judge;
        private FirstContact seen;

        Looking(ServerTrust judge) {
            this.judge = judge;
        }

        @Override
        void judge(X509Certificate[] chain, String authType, Connection connection) {
            X509Certificate top = TrustStores.top(chain);
            boolean trusted = true;
            boolean good = true;
            try {
                judge.judge(chain, authType, connection);
            } catch (UntrustedServerException e) {
                trusted = false;
                good = e.reason() == Reason.UNKNOWN_SIGNER && isGoodBelow(top, chain, authType, connection);
            }
            seen = new FirstContact(trusted, top, chain[0], good);
        }

        private static boolean isGoodBelow(
                X509Certificate top, X509Certificate[] chain, String authType, Connection connection) {
            try {
                checkBelow(top, chain, authType, connection);
                return true;
            } catch (UntrustedServerException e) {
                return false;
            }
        }
    }
}
