package labchat.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import org.junit.jupiter.api.Test;

/** The list of holes names tests that exist, and all of this package. */
class HolesDocumentIT {

    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:IT|Test))\\.(\\w+)`");
    private static final Pattern METHOD = Pattern.compile("\\n    void (\\w+)\\(");

    private static String document() throws IOException {
        return Files.readString(BrokerProcess.root().resolve("docs/decisions/0003-holes.md"));
    }

    /** {@code Class.method} of every test in the sources, by the source's file. */
    private static Map<Path, Set<String>> tests() throws IOException {
        Map<Path, Set<String>> tests = new HashMap<>();
        for (String module : List.of("protocol", "broker", "integration-tests")) {
            Path sources = BrokerProcess.root().resolve(module).resolve("src/test/java");
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    tests.put(
                            file,
                            METHOD.matcher(Files.readString(file))
                                    .results()
                                    .map(method -> name + "." + method.group(1))
                                    .collect(Collectors.toSet()));
                }
            }
        }
        return tests;
    }

    private static Set<String> named() throws IOException {
        return NAMED.matcher(document())
                .results()
                .map((MatchResult name) -> name.group(1) + "." + name.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void document_namesOnlyTestsThatExist() throws IOException {
        Set<String> exist = tests().values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        assertThat(named()).isNotEmpty().isSubsetOf(exist);
    }

    @Test
    void document_namesEveryTestOfThisPackage() throws IOException {
        Set<String> own = new TreeSet<>();
        tests().forEach((file, names) -> {
            if (file.getParent().endsWith("engine")) {
                names.stream()
                        .filter(name -> name.contains(".bare_") || name.contains(".guarded_"))
                        .forEach(own::add);
            }
        });
        assertThat(own).hasSizeGreaterThan(30);
        assertThat(named()).containsAll(own);
    }

    @Test
    void document_hasTestsInEveryRow() throws IOException {
        List<String> without = new ArrayList<>();
        int rows = 0;
        for (String line : document().lines().toList()) {
            if (line.startsWith("| ") && !line.startsWith("| Hole")) {
                rows++;
                if (!NAMED.matcher(line).find()) {
                    without.add(line);
                }
            }
        }
        assertThat(rows).isGreaterThan(20);
        assertThat(without).isEmpty();
    }
}
