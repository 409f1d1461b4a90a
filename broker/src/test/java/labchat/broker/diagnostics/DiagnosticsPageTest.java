package labchat.broker.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import labchat.protocol.codec.RejectCode;
import org.junit.jupiter.api.Test;

/** {@code docs/diagnostics.md} has a section for every code that the broker can give, and for no other. */
class DiagnosticsPageTest {

    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    /** Where a code is given: the first argument, up to the comma behind it. */
    private static final Pattern CODE_ARGUMENT = Pattern.compile(
            "(?:Refusal\\.of\\(|new Refusal\\(|new RequestFault\\(|\\.explained\\(|reject\\(\\s*Ground\\.\\w+,)\\s*([^,()]+(?:\\(\\))?[^,()]*(?:\\(\\))?[^,()]*),");

    private static final Pattern LITERAL = Pattern.compile("\"([a-z_0-9]+)\"");

    /** Arguments that pass on a code which was given elsewhere; the last is {@link RejectCode}'s. */
    private static final Set<String> PASSED_ON =
            Set.of("code", "newCode", "why.code()", "refused.fault().code()", "bad.code().word()");

    /** Where the codecs of requests give a code of their own. */
    private static final Pattern REQUEST_CODE = Pattern.compile("Faulty\\(\\s*\"([a-z_0-9]+)\"");

    private static Set<String> codesInTheSources() throws IOException {
        Set<String> codes = new TreeSet<>();
        Arrays.stream(RejectCode.values()).map(RejectCode::word).forEach(codes::add);
        for (Path file : sources("../protocol/src/main/java")) {
            REQUEST_CODE.matcher(Files.readString(file)).results().forEach(code -> codes.add(code.group(1)));
        }
        for (Path file : sources("src/main/java")) {
            Matcher given = CODE_ARGUMENT.matcher(Files.readString(file));
            while (given.find()) {
                String argument = given.group(1).strip();
                List<String> literals = LITERAL.matcher(argument)
                        .results()
                        .map(literal -> literal.group(1))
                        .toList();
                assertThat(!literals.isEmpty() || PASSED_ON.contains(argument))
                        .as("%s gives a code in a way this test cannot follow: %s", file, argument)
                        .isTrue();
                codes.addAll(literals);
            }
        }
        return codes;
    }

    private static List<Path> sources(String directory) throws IOException {
        try (Stream<Path> files = Files.walk(MODULE.resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("Refusal.java"))
                    .toList();
        }
    }

    private static String page() throws IOException {
        return Files.readString(MODULE.resolve("../docs/diagnostics.md"));
    }

    @Test
    void page_hasASectionForEachCodeAndForNoOther() throws IOException {
        Set<String> sections = new TreeSet<>();
        Matcher heading = Pattern.compile("(?m)^### `([a-z_0-9]+)`$").matcher(page());
        while (heading.find()) {
            assertThat(sections.add(heading.group(1))).as(heading.group(1)).isTrue();
        }
        assertThat(codesInTheSources()).hasSizeGreaterThan(50).isEqualTo(sections);
    }

    @Test
    void eachSection_isInTheTableOfContentsAndHasExampleAndCure() throws IOException {
        String page = page();
        String[] parts = page.split("(?m)^### ");
        assertThat(parts.length).isGreaterThan(50);
        for (String section : Arrays.asList(parts).subList(1, parts.length)) {
            String code = section.substring(1, section.indexOf('`', 1));
            assertThat(parts[0]).contains("[`%s`](#%s)".formatted(code, code));
            assertThat(section).contains("\nsent:   ", "\nreason: ", "\nCure: ");
        }
    }
}
