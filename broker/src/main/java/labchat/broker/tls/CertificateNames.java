package labchat.broker.tls;

import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** Whom a certificate is about. */
public final class CertificateNames {

    private CertificateNames() {}

    /** The common name (CN); empty if there is none, or one that is no text. */
    public static Optional<String> commonName(X509Certificate certificate) {
        return commonName(certificate.getSubjectX500Principal());
    }

    private static Optional<String> commonName(X500Principal name) {
        try {
            // As in Mosquitto, the first if there are several; an LdapName counts from the end.
            for (Rdn rdn : new LdapName(name.getName(X500Principal.RFC2253)).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN") && rdn.getValue() instanceof String text) {
                    return Optional.of(text);
                }
            }
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** The common name, or the whole name if there is none. */
    static String subject(X509Certificate certificate) {
        X500Principal name = certificate.getSubjectX500Principal();
        return commonName(name).map("\"%s\""::formatted).orElseGet(name::getName);
    }
}
