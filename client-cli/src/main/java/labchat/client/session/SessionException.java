package labchat.client.session;

/** Carries a {@link SessionFailure}. */
public final class SessionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient SessionFailure failure;

    public SessionException(SessionFailure failure) {
        super(failure.message());
        this.failure = failure;
    }

    public SessionException(SessionFailure failure, Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    /** What failed. */
    public SessionFailure failure() {
        return failure;
    }
}
