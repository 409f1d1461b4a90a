package labchat.it.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import labchat.broker.tls.ClassCertificates;

/** The client's side of TLS, with the JDK's own means. */
public final class TestTls {

    private TestTls() {}

    /** Trusts the class's CA and shows no certificate. */
    public static SSLContext trusting(ClassCertificates certificates) throws IOException {
        return context(certificates.authorityFile(), Optional.empty());
    }

    /** Trusts the class's CA and shows a user's certificate, which may be another class's. */
    public static SSLContext trusting(ClassCertificates certificates, ClassCertificates maker, String user)
            throws IOException {
        try {
            byte[] der = Base64.getMimeDecoder()
                    .decode(Files.readString(maker.clientKeyFile(user)).replaceAll("-----[A-Z ]+-----", ""));
            KeyManager always = new Always(
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)),
                    certificate(maker.clientFile(user)));
            return context(certificates.authorityFile(), Optional.of(new KeyManager[] {always}));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static SSLContext context(Path authority, Optional<KeyManager[]> keys) throws IOException {
        try {
            KeyStore store = empty();
            store.setCertificateEntry("authority", certificate(authority));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.orElse(null), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Shows its certificate whoever the server says is acceptable, as OpenSSL does. */
    private static final class Always extends X509ExtendedKeyManager {

        private static final String ALIAS = "client";

        private final PrivateKey key;
        private final X509Certificate certificate;

        Always(PrivateKey key, X509Certificate certificate) {
            this.key = key;
            this.certificate = certificate;
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
