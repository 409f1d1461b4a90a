package labchat.site;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes the site: {@code SiteMain ROOT TARGET}. */
public final class SiteMain {

    private SiteMain() {}

    /**
     * Reads README.md, CHANGELOG.md and docs below the first folder and writes the site into the second.
     *
     * @throws IOException if a file cannot be read or written
     * @throws IllegalStateException if a link leads nowhere
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Site site = Site.read(root);
        List<String> problems = Links.problems(root, site.pages());
        if (!problems.isEmpty()) {
            throw new IllegalStateException("links that lead nowhere:\n  " + String.join("\n  ", problems));
        }
        site.write(Path.of(arguments[1]));
    }
}
