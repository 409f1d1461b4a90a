package labchat.broker.users;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TextFile;
import labchat.protocol.identity.ChatId;

/**
 * A parsed {@code password_file}, in Mosquitto's format: {@code name:hash} lines; a line whose first character is
 * {@code #} is a comment, an empty line is passed over.
 */
public final class UsersFile {

    /** What the password in the file itself is called, where a user has several. */
    public static final String FIRST_PASSWORD = "first";

    private final String name;
    private final Map<String, PasswordHash> accounts;
    private final MorePasswords more;
    private final List<ConfigProblem> problems;

    private UsersFile(
            String name, Map<String, PasswordHash> accounts, MorePasswords more, List<ConfigProblem> problems) {
        this.name = name;
        this.accounts = accounts;
        this.more = more;
        this.problems = List.copyOf(problems);
    }

    /** Reads a file and the one with further passwords beside it; that there is none is a problem like any other. */
    public static UsersFile read(Path path) {
        UsersFile file = parse(TextFile.read(
                path, "name another with --users or password_file, or make one with: users add --users FILE NAME"));
        MorePasswords more = MorePasswords.read(path);
        List<ConfigProblem> problems = new ArrayList<>(file.problems);
        problems.addAll(more.problems());
        return new UsersFile(file.name, file.accounts, more, problems);
    }

    /** Reads lines. */
    public static UsersFile parse(TextFile file) {
        Map<String, PasswordHash> accounts = new LinkedHashMap<>();
        Map<String, Integer> seen = new HashMap<>();
        List<ConfigProblem> problems = new ArrayList<>(file.problems());
        for (int number = 1; number <= file.lines().size(); number++) {
            String line = file.lines().get(number - 1);
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            Optional<String> problem = account(line, number, accounts, seen);
            if (problem.isPresent()) {
                problems.add(new ConfigProblem(file.name(), number, problem.get()));
            }
        }
        return new UsersFile(file.name(), accounts, MorePasswords.none(), problems);
    }

    /** Takes one line in; what is wrong with it, if anything is, with nothing of the password in it. */
    private static Optional<String> account(
            String line, int number, Map<String, PasswordHash> accounts, Map<String, Integer> seen) {
        Optional<String> user = nameIn(line);
        if (user.isEmpty()) {
            return Optional.of("no colon; expected name:hash, or # as the first character of a comment");
        }
        Optional<String> problem = problemOfName(user.get());
        if (problem.isPresent()) {
            return problem;
        }
        Integer first = seen.putIfAbsent(user.get(), number);
        if (first != null) {
            return Optional.of(
                    "the name \"%s\" is already in line %d; remove one of the two".formatted(user.get(), first));
        }
        try {
            accounts.put(user.get(), PasswordHash.parse(TextFile.trimmed(line.substring(line.indexOf(':') + 1))));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("user \"%s\": %s".formatted(user.get(), e.getMessage()));
        }
    }

    /** The name that a line is about; empty for comments and what has no colon. */
    static Optional<String> nameIn(String line) {
        int colon = line.indexOf(':');
        if (line.startsWith("#") || colon < 0) {
            return Optional.empty();
        }
        return Optional.of(TextFile.trimmed(line.substring(0, colon)));
    }

    /** Why nobody can log in by this name; empty if somebody can. */
    public static Optional<String> problemOfName(String user) {
        if (user.isEmpty()) {
            return Optional.of("the name is empty");
        }
        if (user.equals(ChatId.SERVER.value())) {
            return Optional.of("the name \"server\" is the server's own and nobody's login");
        }
        for (int i = 0; i < user.length(); i++) {
            char c = user.charAt(i);
            if (c == ':' || Character.isISOControl(c)) {
                return Optional.of("the name has the forbidden character U+%04X at index %d".formatted((int) c, i));
            }
        }
        if (user.startsWith("#")) {
            return Optional.of("the name must not begin with #, which begins a comment");
        }
        return Optional.empty();
    }

    /** The file's name as it was given. */
    public String name() {
        return name;
    }

    /** The accounts' names in the file's order; those of bad lines are missing. */
    public Collection<String> names() {
        return List.copyOf(accounts.keySet());
    }

    /** The account's hash. */
    public Optional<PasswordHash> hash(String user) {
        return Optional.ofNullable(accounts.get(user));
    }

    /** The names of the account's passwords, {@value #FIRST_PASSWORD} first. */
    public List<String> passwordsOf(String user) {
        List<String> names = new ArrayList<>(List.of(FIRST_PASSWORD));
        names.addAll(more.byUser().getOrDefault(user, Map.of()).keySet());
        return names;
    }

    /** Every mistake of the file; with one of them the file must not be used. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /**
     * The names whose password is the name itself, in the file's order. Costs one verification for each account, spread
     * over the processors: tens of milliseconds for a class.
     */
    public List<String> demoAccounts() {
        return accounts.entrySet().parallelStream()
                .filter(account -> isDemo(account.getKey(), account.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Whether some name's password is the name itself; ends at the first.
     *
     * @param checked accounts that were found good before are not checked again
     */
    public boolean hasDemoPasswords(CheckedPasswords checked) {
        return accounts.entrySet().parallelStream()
                .filter(account -> !checked.isGood(account.getKey(), account.getValue()))
                .anyMatch(account -> isDemo(account.getKey(), account.getValue()));
    }

    private static boolean isDemo(String user, PasswordHash hash) {
        return hash.verify(user.getBytes(StandardCharsets.UTF_8));
    }

    Map<String, PasswordHash> accounts() {
        return accounts;
    }

    /** All passwords by user and name; of those that have an account. */
    Map<String, Map<String, PasswordHash>> passwords() {
        Map<String, Map<String, PasswordHash>> all = new LinkedHashMap<>();
        accounts.forEach((user, hash) -> {
            Map<String, PasswordHash> own = new LinkedHashMap<>();
            own.put(FIRST_PASSWORD, hash);
            own.putAll(more.byUser().getOrDefault(user, Map.of()));
            all.put(user, own);
        });
        return all;
    }
}
