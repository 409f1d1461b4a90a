package labchat.broker.traffic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of files that a log set aside: {@code traffic.jsonl} becomes {@code traffic-2026-11-20.1.jsonl}, the next one
 * of that day {@code .2}.
 */
final class RolledFiles {

    /**
     * One of them.
     *
     * @param day the UTC day of its lines, such as {@code 2026-11-20}
     * @param number from 1 on
     */
    record Rolled(Path path, String day, int number) {}

    private final Path path;
    private final String base;
    private final String extension;
    private final Pattern pattern;

    /** Those of this log. */
    RolledFiles(Path path) {
        this.path = path.toAbsolutePath();
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        this.base = dot > 0 ? name.substring(0, dot) : name;
        this.extension = dot > 0 ? name.substring(dot) : "";
        this.pattern = Pattern.compile(
                Pattern.quote(base) + "-(\\d{4}-\\d{2}-\\d{2})\\.(\\d{1,9})" + Pattern.quote(extension));
    }

    /** Where the log of that day goes as the file of that number. */
    Path target(String day, int number) {
        return path.resolveSibling(base + "-" + day + "." + number + extension);
    }

    /** Those that are there, the oldest first; the list may be changed. None if there is no such folder. */
    List<Rolled> oldestFirst() throws IOException {
        List<Rolled> found = new ArrayList<>();
        if (!Files.isDirectory(path.getParent())) {
            return found;
        }
        try (Stream<Path> files = Files.list(path.getParent())) {
            files.forEach(candidate -> {
                Matcher name = pattern.matcher(candidate.getFileName().toString());
                if (name.matches()) {
                    found.add(new Rolled(candidate, name.group(1), Integer.parseInt(name.group(2))));
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        found.sort(Comparator.comparing(Rolled::day).thenComparingInt(Rolled::number));
        return found;
    }
}
