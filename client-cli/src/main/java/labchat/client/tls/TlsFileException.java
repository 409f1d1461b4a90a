package labchat.client.tls;

/** A file of certificates or keys cannot be used; the message says which and why. */
public final class TlsFileException extends Exception {

    private static final long serialVersionUID = 1L;

    TlsFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
