package labchat.client.ui.full;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes down where the program went wrong: classes and lines, never what an exception says, which may hold texts. */
final class CrashReport {

    private CrashReport() {}

    /** The screen has failed; its message says where the report is. */
    static final class ScreenFailure extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        ScreenFailure(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }

    /** Writes the report into this directory; a failure that says so. */
    static ScreenFailure write(Throwable thrown, Instant at, int columns, int rows, Path directory) {
        List<String> lines = new ArrayList<>();
        lines.add("labchat client, full screen of %d by %d, %s".formatted(columns, rows, at));
        lines.add("Java %s, %s %s, TERM=%s"
                .formatted(
                        System.getProperty("java.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getenv("TERM")));
        Set<Throwable> told = new HashSet<>();
        for (Throwable cause = thrown; cause != null && told.add(cause); cause = cause.getCause()) {
            lines.add(cause.getClass().getName());
            for (StackTraceElement element : cause.getStackTrace()) {
                lines.add("    at " + element);
            }
        }
        try {
            Path file = Files.createTempFile(directory, "labchat-crash-", ".txt");
            Files.write(file, lines);
            return new ScreenFailure("the screen failed; the report is in " + file, thrown);
        } catch (IOException e) {
            return new ScreenFailure("the screen failed, and no report could be written to " + directory, thrown);
        }
    }
}
