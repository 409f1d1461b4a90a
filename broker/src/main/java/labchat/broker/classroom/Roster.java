package labchat.broker.classroom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TextFile;

/**
 * A list of accounts as a spreadsheet writes it: CSV with commas, semicolons or tabs, one person a line. The column
 * {@code id}, or the first, holds the account's id; the column {@code name}, or the second, a person's name. Several
 * persons may share an id.
 *
 * @param people by id, in the file's order; names joined by a comma
 * @param problems every mistake, with its line
 */
record Roster(Map<String, String> people, List<ConfigProblem> problems) {

    private static final int MOST_PEOPLE = 10_000;

    /** Reads a file; spreadsheets put a byte order mark before UTF-8, which is no part of the first field. */
    static Roster of(String name, byte[] bytes) {
        int start = bytes.length >= 3 && (bytes[0] & 0xff) == 0xef && (bytes[1] & 0xff) == 0xbb ? 3 : 0;
        return parse(TextFile.of(name, Arrays.copyOfRange(bytes, start, bytes.length)));
    }

    private static Roster parse(TextFile file) {
        Map<String, String> people = new LinkedHashMap<>();
        List<ConfigProblem> problems = new ArrayList<>(file.problems());
        int idColumn = 0;
        int nameColumn = 1;
        char separator = separator(file.lines());
        for (int number = 1; number <= Math.min(file.lines().size(), MOST_PEOPLE); number++) {
            List<String> fields = fields(file.lines().get(number - 1), separator);
            List<String> heading =
                    fields.stream().map(field -> field.toLowerCase(Locale.ROOT)).toList();
            if (number == 1 && heading.contains("id")) {
                idColumn = heading.indexOf("id");
                nameColumn = heading.indexOf("name");
                continue;
            }
            if (fields.stream().allMatch(String::isEmpty)) {
                continue;
            }
            String id = idColumn < fields.size() ? fields.get(idColumn) : "";
            Optional<String> problem = problemOf(id);
            if (problem.isPresent()) {
                problems.add(new ConfigProblem(file.name(), number, problem.get()));
                continue;
            }
            String name = nameColumn >= 0 && nameColumn < fields.size() ? fields.get(nameColumn) : "";
            people.merge(id, name, (before, more) -> more.isEmpty() ? before : before + ", " + more);
        }
        return new Roster(people, problems);
    }

    private static Optional<String> problemOf(String id) {
        if (id.isEmpty()) {
            return Optional.of("no id; expected id and name, with a comma between");
        }
        return ClassDirectory.problemOf(id);
    }

    private static char separator(List<String> lines) {
        String first = lines.isEmpty() ? "" : lines.get(0);
        return first.indexOf(';') >= 0 ? ';' : first.indexOf('\t') >= 0 ? '\t' : ',';
    }

    /** Fields in double quotes may hold the separator; a doubled quote in them is one. */
    private static List<String> fields(String line, char separator) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }
}
