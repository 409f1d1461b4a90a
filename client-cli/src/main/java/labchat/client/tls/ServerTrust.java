package labchat.client.tls;

import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import labchat.client.tls.UntrustedServerException.Reason;

/**
 * Whom the client takes for the server: a way to trust, and the words for a server that is not trusted. Whoever makes the
 * connection asks for the endpoint identification {@code HTTPS}, which is what makes the name count.
 */
abstract class ServerTrust extends X509ExtendedTrustManager {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    /** One of the JDK's own checks, over an engine or a socket. */
    interface Connection {
        void check(X509ExtendedTrustManager manager, X509Certificate[] chain, String authType)
                throws CertificateException;
    }

    /** @throws UntrustedServerException if it is not to be trusted */
    abstract void judge(X509Certificate[] chain, String authType, Connection connection)
            throws UntrustedServerException;

    /** The JDK's own checks, with words. */
    static void check(X509ExtendedTrustManager manager, X509Certificate[] chain, String authType, Connection connection)
            throws UntrustedServerException {
        try {
            connection.check(manager, chain, authType);
        } catch (CertificateException e) {
            throw inWords(e, chain[0]);
        }
    }

    private static UntrustedServerException inWords(CertificateException problem, X509Certificate server) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return new UntrustedServerException(
                        Reason.DATE,
                        "the server's certificate, or that of who signed it, has run out (on %s); tell the staff, and check this computer's clock"
                                .formatted(DAY.format(server.getNotAfter().toInstant())),
                        problem);
            }
            if (cause instanceof CertificateNotYetValidException) {
                return new UntrustedServerException(
                        Reason.DATE,
                        "the server's certificate is not valid before %s; check this computer's clock"
                                .formatted(DAY.format(server.getNotBefore().toInstant())),
                        problem);
            }
            if (cause instanceof CertPathBuilderException) {
                return new UntrustedServerException(
                        Reason.UNKNOWN_SIGNER,
                        "nobody whom this computer trusts has signed the server's certificate; give the class's CA with --cafile, or its fingerprint with --fingerprint",
                        problem);
            }
        }
        String text = String.valueOf(problem.getMessage());
        if (text.toLowerCase(Locale.ROOT).contains("name")) {
            return new UntrustedServerException(
                    Reason.NAME,
                    "the server's certificate is not for this host but for %s; name one of these with -h"
                            .formatted(hosts(server)),
                    problem);
        }
        return new UntrustedServerException(Reason.OTHER, "the server's certificate is not good: " + text, problem);
    }

    private static String hosts(X509Certificate server) {
        try {
            Collection<List<?>> names = server.getSubjectAlternativeNames();
            return names == null
                    ? "nobody"
                    : names.stream().map(name -> String.valueOf(name.get(1))).collect(Collectors.joining(", "));
        } catch (CertificateException e) {
            return "a name that cannot be read";
        }
    }

    /** Everybody. */
    static ServerTrust everybody() {
        return new ServerTrust() {
            @Override
            void judge(X509Certificate[] chain, String authType, Connection connection) {
                // That is what was asked for.
            }
        };
    }

    /** Whom these authorities have signed. */
    static ServerTrust signedBy(X509ExtendedTrustManager authorities) {
        return new ServerTrust() {
            @Override
            void judge(X509Certificate[] chain, String authType, Connection connection)
                    throws UntrustedServerException {
                check(authorities, chain, authType, connection);
            }
        };
    }

    /**
     * Whom one certificate has signed, or that certificate itself.
     *
     * @param pinned its fingerprint
     * @param otherwise asked if the server has another one; empty if that is an end of it
     * @param words what to say then
     */
    static ServerTrust pinned(Fingerprint pinned, Optional<X509ExtendedTrustManager> otherwise, String words) {
        return new ServerTrust() {
            @Override
            void judge(X509Certificate[] chain, String authType, Connection connection)
                    throws UntrustedServerException {
                for (X509Certificate certificate : chain) {
                    if (Fingerprint.of(certificate).equals(pinned)) {
                        checkBelow(certificate, chain, authType, connection);
                        return;
                    }
                }
                UntrustedServerException other = new UntrustedServerException(
                        Reason.OTHER_FINGERPRINT,
                        words.formatted(Fingerprint.of(TrustStores.top(chain)), pinned),
                        null);
                if (otherwise.isEmpty()) {
                    throw other;
                }
                try {
                    check(otherwise.get(), chain, authType, connection);
                } catch (UntrustedServerException e) {
                    throw e.reason() == Reason.UNKNOWN_SIGNER ? other : e;
                }
            }
        };
    }

    /** What hangs below a certificate that is trusted for itself. */
    static void checkBelow(X509Certificate anchor, X509Certificate[] chain, String authType, Connection connection)
            throws UntrustedServerException {
        try {
            // The JDK does not look at the dates of a certificate that is trusted for itself.
            anchor.checkValidity();
        } catch (CertificateException e) {
            throw inWords(e, anchor);
        }
        check(TrustStores.of(List.of(anchor)), chain, authType, connection);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge(chain, authType, (manager, c, a) -> manager.checkServerTrusted(c, a, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge(chain, authType, (manager, c, a) -> manager.checkServerTrusted(c, a, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("the host's name is not known here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
