package labchat.broker.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a configuration file, read as Mosquitto reads them: lines end in LF, white space at their ends is cut.
 * What cannot be read is a problem, not an exception.
 *
 * @param name the file's name as it was given
 * @param lines without their ends; an unreadable line is empty
 * @param problems what could not be read
 */
public record TextFile(String name, List<String> lines, List<ConfigProblem> problems) {

    /** More than any file that people write; a mistaken path to something large stops here. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    public TextFile {
        lines = List.copyOf(lines);
        problems = List.copyOf(problems);
    }

    /**
     * Reads a file.
     *
     * @param ifMissing what to do if there is no such file, in words for staff
     */
    public static TextFile read(Path path, String ifMissing) {
        String name = path.toString();
        try {
            if (Files.isDirectory(path)) {
                return failed(name, "is a directory, expected a file");
            }
            if (Files.size(path) > MAX_BYTES) {
                return failed(name, "is larger than %d bytes".formatted(MAX_BYTES));
            }
            return of(name, Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return failed(name, "no such file (looked for %s); %s".formatted(path.toAbsolutePath(), ifMissing));
        } catch (AccessDeniedException e) {
            return failed(
                    name, "may not be read by user %s; check its mode".formatted(System.getProperty("user.name")));
        } catch (IOException e) {
            return failed(name, "cannot be read: %s".formatted(e.getMessage()));
        }
    }

    /** Takes bytes apart. */
    public static TextFile of(String name, byte[] bytes) {
        List<String> lines = new ArrayList<>();
        List<ConfigProblem> problems = new ArrayList<>();
        int start = 0;
        while (start < bytes.length) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            lines.add(line(name, lines.size() + 1, ByteBuffer.wrap(bytes, start, end - start), problems));
            start = end + 1;
        }
        return new TextFile(name, lines, problems);
    }

    private static String line(String name, int number, ByteBuffer bytes, List<ConfigProblem> problems) {
        String line;
        try {
            line = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            problems.add(new ConfigProblem(name, number, "is not UTF-8; save the file in that encoding"));
            return "";
        }
        if (line.startsWith("\ufeff")) {
            problems.add(new ConfigProblem(
                    name, number, "begins with a byte order mark; save the file as UTF-8 without one"));
            return "";
        }
        if (line.indexOf('\0') >= 0) {
            problems.add(new ConfigProblem(
                    name, number, "has a NUL character at index %d; remove it".formatted(line.indexOf('\0'))));
            return "";
        }
        int end = line.length();
        while (end > 0 && isSpace(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end);
    }

    /** White space as C's {@code isspace} has it. */
    public static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    /** Cuts white space at both ends. */
    public static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static TextFile failed(String name, String message) {
        return new TextFile(name, List.of(), List.of(ConfigProblem.of(name, message)));
    }
}
