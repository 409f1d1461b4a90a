package labchat.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import org.junit.jupiter.api.Test;

/** What docs/security.md promises is shown by tests that are there. */
class SecurityPageIT {

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:IT|Test))(?:\\.(\\w+))?`");

    @Test
    void testsThatThePageNames_areThere() throws IOException {
        Path root = BrokerProcess.root();
        String page = Files.readString(root.resolve("docs/security.md"));
        Map<String, Path> tests = tests(root);

        assertThat(TEST.matcher(page).results().toList())
                .hasSizeGreaterThan(30)
                .allSatisfy(test -> assertThat(isThere(test, tests))
                        .as("docs/security.md names %s", test.group())
                        .isTrue());
    }

    private static boolean isThere(MatchResult test, Map<String, Path> tests) throws IOException {
        Path file = tests.get(test.group(1) + ".java");
        return file != null
                && (test.group(2) == null || Files.readString(file).contains("void " + test.group(2) + "("));
    }

    private static Map<String, Path> tests(Path root) throws IOException {
        try (Stream<Path> modules = Files.list(root)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(SecurityPageIT::files)
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString(), file -> file, (one, another) -> one));
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new AssertionError(folder + " cannot be read", e);
        }
    }
}
