package labchat.client.options;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import labchat.client.tls.ClientIdentity;
import labchat.client.tls.ClientTls;
import labchat.client.tls.Fingerprint;
import labchat.client.tls.FirstContact;
import labchat.client.tls.KnownServers;
import labchat.client.tls.TlsFileException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options about TLS, and trust at the first connection. */
public final class TlsOptions {

    /** The port of MQTT over TLS. */
    static final int DEFAULT_PORT = 8883;

    private static final Duration LOOK = Duration.ofSeconds(10);

    @Option(
            names = "--tls",
            scope = ScopeType.INHERIT,
            description = "Encrypt with TLS; the port is " + DEFAULT_PORT + " then. The other TLS options imply it.")
    boolean tls;

    @Option(
            names = "--cafile",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Trust a server whose certificate this CA has signed, PEM.")
    String caFile;

    @Option(
            names = "--fingerprint",
            scope = ScopeType.INHERIT,
            paramLabel = "AA:BB:…",
            description = "Trust the CA, or the server, whose certificate has this SHA-256.")
    String fingerprint;

    @Option(
            names = "--insecure",
            scope = ScopeType.INHERIT,
            description = "Trust any server: encrypted, but anybody may be at the other end.")
    boolean insecure;

    @Option(
            names = "--cert",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Your own certificate, PEM; needs --key. It may log you in without a password.")
    String cert;

    @Option(names = "--key", scope = ScopeType.INHERIT, paramLabel = "FILE", description = "Its private key, PEM.")
    String key;

    /** What was put together: whether there is TLS, and with which files. */
    record Chosen(
            boolean on,
            Optional<Path> caFile,
            Optional<Fingerprint> fingerprint,
            boolean insecure,
            Optional<ClientIdentity> identity) {

        int defaultPort() {
            return on ? DEFAULT_PORT : ConnectOptions.DEFAULT_PORT;
        }
    }

    /**
     * Puts options and file together.
     *
     * @param values of the configuration file, for the profile
     * @param configured relative to what its paths are meant; empty if there is no file
     */
    Chosen choose(Map<Setting, String> values, Optional<Path> configured) throws UsageException {
        Optional<Path> ca = path(caFile, values, Setting.CAFILE, configured);
        Optional<Path> certFile = path(cert, values, Setting.CERT, configured);
        Optional<Path> keyFile = path(key, values, Setting.KEY, configured);
        Optional<Fingerprint> pinned = Optional.empty();
        String typed = fingerprint == null ? values.get(Setting.FINGERPRINT) : fingerprint;
        if (typed != null) {
            pinned = Optional.of(Fingerprint.parse(typed)
                    .orElseThrow(() -> new UsageException(
                            "--fingerprint must be %s, found \"%s\"".formatted(Setting.FINGERPRINT.allowed(), typed))));
        }
        if (insecure && (caFile != null || fingerprint != null)) {
            throw new UsageException(
                    "--insecure trusts any server, --cafile and --fingerprint only the right one; choose");
        }
        if (certFile.isPresent() != keyFile.isPresent()) {
            throw new UsageException(
                    certFile.isPresent()
                            ? "--cert needs --key too: the file with its private key"
                            : "--key needs --cert too: the file with the certificate");
        }
        boolean on = tls
                || insecure
                || "true".equals(values.get(Setting.TLS))
                || ca.isPresent()
                || certFile.isPresent()
                || pinned.isPresent();
        try {
            Optional<ClientIdentity> identity = certFile.isPresent()
                    ? Optional.of(ClientIdentity.read(certFile.get(), keyFile.orElseThrow()))
                    : Optional.empty();
            return new Chosen(on, ca, pinned, insecure, identity);
        } catch (TlsFileException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static Optional<Path> path(
            String given, Map<Setting, String> values, Setting setting, Optional<Path> configured) {
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        return Optional.ofNullable(values.get(setting))
                .map(text -> configured.map(parent -> parent.resolve(text)).orElse(Path.of(text)));
    }

    /**
     * Finds out whom to trust, and asks a person if the server is not known; remembers the answer.
     *
     * @param directory where the configuration is; empty if there is none, and nothing can be remembered
     */
    static Optional<ClientTls> trust(
            Chosen chosen, String host, int port, Optional<Path> directory, Optional<PasswordPrompt> prompt)
            throws UsageException {
        if (!chosen.on()) {
            return Optional.empty();
        }
        if (chosen.insecure()) {
            return Optional.of(ClientTls.insecure(chosen.identity()));
        }
        String address = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        Optional<KnownServers> known = directory.map(parent -> new KnownServers(parent.resolve("known_servers")));
        try {
            if (chosen.caFile().isPresent()) {
                return Optional.of(ClientTls.signedBy(chosen.caFile().get(), chosen.identity()));
            }
            Optional<Fingerprint> before = known.isPresent() ? known.get().of(address) : Optional.empty();
            if (chosen.fingerprint().isPresent()) {
                Fingerprint named = chosen.fingerprint().get();
                ClientTls tls = ClientTls.named(named, chosen.identity());
                if (known.isPresent()
                        && !before.equals(chosen.fingerprint())
                        && FirstContact.look(host, port, tls, LOOK)
                                .filter(FirstContact::trusted)
                                .isPresent()) {
                    known.get().remember(address, named);
                }
                return Optional.of(tls);
            }
            if (before.isPresent()) {
                return Optional.of(
                        ClientTls.remembered(before.get(), known.orElseThrow().file(), chosen.identity()));
            }
            return Optional.of(firstContact(chosen, host, port, address, known, prompt));
        } catch (TlsFileException | IOException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static ClientTls firstContact(
            Chosen chosen,
            String host,
            int port,
            String address,
            Optional<KnownServers> known,
            Optional<PasswordPrompt> prompt)
            throws UsageException, IOException {
        ClientTls tls = ClientTls.ofTheSystem(chosen.identity());
        Optional<FirstContact> look = FirstContact.look(host, port, tls, LOOK);
        if (look.isEmpty() || look.get().trusted() || !look.get().otherwiseGood()) {
            // Either all is well, or the connection proper will say what is wrong.
            return tls;
        }
        Fingerprint seen = look.get().fingerprint();
        Optional<Boolean> answer = prompt.flatMap(p -> p.confirm("""
                This computer does not know the certificate of %s yet. It is for %s.
                The fingerprint (SHA-256) of who signed it:
                  %s
                Compare it with the one on your slip, or ask the staff. Is it the same? (yes/no)\s""".formatted(
                        address, look.get().server().getSubjectX500Principal().getName(), seen)));
        if (answer.isEmpty()) {
            throw new UsageException(
                    "this computer does not know the certificate of %s, and there is no terminal to ask on. Its fingerprint is %s: if that is the one on your slip, add --fingerprint %s"
                            .formatted(address, seen, seen));
        }
        if (!answer.get()) {
            throw new UsageException(
                    "not connected: the fingerprint was not confirmed. Ask the staff for the right one; nothing was said to %s"
                            .formatted(address));
        }
        if (known.isPresent()) {
            known.get().remember(address, seen);
        }
        return ClientTls.named(seen, chosen.identity());
    }
}
