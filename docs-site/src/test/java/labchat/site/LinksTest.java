package labchat.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every relative link and anchor of README.md, CHANGELOG.md and docs leads somewhere. */
class LinksTest {

    @TempDir
    Path root;

    @Test
    void links_ofTheRepositorysPages_leadSomewhere() throws IOException {
        Path repository = Path.of(System.getProperty("basedir", "."), "..");
        Site site = Site.read(repository);

        assertThat(site.pages()).hasSizeGreaterThan(15);
        assertThat(Links.problems(repository, site.pages())).isEmpty();
    }

    @Test
    void link_leadsNowhere_isNamedWithItsPage() throws IOException {
        write(
                "README.md",
                "# Start\n\n[a](docs/a.md#there) [b](docs/a.md#not-there) [c](docs/b.md) ![d](d.png) [e](#start)");
        write("CHANGELOG.md", "# Changes\n");
        write("docs/a.md", "# A\n\n## There\n\n[up](../../other/README.md) <https://example.org/>");
        Map<Path, MarkdownPage> pages = Site.read(root).pages();

        assertThat(Links.problems(root, pages))
                .containsExactlyInAnyOrder(
                        "README.md: docs/a.md#not-there: docs/a.md has no such heading",
                        "README.md: docs/b.md is not there",
                        "README.md: d.png is not there",
                        "docs/a.md: ../../other/README.md is not there");
    }

    @Test
    void anchor_ofAHeading_isTheOneThatGitHubGives() {
        Set<String> taken = new HashSet<>();

        assertThat(MarkdownPage.anchor("TLS: certificates and their renewal", taken))
                .isEqualTo("tls-certificates-and-their-renewal");
        assertThat(MarkdownPage.anchor("\"It does not work\", says a student", taken))
                .isEqualTo("it-does-not-work-says-a-student");
        assertThat(MarkdownPage.anchor("$SYS and `invalid_json`", taken)).isEqualTo("sys-and-invalid_json");
        assertThat(MarkdownPage.anchor("Rooms", taken)).isEqualTo("rooms");
        assertThat(MarkdownPage.anchor("Rooms", taken)).isEqualTo("rooms-1");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
