package labchat.client.command;

import labchat.client.session.SessionFailure;

/** The exit codes, for scripts; docs/students.md lists them. */
public final class ExitCode {

    public static final int GOOD = 0;
    public static final int FAILURE = 1;
    public static final int USAGE = 2;
    public static final int UNAVAILABLE = 3;
    public static final int LOGIN_REFUSED = 4;
    public static final int NOT_AUTHORISED = 5;
    /** The same as that of mosquitto's clients. */
    public static final int TIMED_OUT = 27;
    /** 128 and the number of SIGINT. */
    public static final int INTERRUPTED = 130;
    /** 128 and the number of SIGPIPE. */
    public static final int CLOSED_PIPE = 141;

    private ExitCode() {}

    /** The code for a failure of a session. */
    public static int of(SessionFailure.Kind kind) {
        return switch (kind) {
            case UNAVAILABLE -> UNAVAILABLE;
            case LOGIN_REFUSED -> LOGIN_REFUSED;
            case NOT_AUTHORISED -> NOT_AUTHORISED;
            case TIMED_OUT -> TIMED_OUT;
            case REFUSED, OTHER -> FAILURE;
        };
    }
}
