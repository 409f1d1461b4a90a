package labchat.client.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import labchat.client.options.UsageException;
import labchat.client.ui.TerminalPasswordPrompt.InterruptedPromptException;
import labchat.client.ui.TextSanitizer;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what went wrong, on standard error, one line for each problem; a stack trace only with {@code --debug}. */
public final class ErrorReport {

    private static final String NAME = "labchat: ";

    private ErrorReport() {}

    /** A word beside the work, which goes on. */
    static void note(String text) {
        System.err.println(NAME + safe(text));
    }

    /** A command line that was not understood. */
    static int usage(ParameterException problem) {
        String message = problem.getMessage().lines().findFirst().orElse("wrong usage");
        List<String> meant =
                problem instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String hint = meant.isEmpty() ? "" : " (did you mean %s?)".formatted(String.join(" or ", meant));
        System.err.println(NAME + safe(message) + hint + "; --help tells what there is");
        return ExitCode.USAGE;
    }

    /** A command that ended with an exception. */
    static int failure(Exception thrown, boolean debug) {
        int code;
        if (thrown instanceof CommandFailure failure) {
            failure.getMessage().lines().forEach(ErrorReport::note);
            code = failure.exitCode();
        } else if (thrown instanceof UsageException) {
            thrown.getMessage().lines().forEach(ErrorReport::note);
            code = ExitCode.USAGE;
        } else if (thrown instanceof InterruptedPromptException || thrown instanceof InterruptedException) {
            code = ExitCode.INTERRUPTED;
        } else {
            return defect(thrown, debug);
        }
        if (debug) {
            trace(thrown);
        }
        return code;
    }

    /** Something that should never happen. */
    public static int defect(Throwable thrown, boolean debug) {
        note("unexpected error: %s. This is a defect of the client%s."
                .formatted(thrown, debug ? "" : "; with --debug it shows where"));
        if (debug) {
            trace(thrown);
        }
        return ExitCode.FAILURE;
    }

    private static void trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        text.toString().lines().forEach(line -> System.err.println(String.join(" ", TextSanitizer.lines(line))));
    }

    private static String safe(String text) {
        return String.join(" ", TextSanitizer.lines(text));
    }
}
