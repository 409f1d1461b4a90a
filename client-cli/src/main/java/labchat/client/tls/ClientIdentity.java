package labchat.client.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.KeyManagerFactory;

/** A certificate and its key, with which the client proves who it is. */
public final class ClientIdentity {

    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private final Path certificateFile;
    private final Path keyFile;

    private ClientIdentity(List<X509Certificate> chain, PrivateKey key, Path certificateFile, Path keyFile) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.chain = chain;
        this.key = key;
    }

    /**
     * Reads two PEM files.
     *
     * @throws TlsFileException if one cannot be used; the message names it
     */
    public static ClientIdentity read(Path certificate, Path key) throws TlsFileException {
        return new ClientIdentity(Pem.certificates(certificate), Pem.privateKey(key), certificate, key);
    }

    /** Where the certificate was read. */
    public Path certificateFile() {
        return certificateFile;
    }

    /** Where its key was read. */
    public Path keyFile() {
        return keyFile;
    }

    /** Whom the certificate names; empty if nobody. */
    public Optional<String> name() {
        try {
            for (Rdn rdn : new LdapName(chain.get(0).getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN") && rdn.getValue() instanceof String text) {
                    return Optional.of(text);
                }
            }
            return Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    KeyManagerFactory keyManagers() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] password = "only in memory".toCharArray();
            store.setKeyEntry("client", key, password, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory cannot fail", e);
        }
    }
}
