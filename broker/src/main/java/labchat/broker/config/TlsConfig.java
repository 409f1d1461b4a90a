package labchat.broker.config;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * TLS; the words are Mosquitto's.
 *
 * @param port for MQTT over TLS; empty for none, 0 for any free port
 * @param websocketPort for MQTT over secure WebSocket; likewise
 * @param certFile the server's certificate and those that signed it, PEM; there if one of the ports is
 * @param keyFile its private key, PEM; likewise
 * @param keyPasswordFile its first line is the private key's password, if that is encrypted
 * @param caFile who signs clients' certificates, PEM
 * @param crlFile lists of revoked ones of these, PEM
 * @param requireCertificate whether a client without a certificate is refused
 * @param useIdentityAsUsername whether the name in a client's certificate is the user
 */
public record TlsConfig(
        Optional<Integer> port,
        Optional<Integer> websocketPort,
        Optional<Path> certFile,
        Optional<Path> keyFile,
        Optional<Path> keyPasswordFile,
        Optional<Path> caFile,
        Optional<Path> crlFile,
        boolean requireCertificate,
        boolean useIdentityAsUsername) {

    /** No TLS. */
    public static final TlsConfig OFF = new TlsConfig(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false);

    public TlsConfig {
        Objects.requireNonNull(port, "port");
        Objects.requireNonNull(websocketPort, "websocketPort");
        Objects.requireNonNull(certFile, "certFile");
        Objects.requireNonNull(keyFile, "keyFile");
        Objects.requireNonNull(keyPasswordFile, "keyPasswordFile");
        Objects.requireNonNull(caFile, "caFile");
        Objects.requireNonNull(crlFile, "crlFile");
    }

    /** The same without lists of revoked certificates. */
    public TlsConfig(
            Optional<Integer> port,
            Optional<Integer> websocketPort,
            Optional<Path> certFile,
            Optional<Path> keyFile,
            Optional<Path> keyPasswordFile,
            Optional<Path> caFile,
            boolean requireCertificate,
            boolean useIdentityAsUsername) {
        this(
                port,
                websocketPort,
                certFile,
                keyFile,
                keyPasswordFile,
                caFile,
                Optional.empty(),
                requireCertificate,
                useIdentityAsUsername);
    }

    /** Whether clients are asked for a certificate; as in Mosquitto, only if one of these settings wants it. */
    public boolean asksForCertificates() {
        return requireCertificate || useIdentityAsUsername;
    }

    /** Whether there is a certificate: for the ports with TLS, and for the pages. */
    public boolean hasCertificate() {
        return certFile.isPresent() && keyFile.isPresent();
    }
}
