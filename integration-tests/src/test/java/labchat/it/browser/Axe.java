package labchat.it.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Looks for what keeps people out, by the rules of WCAG 2.2 AA that a program can check. */
final class Axe {

    private static final String SCRIPT = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private static final String RUN = """
            async () => {
              // What lies behind a dialog cannot be reached.
              const { violations } = await axe.run(document.querySelector("dialog[open]") ?? document, {
                runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
              });
              return violations.flatMap((rule) =>
                rule.nodes.map((node) => `${rule.id} (${rule.help}): ${node.html} ${node.failureSummary}`));
            }
            """;

    private Axe() {}

    /** Fails with everything that was found. */
    static void check(Page page, String where) {
        try (InputStream in = Axe.class.getResourceAsStream(SCRIPT)) {
            page.evaluate(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat((List<?>) page.evaluate(RUN)).as(where).isEmpty();
    }
}
