package labchat.broker.command;

/** The process's exit status. */
final class ExitCode {

    static final int GOOD = 0;
    /** It was asked rightly, but could not be done. */
    static final int FAILURE = 1;
    /** Wrong arguments, settings or files. */
    static final int USAGE = 2;

    private ExitCode() {}
}
