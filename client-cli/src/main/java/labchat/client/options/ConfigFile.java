package labchat.client.options;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration file: one {@code name value} a line, {@code #} as the first character of a comment's line. Lines
 * before the first {@code profile NAME} hold always; those after it only when that profile is asked for, and win then.
 * The file is only read, but for a preference that the user changes in the chat: then its one line is written.
 */
final class ConfigFile {

    /** The word that begins a profile. */
    static final String PROFILE = "profile";

    private final Map<Setting, String> common = new EnumMap<>(Setting.class);
    private final Map<String, Map<Setting, String>> profiles = new LinkedHashMap<>();
    private final Path path;

    private ConfigFile(Path path) {
        this.path = path;
    }

    /** Where the file is: {@code $XDG_CONFIG_HOME/labchat/config}, or {@code .config/labchat/config} at home. */
    static Optional<Path> path(Map<String, String> environment) {
        // The XDG base directory specification: a relative path is to be ignored.
        String configHome = environment.getOrDefault("XDG_CONFIG_HOME", "");
        if (configHome.startsWith("/")) {
            return Optional.of(Path.of(configHome, "labchat", "config"));
        }
        return home(environment).map(home -> home.resolve(Path.of(".config", "labchat", "config")));
    }

    /** The user's own directory. */
    static Optional<Path> home(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty()) {
            home = System.getProperty("user.home", "");
        }
        return home.isEmpty() ? Optional.empty() : Optional.of(Path.of(home));
    }

    /** Reads the file; one that does not exist sets nothing. */
    static ConfigFile read(Path path) throws UsageException {
        try {
            return parse(path, Files.readString(path, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return new ConfigFile(path);
        } catch (CharacterCodingException e) {
            throw new UsageException("%s: it is not UTF-8 text".formatted(path));
        } catch (IOException e) {
            throw new UsageException("cannot read %s: %s".formatted(path, e));
        }
    }

    /** Reads the text of a file; all its problems are reported together. */
    static ConfigFile parse(Path path, String text) throws UsageException {
        ConfigFile file = new ConfigFile(path);
        List<String> problems = new ArrayList<>();
        Map<Setting, String> section = file.common;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = line.strip();
            if (content.isEmpty() || content.startsWith("#")) {
                continue;
            }
            String[] parts = content.split("\\s+", 2);
            String value = parts.length == 1 ? "" : parts[1];
            String where = "%s:%d: ".formatted(path, number);
            if (parts[0].equals(PROFILE)) {
                if (value.isEmpty() || value.contains(" ")) {
                    problems.add(where + "profile needs one name, such as: profile lab");
                    section = new EnumMap<>(Setting.class);
                } else if (file.profiles.containsKey(value)) {
                    problems.add(where + "the profile \"%s\" is there already".formatted(value));
                    section = file.profiles.get(value);
                } else {
                    section = new EnumMap<>(Setting.class);
                    file.profiles.put(value, section);
                }
                continue;
            }
            Optional<Setting> setting = Setting.of(parts[0]);
            if (setting.isEmpty()) {
                problems.add(where + unknown(parts[0]));
            } else if (!setting.get().allows(value)) {
                problems.add(where
                        + "%s must be %s, found \"%s\""
                                .formatted(parts[0], setting.get().allowed(), value));
            } else if (section.putIfAbsent(setting.get(), value) != null) {
                problems.add(where + "%s is set already in this part of the file".formatted(parts[0]));
            }
        }
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
        return file;
    }

    /**
     * Sets one name and leaves all else as it is, comments too: where the profile sets it, there, otherwise in the part
     * that holds always. The file is made if need be, and replaced in one step.
     *
     * @return why that cannot be done; empty if it was
     */
    static Optional<String> change(Path path, Optional<String> profile, Setting setting, String value) {
        try {
            List<String> lines = Files.exists(path)
                    ? new ArrayList<>(Files.readAllLines(path, StandardCharsets.UTF_8))
                    : new ArrayList<>();
            set(lines, profile, setting, value);
            // A link to a file elsewhere stays one.
            Path file = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, lines, StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("%s cannot be written: %s".formatted(path, e));
        }
    }

    private static void set(List<String> lines, Optional<String> profile, Setting setting, String value) {
        String line = setting.word() + " " + value;
        Optional<String> section = Optional.empty();
        int common = -1;
        int endOfCommon = lines.size();
        for (int i = 0; i < lines.size(); i++) {
            String[] words = lines.get(i).strip().split("\\s+", 2);
            if (words[0].equals(PROFILE)) {
                if (section.isEmpty()) {
                    endOfCommon = i;
                }
                section = Optional.of(words.length == 1 ? "" : words[1]);
            } else if (words[0].equals(setting.word())) {
                if (section.isPresent() && section.equals(profile)) {
                    lines.set(i, line);
                    return;
                }
                if (section.isEmpty()) {
                    common = i;
                }
            }
        }
        if (common >= 0) {
            lines.set(common, line);
        } else {
            lines.add(endOfCommon, line);
        }
    }

    private static String unknown(String word) {
        if (word.equals("password")) {
            return "a password does not belong in this file; write password_file and the path of a file that holds it";
        }
        return "unknown setting \"%s\"; %s"
                .formatted(
                        word,
                        Setting.like(word)
                                .map("did you mean %s?"::formatted)
                                .orElse("known are " + String.join(", ", known())));
    }

    private static List<String> known() {
        List<String> words = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            words.add(setting.word());
        }
        words.add(PROFILE);
        return words;
    }

    /** What the file says under a profile, or without one. */
    Map<Setting, String> settings(Optional<String> profile) throws UsageException {
        Map<Setting, String> result = new EnumMap<>(Setting.class);
        result.putAll(common);
        if (profile.isPresent()) {
            Map<Setting, String> section = profiles.get(profile.get());
            if (section == null) {
                throw new UsageException(
                        profiles.isEmpty()
                                ? "no profile \"%s\": %s has no profiles".formatted(profile.get(), path)
                                : "no profile \"%s\" in %s; it has %s"
                                        .formatted(profile.get(), path, String.join(", ", profiles.keySet())));
            }
            result.putAll(section);
        }
        return result;
    }
}
