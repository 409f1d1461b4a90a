package labchat.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site that is made of the repository's pages. */
class SiteTest {

    private static final Pattern REFERENCE = Pattern.compile("<(\\w+)[^>]*? (?:href|src)=\"([^\"]*)\"");

    @TempDir
    Path target;

    @Test
    void site_isWholeByItself() throws IOException {
        Site.read(Path.of(System.getProperty("basedir", "."), "..")).write(target);

        List<Path> pages = pages();
        assertThat(pages).hasSizeGreaterThan(15);
        for (Path page : pages) {
            String html = Files.readString(page);
            for (MatchResult reference : REFERENCE.matcher(html).results().toList()) {
                String to = reference.group(2);
                if (Links.isExternal(to)) {
                    // A person may follow it; the browser loads nothing by itself.
                    assertThat(reference.group(1)).as("%s in %s", to, page).isEqualTo("a");
                } else {
                    assertLeadsSomewhere(page, html, to);
                }
            }
            assertThat(Stream.of("<script", "<!--", "&lt;!-- test: ", "@TEXT@").filter(html::contains))
                    .as("in %s", page)
                    .isEmpty();
        }
    }

    @Test
    void page_commentsForEditors_areNotShown() throws IOException {
        Path root = target.resolve("root");
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(root.resolve("README.md"), "# Start\n\n<!-- test: stop -->\n```sh\necho '<b>'\n```\n");
        Files.writeString(root.resolve("CHANGELOG.md"), "# Changes\n");

        Site.read(root).write(target.resolve("site"));

        assertThat(target.resolve("site/index.html"))
                .content()
                .contains("<h1 id=\"start\">Start</h1>", "echo '&lt;b&gt;'")
                .doesNotContain("test: stop");
    }

    private void assertLeadsSomewhere(Path page, String html, String to) throws IOException {
        int hash = to.indexOf('#');
        String path = hash < 0 ? to : to.substring(0, hash);
        Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        assertThat(file).as("%s in %s", to, page).exists();
        if (hash >= 0) {
            String linked = file.equals(page) ? html : Files.readString(file);
            assertThat(linked.contains("id=\"" + to.substring(hash + 1) + "\""))
                    .as("%s in %s", to, page)
                    .isTrue();
        }
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(file -> file.toString().endsWith(".html")).toList();
        }
    }
}
