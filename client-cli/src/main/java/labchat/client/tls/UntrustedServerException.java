package labchat.client.tls;

import java.security.cert.CertificateException;
import java.util.Objects;

/** The server's certificate is not trusted; the message says why and what to do. */
public final class UntrustedServerException extends CertificateException {

    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** Nobody who is trusted has signed it. */
        UNKNOWN_SIGNER,
        /** It is not the one that was there before, or the one that was asked for. */
        OTHER_FINGERPRINT,
        /** It has run out, or is not valid yet. */
        DATE,
        /** It is for another host. */
        NAME,
        /** Whatever else. */
        OTHER
    }

    private final Reason reason;

    UntrustedServerException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Why not. */
    public Reason reason() {
        return reason;
    }
}
