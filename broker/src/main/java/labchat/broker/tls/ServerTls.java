package labchat.broker.tls;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TlsConfig;

/** The server's side of TLS with the certificates that are in force. May be used by any thread at once. */
public final class ServerTls implements CertificateReload {

    private final Map<String, String> environment;
    private final Clock clock;
    private volatile TlsMaterial current;

    private ServerTls(TlsMaterial material, Map<String, String> environment, Clock clock) {
        this.current = material;
        this.environment = environment;
        this.clock = clock;
    }

    /**
     * Reads and checks the files.
     *
     * @param config with a certificate and a key
     * @param environment all variables; {@code LABCHAT_KEYFILE_PASSWORD} may hold the key's password
     * @throws IOException if they cannot be used; the message names the first problem
     */
    public static ServerTls open(TlsConfig config, Map<String, String> environment, Clock clock) throws IOException {
        TlsFiles.Result result = TlsFiles.load(config, environment, clock);
        TlsMaterial material = result.material()
                .orElseThrow(() -> new IOException(
                        result.problems().stream().map(ConfigProblem::toString).collect(Collectors.joining("; "))));
        return new ServerTls(material, environment, clock);
    }

    /** What is wrong with the files, and what is worth knowing of them; nothing is kept. */
    public static Prepared check(TlsConfig config, Map<String, String> environment, Clock clock) {
        return new Checked(TlsFiles.load(config, environment, clock), null);
    }

    /** For one connection of MQTT, with the certificates of now; in server mode. */
    public SSLEngine newMqttEngine() {
        return current.newMqttEngine();
    }

    /** For one connection to the pages; likewise. It asks for no certificate of a client. */
    public SSLEngine newWebEngine() {
        return current.newWebEngine();
    }

    /** The server's certificate of now. */
    public X509Certificate certificate() {
        return current.chain().get(0);
    }

    /**
     * What clients compare at their first connection: of the last certificate that the server sends, which is that of the
     * class's own CA if {@code cert create} has made it.
     */
    public String fingerprint() {
        List<X509Certificate> chain = current.chain();
        return Fingerprint.of(chain.get(chain.size() - 1));
    }

    /** The names and addresses that the server's certificate is for; some cannot be read from broken ones. */
    public List<String> hosts() {
        try {
            return ClassCertificates.hosts(certificate());
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public Prepared prepare(TlsConfig config) {
        return new Checked(TlsFiles.load(config, environment, clock), this);
    }

    private record Checked(TlsFiles.Result result, ServerTls target) implements Prepared {

        Checked {
            Objects.requireNonNull(result, "result");
        }

        @Override
        public List<ConfigProblem> problems() {
            return result.problems();
        }

        @Override
        public List<String> warnings() {
            return result.warnings();
        }

        @Override
        public void apply() {
            if (target == null || result.material().isEmpty()) {
                throw new IllegalStateException("nothing to apply: " + result.problems());
            }
            target.current = result.material().get();
        }
    }
}
