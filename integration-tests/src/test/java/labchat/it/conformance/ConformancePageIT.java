package labchat.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import labchat.it.support.BrokerProcess;
import labchat.it.support.OnVersion5;
import labchat.it.support.Statement;
import org.junit.jupiter.api.Test;

/**
 * docs/conformance.md is what {@code statements.txt} and the tests' annotations say. To write it anew: run this test with
 * {@code -Dconformance.write=true}.
 */
class ConformancePageIT {

    private static final Path PAGE = BrokerProcess.root().resolve("docs/conformance.md");
    private static final Pattern COLUMN = Pattern.compile("\\s*\\|\\s*");

    /** One numbered statement; the limit is empty where it is met. */
    private record Row(String id, String words, String limit) {
        String result() {
            return limit.isEmpty() ? "met" : limit;
        }
    }

    /** Numbers compare by number: 3.1.2-9 is before 3.1.2-10. */
    private static final Comparator<String> BY_NUMBER = Comparator.comparing((String id) -> Pattern.compile("\\D+")
                    .splitAsStream(id)
                    .filter(part -> !part.isEmpty())
                    .map("%3s"::formatted)
                    .reduce("", String::concat))
            .thenComparing(Comparator.naturalOrder());

    private static List<Row> rows(boolean version5) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (InputStream in = ConformancePageIT.class.getResourceAsStream("statements.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line :
                    text.lines().filter(each -> !each.startsWith("#")).toList()) {
                String[] columns = COLUMN.split(line.strip());
                assertThat(columns.length).as(line).isBetween(3, 4);
                for (String id : columns[version5 ? 1 : 0].split(", ")) {
                    if (!id.equals("-")) {
                        rows.add(new Row("MQTT-" + id, columns[2], columns.length > 3 ? columns[3] : ""));
                    }
                }
            }
        }
        rows.sort(Comparator.comparing(Row::id, BY_NUMBER));
        return rows;
    }

    /** The tests of each statement. */
    private static Map<String, Set<String>> tests(boolean version5) throws IOException, ReflectiveOperationException {
        Map<String, Set<String>> tests = new TreeMap<>(BY_NUMBER);
        for (Method method : annotated()) {
            Statement statement = method.getAnnotation(Statement.class);
            for (String id : version5 ? statement.v5() : statement.v3()) {
                tests.computeIfAbsent(id, any -> new TreeSet<>())
                        .add("`" + method.getDeclaringClass().getSimpleName() + "." + method.getName() + "`");
            }
        }
        return tests;
    }

    private static List<Method> annotated() throws IOException, ReflectiveOperationException {
        Path classes;
        try {
            classes = Path.of(ConformancePageIT.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        List<Method> methods = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith("IT.class")).toList()) {
                String name = classes.relativize(file).toString().replaceAll("[/\\\\]", ".");
                Class<?> type = Class.forName(
                        name.substring(0, name.length() - ".class".length()),
                        false,
                        ConformancePageIT.class.getClassLoader());
                Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Statement.class))
                        .forEach(methods::add);
            }
        }
        return methods;
    }

    private static String page() throws IOException, ReflectiveOperationException {
        StringBuilder page = new StringBuilder("""
                # Conformance

                What MQTT 3.1.1 and MQTT 5 ask of a broker, by the numbers of their normative statements, as far as tests of ours show it: by raw packets, on TCP and WebSocket, against the broker with its store. Where a statement concerns delivery, it is tested on chat topics and on others. The words are ours; what counts are the specifications. Statements that are a client's duty only, and those about features that this broker does not have, are left out, but for those that CONNACK announces as missing.

                This page is made from the tests' annotations `@Statement` and `statements.txt` beside them; `ConformancePageIT` fails if it is out of date, and writes it anew with `-Dconformance.write=true`. The tests run in every build, so a result stands as long as the build is green.
                """);
        for (boolean version5 : new boolean[] {true, false}) {
            List<Row> rows = rows(version5);
            Map<String, Set<String>> tests = tests(version5);
            long met = rows.stream().filter(row -> row.limit().isEmpty()).count();
            long inPart = rows.stream()
                    .filter(row -> row.limit().startsWith("in part"))
                    .count();
            page.append("%n## MQTT %s%n%n".formatted(version5 ? "5" : "3.1.1"))
                    .append("%d statements: %d met, %d in part, %d not offered.%n%n"
                            .formatted(rows.size(), met, inPart, rows.size() - met - inPart))
                    .append("| statement | what it asks | result | tests |%n|---|---|---|---|%n".formatted());
            for (Row row : rows) {
                page.append("| %s | %s | %s | %s |%n"
                        .formatted(
                                row.id(),
                                row.words(),
                                row.result(),
                                String.join(" ", tests.getOrDefault(row.id(), Set.of()))));
            }
        }
        return page.toString().replace("\r\n", "\n");
    }

    @Test
    void page_saysWhatTheTestsSay() throws IOException, ReflectiveOperationException {
        if (Boolean.getBoolean("conformance.write")) {
            Files.writeString(PAGE, page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page());
    }

    @Test
    void statements_areThoseOfTheTests() throws IOException, ReflectiveOperationException {
        for (boolean version5 : new boolean[] {true, false}) {
            assertThat(rows(version5)).extracting(Row::id).doesNotHaveDuplicates();
            assertThat(rows(version5).stream().map(Row::id).toList())
                    .containsExactlyInAnyOrderElementsOf(tests(version5).keySet());
            assertThat(rows(version5))
                    .extracting(Row::limit)
                    .allMatch(limit ->
                            limit.isEmpty() || limit.startsWith("in part: ") || limit.startsWith("not offered: "));
        }
    }

    @Test
    void testsOfMqtt5_nameNoStatementsOfMqtt3() throws IOException, ReflectiveOperationException {
        assertThat(annotated())
                .hasSizeGreaterThan(60)
                .filteredOn(method -> method.isAnnotationPresent(OnVersion5.class))
                .allMatch(method -> method.getAnnotation(Statement.class).v3().length == 0);
    }
}
