package labchat.client.options;

import java.util.List;

/** What was asked for cannot be understood; each problem is one line that says where, what, and what is allowed. */
public final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    public UsageException(String problem) {
        super(problem);
    }

    public UsageException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
