package labchat.client.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * What a server shows in a handshake, whether it is trusted or not.
 *
 * @param version such as {@code TLSv1.3}
 * @param server its own certificate
 * @param fingerprint of the CA's certificate if the server sends it, else of its own
 */
public record TlsLook(String version, X509Certificate server, Fingerprint fingerprint) {

    /**
     * Makes a handshake and closes the connection again; empty if nobody there speaks TLS, or nobody answers in time.
     *
     * @param tls whose certificate is shown, if the server asks for one; whom it trusts does not count
     * @param timeout for the connection, and again for each answer
     */
    public static Optional<TlsLook> at(String host, int port, Duration timeout, ClientTls tls) {
        Seeing everybody = new Seeing();
        try {
            String version = handshake(host, port, timeout, tls, everybody);
            return everybody.chain == null
                    ? Optional.empty()
                    : Optional.of(
                            new TlsLook(version, everybody.chain[0], Fingerprint.of(TrustStores.top(everybody.chain))));
        } catch (IOException | GeneralSecurityException e) {
            // Perhaps it went far enough: a server may want a certificate.
            return everybody.chain == null
                    ? Optional.empty()
                    : Optional.of(
                            new TlsLook("TLS", everybody.chain[0], Fingerprint.of(TrustStores.top(everybody.chain))));
        }
    }

    /** Why the server is not trusted, in words that say what to do; empty if it is, or that cannot be found out. */
    public static Optional<String> trouble(String host, int port, Duration timeout, ClientTls tls) {
        try {
            handshake(host, port, timeout, tls, tls.trust());
            return Optional.empty();
        } catch (IOException | GeneralSecurityException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof UntrustedServerException untrusted) {
                    return Optional.of(untrusted.getMessage());
                }
            }
            return Optional.empty();
        }
    }

    private static String handshake(String host, int port, Duration timeout, ClientTls tls, ServerTrust judge)
            throws IOException, GeneralSecurityException {
        int millis = Math.toIntExact(timeout.toMillis());
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), millis);
            plain.setSoTimeout(millis);
            try (SSLSocket socket =
                    (SSLSocket) tls.context(judge).getSocketFactory().createSocket(plain, host, port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return socket.getSession().getProtocol();
            }
        }
    }

    /** The names and addresses that the server's certificate is for. */
    public List<String> hosts() {
        try {
            Collection<List<?>> names = server.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream().map(name -> String.valueOf(name.get(1))).toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** Trusts everybody and remembers who it was. */
    private static final class Seeing extends ServerTrust {
        private X509Certificate[] chain;

        @Override
        void judge(X509Certificate[] seen, String authType, Connection connection) {
            chain = seen.clone();
        }
    }
}
