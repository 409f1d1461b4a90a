package labchat.broker.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A parsed {@code broker.conf}, in the form of Mosquitto's configuration: one {@code name value} a line, comments behind
 * a {@code #} at a line's beginning.
 *
 * @param values what is set, and where
 * @param problems every line that sets nothing
 */
record ConfFile(Map<Setting, SettingValue> values, List<ConfigProblem> problems) {

    static ConfFile parse(TextFile file) {
        Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
        List<ConfigProblem> problems = new ArrayList<>(file.problems());
        for (int number = 1; number <= file.lines().size(); number++) {
            String line = TextFile.trimmed(file.lines().get(number - 1));
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            int end = 0;
            while (end < line.length() && !TextFile.isSpace(line.charAt(end))) {
                end++;
            }
            SettingValue value = new SettingValue(
                    file.name(), number, line.substring(0, end), TextFile.trimmed(line.substring(end)));
            Optional<String> problem = add(value, values);
            if (problem.isPresent()) {
                problems.add(new ConfigProblem(file.name(), number, problem.get()));
            }
        }
        return new ConfFile(values, List.copyOf(problems));
    }

    private static Optional<String> add(SettingValue value, Map<Setting, SettingValue> values) {
        Optional<Setting> setting = Setting.ofWord(value.name());
        if (setting.isEmpty()) {
            return Optional.of(unknown(value.name()));
        }
        if (value.text().isEmpty()) {
            return Optional.of("%s has no value; expected %s"
                    .formatted(value.name(), setting.get().allowed()));
        }
        SettingValue first = values.putIfAbsent(setting.get(), value);
        return first == null
                ? Optional.empty()
                : Optional.of(
                        "%s is already set in line %d; remove one of the two".formatted(value.name(), first.line()));
    }

    private static String unknown(String name) {
        List<String> known = Stream.of(Setting.values()).map(Setting::word).toList();
        return Suggestion.nearest(name, known)
                .map(word -> "unknown setting \"%s\"; did you mean %s?".formatted(name, word))
                .orElseGet(() -> "unknown setting \"%s\"; known are %s".formatted(name, String.join(", ", known)));
    }
}
