package labchat.broker.command;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.Help.Ansi;

/** How errors, warnings and hints are written to the terminal. */
final class Messages {

    private Messages() {}

    static String error(String message) {
        return Ansi.AUTO.string("@|bold,red error:|@ ") + printable(message);
    }

    static String warning(String message) {
        return Ansi.AUTO.string("@|bold,yellow warning:|@ ") + printable(message);
    }

    /** An error in one line. Errors without a message are known by their type; those of files name only the file. */
    static String of(Throwable error) {
        if (error instanceof AccessDeniedException denied) {
            return "%s: access denied for user %s; check owner and mode"
                    .formatted(denied.getFile(), System.getProperty("user.name"));
        }
        if (error instanceof NoSuchFileException missing) {
            return "%s: no such file or directory".formatted(missing.getFile());
        }
        if (error instanceof FileSystemException file) {
            return "%s: %s".formatted(file.getFile(), file.getReason() == null ? "failed" : file.getReason());
        }
        String message = String.valueOf(error.getMessage());
        return message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.equals("null"))
                .findFirst()
                .orElseGet(() -> "unexpected " + error.getClass().getSimpleName());
    }

    /** Files and arguments may hold anything; a terminal must not obey it. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE) {
                shown.append("\\u%04x".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
