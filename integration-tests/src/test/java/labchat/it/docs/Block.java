package labchat.it.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One fenced block of a page.
 *
 * @param page the page's file
 * @param line of the opening fence, from 1
 * @param language what stands behind the fence
 * @param mark what the comment before it says
 * @param lines without the fences, and without the indentation of the opening one
 */
record Block(Path page, int line, String language, Mark mark, List<String> lines) {

    /** Run by the shell, as they stand. */
    static final Set<String> SHELL = Set.of("sh", "bash", "console");

    /** Programs: run, or written to a file that a later block of the page runs. */
    static final Set<String> PROGRAMS = Set.of("python", "java");

    /** Shown only. What is {@code sql} is run by the test of the store's page. */
    static final Set<String> SHOWN =
            Set.of("text", "json", "sql", "conf", "ini", "xml", "yaml", "mermaid", "diff", "html", "promql");

    Block {
        lines = List.copyOf(lines);
        if (!SHELL.contains(language) && !PROGRAMS.contains(language) && !SHOWN.contains(language)) {
            throw new IllegalArgumentException(at(page, line)
                    + (language.isEmpty() ? "the block says no language" : "\"" + language + "\" is no known language")
                    + "; sh, console, python and java are run, text and others are shown: see docs/developers.md");
        }
        mark.problem(language, String.join("\n", lines)).ifPresent(problem -> {
            throw new IllegalArgumentException(at(page, line) + problem);
        });
    }

    /** Whether a shell runs it. */
    boolean isShell() {
        return SHELL.contains(language);
    }

    /** Whether something is to be done with it. */
    boolean isDone() {
        return mark.skip().isEmpty()
                && (isShell() || PROGRAMS.contains(language) || mark.file().isPresent());
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    String where() {
        return at(page, line);
    }

    private static String at(Path page, int line) {
        return page.getFileName() + ":" + line + ": ";
    }
}
