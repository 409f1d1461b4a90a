package labchat.broker.reload;

import java.util.List;
import labchat.broker.config.ConfigProblem;

/**
 * What came of a reload.
 *
 * @param problems why nothing was changed; empty if all was taken in
 * @param warnings of files that were taken in
 * @param done what has changed, in words for staff
 * @param needsRestart settings that are different now and count from the next start on
 */
public record ReloadReport(
        List<ConfigProblem> problems, List<String> warnings, List<String> done, List<String> needsRestart) {

    public ReloadReport {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        done = List.copyOf(done);
        needsRestart = List.copyOf(needsRestart);
    }

    /** Whether the new files count. */
    public boolean isAccepted() {
        return problems.isEmpty();
    }

    /** The whole of it, a line each, as {@code broker.jar reload} and the log show it. */
    public List<String> lines() {
        List<String> lines = new java.util.ArrayList<>();
        problems.forEach(problem -> lines.add("error: " + problem));
        warnings.forEach(warning -> lines.add("warning: " + warning));
        lines.addAll(done);
        needsRestart.forEach(one -> lines.add("needs a restart: " + one));
        if (!isAccepted()) {
            lines.add("nothing was changed: the broker goes on with what it had");
        } else if (lines.isEmpty()) {
            lines.add("nothing has changed");
        }
        return lines;
    }
}
