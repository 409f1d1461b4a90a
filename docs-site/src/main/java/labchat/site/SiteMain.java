package labchat.site;

import java.io.IOException;
import java.nio.file.Path;

/** Makes the site: {@code SiteMain ROOT TARGET}. */
public final class SiteMain {

    private SiteMain() {}

    /**
     * Reads README.md, CHANGELOG.md and docs below the first folder and writes the site into the second.
     *
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Site site = Site.read(root);
        // A test fails for these; a site with a dead link is better than none.
        Links.problems(root, site.pages())
                .forEach(problem -> System.err.println("warning: a link leads nowhere: " + problem));
        site.write(Path.of(arguments[1]));
    }
}
