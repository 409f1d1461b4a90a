package labchat.client.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;

/** TLS for connections to one server: whom to trust, and who the client is. Never changes. */
public final class ClientTls {

    /** How sure one may be of the server. */
    private final ServerTrust trust;

    private final Optional<ClientIdentity> identity;

    /** The same for other programs. */
    private final Trusted trusted;

    /** Whom a connection trusts, as another program is told of it. */
    public sealed interface Trusted {

        /** The authorities that this computer trusts. */
        record TheSystems() implements Trusted {}

        /** The authorities of a PEM file. */
        record AuthoritiesIn(Path file) implements Trusted {
            public AuthoritiesIn {
                Objects.requireNonNull(file, "file");
            }
        }

        /** One certificate by its fingerprint, which other programs seldom can. */
        record OneCertificate() implements Trusted {}

        /** Everybody. */
        record Everybody() implements Trusted {}
    }

    private ClientTls(ServerTrust trust, Trusted trusted, Optional<ClientIdentity> identity) {
        this.trust = Objects.requireNonNull(trust, "trust");
        this.trusted = Objects.requireNonNull(trusted, "trusted");
        this.identity = Objects.requireNonNull(identity, "identity");
    }

    /** Trusts the authorities that this Java trusts. */
    public static ClientTls ofTheSystem(Optional<ClientIdentity> identity) {
        return new ClientTls(ServerTrust.signedBy(TrustStores.ofTheSystem()), new Trusted.TheSystems(), identity);
    }

    /**
     * Trusts the authorities of a PEM file and no others.
     *
     * @throws TlsFileException if it cannot be used; the message names it
     */
    public static ClientTls signedBy(Path authorities, Optional<ClientIdentity> identity) throws TlsFileException {
        return new ClientTls(
                ServerTrust.signedBy(TrustStores.of(Pem.certificates(authorities))),
                new Trusted.AuthoritiesIn(authorities),
                identity);
    }

    /** Trusts one certificate, which was named for this connection, and what it has signed. */
    public static ClientTls named(Fingerprint pinned, Optional<ClientIdentity> identity) {
        return new ClientTls(
                ServerTrust.pinned(
                        pinned,
                        Optional.empty(),
                        "the server's certificate has the fingerprint %s and not %s, which --fingerprint says; compare them with your slip, or ask the staff"),
                new Trusted.OneCertificate(),
                identity);
    }

    /**
     * Trusts one certificate that was there at an earlier connection, and what it has signed; else the authorities that
     * this Java trusts.
     *
     * @param file where it is remembered
     */
    public static ClientTls remembered(Fingerprint pinned, Path file, Optional<ClientIdentity> identity) {
        return new ClientTls(
                ServerTrust.pinned(
                        pinned,
                        Optional.of(TrustStores.ofTheSystem()),
                        ("the server has another certificate than before: its fingerprint is now %%s, it was %%s. Either the class has a new one, or somebody stands in between."
                                        + " Compare it with your slip or ask the staff; if the new one is right, connect once with --fingerprint and the new one, which then takes the place of the old one in %s")
                                .formatted(file.toString().replace("%", "%%"))),
                new Trusted.OneCertificate(),
                identity);
    }

    /** Trusts everybody: what is said is encrypted, but to whom is not known. */
    public static ClientTls insecure(Optional<ClientIdentity> identity) {
        return new ClientTls(ServerTrust.everybody(), new Trusted.Everybody(), identity);
    }

    /** Who the client is by its certificate; empty if it shows none. */
    public Optional<ClientIdentity> identity() {
        return identity;
    }

    /** Whom it trusts. */
    public Trusted trusted() {
        return trusted;
    }

    ServerTrust trust() {
        return trust;
    }

    /** The client's certificate; null if there is none, as libraries have it. */
    public KeyManagerFactory keyManagers() {
        return identity.map(ClientIdentity::keyManagers).orElse(null);
    }

    /** What judges the server; its endpoint identification must be {@code HTTPS}, so that the host's name counts. */
    public TrustManagerFactory trustManagers() {
        return factory(trust);
    }

    /** A context of the JDK's, for connections that check the host's name as HTTPS does. */
    public SSLContext context() throws GeneralSecurityException {
        return context(trust);
    }

    /** A context of the JDK's with both. */
    SSLContext context(ServerTrust judge) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                identity.map(own -> own.keyManagers().getKeyManagers()).orElse(null), new TrustManager[] {judge}, null);
        return context;
    }

    private static TrustManagerFactory factory(TrustManager manager) {
        TrustManagerFactorySpi always = new TrustManagerFactorySpi() {
            @Override
            protected void engineInit(KeyStore store) {
                // It has what it needs.
            }

            @Override
            protected void engineInit(ManagerFactoryParameters parameters) {
                // It has what it needs.
            }

            @Override
            protected TrustManager[] engineGetTrustManagers() {
                return new TrustManager[] {manager};
            }
        };
        return new TrustManagerFactory(always, NO_PROVIDER, "labchat") {};
    }

    private static final Provider NO_PROVIDER = new Provider("labchat", "1", "whom the client trusts") {
        private static final long serialVersionUID = 1L;
    };
}
