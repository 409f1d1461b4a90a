package labchat.broker.users;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TextFile;

/**
 * Further passwords of users, each with a name such as {@code phone}: {@code user:name:hash} lines in the file
 * {@code <password_file>.more} beside Mosquitto's, which has room for one password a user. Lines of users that are not in
 * that file count for nothing.
 *
 * @param byUser hashes by user and name, in the file's order
 * @param problems every mistake; with one of them the file must not be used
 */
record MorePasswords(Map<String, Map<String, PasswordHash>> byUser, List<ConfigProblem> problems) {

    /** Each is tried at a login, and each try takes tens of milliseconds. */
    static final int MOST = 4;

    private static final String NAME = "[A-Za-z0-9_-]{1,32}";

    /** Where those for a password file are. */
    static Path fileOf(Path passwordFile) {
        return passwordFile.resolveSibling(passwordFile.getFileName() + ".more");
    }

    static MorePasswords none() {
        return new MorePasswords(Map.of(), List.of());
    }

    /** Those for a password file; none if there is no such file. */
    static MorePasswords read(Path passwordFile) {
        Path file = fileOf(passwordFile);
        return Files.exists(file) ? parse(TextFile.read(file, "it is made by: users passwd add")) : none();
    }

    static MorePasswords parse(TextFile file) {
        Map<String, Map<String, PasswordHash>> byUser = new LinkedHashMap<>();
        List<ConfigProblem> problems = new ArrayList<>(file.problems());
        for (int number = 1; number <= file.lines().size(); number++) {
            String line = file.lines().get(number - 1);
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            Optional<String> problem = take(line, byUser);
            if (problem.isPresent()) {
                problems.add(new ConfigProblem(file.name(), number, problem.get()));
            }
        }
        return new MorePasswords(byUser, List.copyOf(problems));
    }

    private static Optional<String> take(String line, Map<String, Map<String, PasswordHash>> byUser) {
        String[] parts = line.split(":", 3);
        if (parts.length < 3) {
            return Optional.of("expected user:name:hash, or # as the first character of a comment");
        }
        Optional<String> problem = problemOfName(parts[1]);
        if (problem.isPresent()) {
            return problem;
        }
        Map<String, PasswordHash> own = byUser.computeIfAbsent(parts[0], user -> new LinkedHashMap<>());
        if (own.containsKey(parts[1])) {
            return Optional.of(
                    "user \"%s\" has a password \"%s\" already; remove one of the two".formatted(parts[0], parts[1]));
        }
        if (own.size() == MOST) {
            return Optional.of("user \"%s\" has more than %d further passwords".formatted(parts[0], MOST));
        }
        try {
            own.put(parts[1], PasswordHash.parse(TextFile.trimmed(parts[2])));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("user \"%s\", password \"%s\": %s".formatted(parts[0], parts[1], e.getMessage()));
        }
    }

    /** Why a password cannot have this name; empty if it can. */
    static Optional<String> problemOfName(String name) {
        if (name.equals(UsersFile.FIRST_PASSWORD)) {
            return Optional.of("\"%s\" is the password in the password file itself; choose another name"
                    .formatted(UsersFile.FIRST_PASSWORD));
        }
        return name.matches(NAME)
                ? Optional.empty()
                : Optional.of(
                        "a password's name is 1 to 32 of the characters A-Z a-z 0-9 _ -, found \"%s\"".formatted(name));
    }
}
