package labchat.client.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The JDK's trust managers. */
final class TrustStores {

    private TrustStores() {}

    /** The authorities that this Java trusts. */
    static X509ExtendedTrustManager ofTheSystem() {
        return manager(null);
    }

    /** These and no others. */
    static X509ExtendedTrustManager of(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority" + i, authorities.get(i));
            }
            return manager(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory cannot fail", e);
        }
    }

    private static X509ExtendedTrustManager manager(KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager known) {
                    return known;
                }
            }
            throw new IllegalStateException("this Java checks no certificates");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java's own authorities cannot be read: " + e.getMessage(), e);
        }
    }

    /** The last that has signed the one before it: the CA's own, if the server sends that. */
    static X509Certificate top(X509Certificate[] chain) {
        int top = 0;
        while (top + 1 < chain.length
                && chain[top + 1].getSubjectX500Principal().equals(chain[top].getIssuerX500Principal())) {
            top++;
        }
        return chain[top];
    }
}
