package labchat.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import labchat.it.support.BrokerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No library in a jar has a hole that {@code known-holes.csv} knows, unless {@code packaging/accepted-holes.csv} says why
 * that is lived with.
 */
class KnownHolesIT {

    private static final String BROKER = "broker/target/broker.jar";
    private static final String CLIENT = "client-cli/target/client-cli.jar";
    private static final String HOLES = "broker/src/main/resources/labchat/broker/doctor/known-holes.csv";
    private static final Pattern LIBRARY = Pattern.compile("\\(([\\w.-]+:[\\w.-]+):([\\w.-]+) - [^)]*\\)\\s*$");

    private record Hole(String library, String from, String before, String id) {

        boolean isIn(String version) {
            return (from.isEmpty() || compare(version, from) >= 0)
                    && (before.isEmpty() || compare(version, before) < 0);
        }
    }

    private static List<String> lines(String path) throws IOException {
        return Files.readAllLines(BrokerProcess.root().resolve(path)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static List<Hole> holes() throws IOException {
        return lines(HOLES).stream()
                .skip(1)
                .map(line -> line.split(",", 6))
                .map(columns -> new Hole(columns[0], columns[1], columns[2], columns[3]))
                .toList();
    }

    private static Set<String> accepted() throws IOException {
        Set<String> accepted = new HashSet<>();
        for (String line : lines("packaging/accepted-holes.csv")) {
            String[] columns = line.split(",", 3);
            assertThat(columns).as("id, library and reason in \"%s\"", line).hasSize(3);
            assertThat(columns[2].strip()).as("the reason in \"%s\"", line).isNotEmpty();
            accepted.add(columns[0].strip() + " " + columns[1].strip());
        }
        return accepted;
    }

    private static Map<String, String> versions(String jar) throws IOException {
        Map<String, String> versions = new HashMap<>();
        try (JarFile file = new JarFile(BrokerProcess.root().resolve(jar).toFile())) {
            ZipEntry entry = file.getEntry("META-INF/THIRD-PARTY.txt");
            try (InputStream in = file.getInputStream(entry)) {
                for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList()) {
                    Matcher library = LIBRARY.matcher(line);
                    if (library.find()) {
                        versions.put(library.group(1), library.group(2));
                    }
                }
            }
        }
        return versions;
    }

    /** Numbers by value, other words by the alphabet, and a missing part as zero. */
    private static int compare(String one, String other) {
        String[] left = one.split("[.-]");
        String[] right = other.split("[.-]");
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            String a = i < left.length ? left[i] : "0";
            String b = i < right.length ? right[i] : "0";
            int order = a.matches("\\d{1,9}") && b.matches("\\d{1,9}")
                    ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b))
                    : a.compareTo(b);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static List<String> open(Map<String, String> versions) throws IOException {
        List<String> open = new ArrayList<>();
        for (Hole hole : holes()) {
            String version = versions.get(hole.library());
            if (version != null && hole.isIn(version) && !accepted().contains(hole.id() + " " + hole.library())) {
                open.add("%s %s has %s, which %s has not".formatted(hole.library(), version, hole.id(), hole.before()));
            }
        }
        return open;
    }

    @ParameterizedTest
    @ValueSource(strings = {BROKER, CLIENT})
    void libraries_ofEachJar_haveNoHoleThatIsKnown(String jar) throws IOException {
        Map<String, String> versions = versions(jar);

        assertThat(versions).hasSizeGreaterThan(10).containsKey("io.netty:netty-handler");
        assertThat(open(versions)).isEmpty();
    }

    @Test
    void library_withAKnownHole_isFound() throws IOException {
        Hole hole = holes().stream()
                .filter(each -> each.from().isEmpty())
                .findFirst()
                .orElseThrow();

        assertThat(open(Map.of(hole.library(), "0.0.1"))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"4.1.9.Final,4.1.10.Final,-1", "4.1,4.1.0,0", "2.22.4,2.15.0,1", "1.86,1.9,1"})
    void versions_areComparedByNumbers(String one, String other, int order) {
        assertThat(Integer.signum(compare(one, other))).isEqualTo(order);
    }

    /** For people, and for tools that know more holes than the list. */
    @ParameterizedTest
    @CsvSource({BROKER + ",META-INF/sbom/broker.cdx.json", CLIENT + ",META-INF/sbom/client-cli.cdx.json"})
    void billOfMaterials_ofEachJar_namesEveryLibrary(String jar, String bill) throws IOException {
        String text;
        try (JarFile file = new JarFile(BrokerProcess.root().resolve(jar).toFile())) {
            ZipEntry entry = file.getEntry(bill);
            assertThat(entry).as(bill).isNotNull();
            try (InputStream in = file.getInputStream(entry)) {
                text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        assertThat(text).contains("\"bomFormat\" : \"CycloneDX\"").doesNotContain("\"serialNumber\"");
        versions(jar)
                .forEach((library, version) ->
                        assertThat(text).contains("pkg:maven/%s@%s".formatted(library.replace(':', '/'), version)));
    }
}
