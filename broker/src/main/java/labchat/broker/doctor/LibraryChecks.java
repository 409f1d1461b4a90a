package labchat.broker.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import labchat.cli.Finding;

/**
 * Whether one of the libraries in this program has a hole that was known when the program was made. The list is
 * {@code known-holes.csv} beside this class: comments, one of which names the list's day, a header, and a hole a line:
 * library (group:artifact), the first version that has it (empty for all), the first without it, its id, when it was
 * published, what it is.
 */
final class LibraryChecks {

    /** Written by the build. */
    private static final String LIBRARIES = "/META-INF/THIRD-PARTY.txt";

    private static final String HOLES = "known-holes.csv";
    private static final Pattern LIBRARY = Pattern.compile("\\(([\\w.-]+:[\\w.-]+):([\\w.-]+) - [^)]*\\)\\s*$");
    private static final Pattern DAY = Pattern.compile("# as of (\\d{4}-\\d{2}-\\d{2})");
    private static final int COLUMNS = 6;

    /** A line of the list. */
    record Hole(String library, String from, String before, String id, String what) {

        boolean isIn(String version) {
            return (from.isEmpty() || compare(version, from) >= 0) && compare(version, before) < 0;
        }
    }

    /** The list. */
    record Holes(String day, List<Hole> all) {

        static Holes parse(List<String> lines) {
            String day = "";
            List<Hole> all = new ArrayList<>();
            boolean header = true;
            for (String line : lines) {
                Matcher found = DAY.matcher(line);
                if (found.find()) {
                    day = found.group(1);
                }
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                if (header) {
                    header = false;
                    continue;
                }
                String[] columns = line.split(",", COLUMNS);
                if (columns.length < COLUMNS) {
                    throw new IllegalArgumentException("not six columns: " + line);
                }
                all.add(new Hole(
                        columns[0].strip(),
                        columns[1].strip(),
                        columns[2].strip(),
                        columns[3].strip(),
                        columns[5].strip()));
            }
            return new Holes(day, List.copyOf(all));
        }
    }

    private LibraryChecks() {}

    static Finding ofThisProgram() {
        Optional<List<String>> libraries = lines(LIBRARIES);
        Optional<List<String>> holes = lines(HOLES);
        if (libraries.isEmpty() || holes.isEmpty()) {
            return Finding.warning(
                    "libraries",
                    "this program does not know what it is made of, since it was not started as broker.jar",
                    "Use the packaged broker.jar.");
        }
        return check(versions(libraries.get()), Holes.parse(holes.get()));
    }

    static Finding check(Map<String, String> versions, Holes holes) {
        List<String> open = new ArrayList<>();
        for (Hole hole : holes.all()) {
            String version = versions.get(hole.library());
            if (version != null && hole.isIn(version)) {
                open.add("%s %s: %s (%s), mended in %s"
                        .formatted(hole.library(), version, hole.id(), hole.what(), hole.before()));
            }
        }
        return open.isEmpty()
                ? Finding.ok(
                        "libraries",
                        "none of %d has a hole that was known on %s".formatted(versions.size(), holes.day()))
                : Finding.problem("libraries", String.join("; ", open), "Install a newer version of this broker.");
    }

    /** Versions by group:artifact, out of the list that the build writes. */
    static Map<String, String> versions(List<String> lines) {
        Map<String, String> versions = new TreeMap<>();
        for (String line : lines) {
            Matcher found = LIBRARY.matcher(line);
            if (found.find()) {
                versions.put(found.group(1), found.group(2));
            }
        }
        return versions;
    }

    /** Numbers by value, and what is left as text: enough for versions of releases. */
    static int compare(String one, String other) {
        String[] left = one.split("[.-]");
        String[] right = other.split("[.-]");
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            String a = i < left.length ? left[i] : "0";
            String b = i < right.length ? right[i] : "0";
            boolean numbers = a.matches("\\d{1,9}") && b.matches("\\d{1,9}");
            int order = numbers ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : a.compareTo(b);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static Optional<List<String>> lines(String resource) {
        try (InputStream in = LibraryChecks.class.getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return Optional.of(reader.lines().toList());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
