package labchat.it.docs;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares what a page shows with what was printed. */
final class ShownOutput {

    private ShownOutput() {}

    /**
     * Looks for the shown lines among the printed ones, in their order; others may stand between. Times, ids of messages,
     * durations and runs of blanks may differ, and {@code …} stands for anything.
     *
     * @return the first line that is not there
     */
    static Optional<String> missing(List<String> shown, List<String> printed) {
        List<String> actual = printed.stream().map(ShownOutput::general).toList();
        int next = 0;
        for (String line : shown) {
            String wanted = general(line);
            if (wanted.isBlank() || wanted.equals("…")) {
                continue;
            }
            Pattern pattern = Pattern.compile(wanted.lines()
                    .flatMap(text -> List.of(text.split("…", -1)).stream())
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*")));
            while (next < actual.size() && !pattern.matcher(actual.get(next)).matches()) {
                next++;
            }
            if (next == actual.size()) {
                return Optional.of(line);
            }
            next++;
        }
        return Optional.empty();
    }

    private static String general(String line) {
        return line.replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z?", "<time>")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d", "<day>")
                .replaceAll("(yesterday )?\\b\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?\\b", "<hour>")
                .replaceAll("\\b([0-9a-f]{32}|[0-9a-f]{8})\\b", "<id>")
                .replaceAll("\\b\\d+(\\.\\d+)? (ms|s|seconds|bytes|kB|MB|GB)\\b", "<amount>")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
