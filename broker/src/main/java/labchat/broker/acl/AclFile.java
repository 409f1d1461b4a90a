package labchat.broker.acl;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TextFile;

/**
 * A parsed {@code acl_file}, in Mosquitto's format (mosquitto.conf(5), {@code acl_file}, and the parser of its 2.1):
 * words are separated by spaces, {@code #} begins a comment only as the first character of a line, white space at the
 * end of a line is cut.
 *
 * @param rules in the file's order; those of bad lines are missing
 * @param problems every mistake of the file; with one of them the file must not be used
 * @param warnings what is allowed but hardly meant
 */
public record AclFile(List<AclRule> rules, List<ConfigProblem> problems, List<ConfigProblem> warnings) {

    public AclFile {
        rules = List.copyOf(rules);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** Reads a file; that there is none is a problem like any other. */
    public static AclFile read(Path path) {
        return parse(TextFile.read(path, "name another with --acl or acl_file"));
    }

    /** Reads lines. */
    public static AclFile parse(TextFile file) {
        Parser parser = new Parser(file.name());
        parser.problems.addAll(file.problems());
        for (String line : file.lines()) {
            parser.next(line);
        }
        return new AclFile(parser.rules, parser.problems, parser.warnings);
    }

    private static final class Parser {
        private final String name;
        private final List<AclRule> rules = new ArrayList<>();
        private final List<ConfigProblem> problems = new ArrayList<>();
        private final List<ConfigProblem> warnings = new ArrayList<>();
        private Optional<String> user = Optional.empty();
        private int number;

        Parser(String name) {
            this.name = name;
        }

        void next(String line) {
            number++;
            if (line.isEmpty() || line.charAt(0) == '#') {
                return;
            }
            Words words = new Words(line);
            String first = words.next();
            switch (first) {
                case "topic" -> rule(AclRule.Kind.TOPIC, line, words);
                case "pattern" -> rule(AclRule.Kind.PATTERN, line, words);
                case "user" -> user(words);
                default -> unknown(first);
            }
        }

        private void user(Words words) {
            String who = words.rest();
            if (who.isEmpty()) {
                problem("\"user\" without a name; expected user NAME");
            } else {
                user = Optional.of(who);
            }
        }

        private void rule(AclRule.Kind kind, String line, Words words) {
            String second = words.next();
            if (second.isEmpty()) {
                problem("no topic; expected %1$s [read|write|readwrite|deny] FILTER".formatted(word(kind)));
                return;
            }
            String filter = words.rest();
            AclRule.Access access;
            if (filter.isEmpty()) {
                // A single word is the filter, even if it is "read".
                filter = second;
                access = AclRule.Access.READWRITE;
                if (AclRule.Access.ofWord(second).isPresent()) {
                    warn("\"%s\" is taken as the topic, with readwrite access; write the topic behind it if it was"
                                    .formatted(second)
                            + " meant as the access");
                }
            } else {
                Optional<AclRule.Access> known = AclRule.Access.ofWord(second);
                if (known.isEmpty()) {
                    problem("unknown access \"%s\"; expected read, write, readwrite or deny".formatted(second));
                    return;
                }
                access = known.get();
            }
            Optional<String> bad = misplacedWildcard(filter);
            if (bad.isPresent()) {
                problem("topic filter \"%s\": %s".formatted(filter, bad.get()));
                return;
            }
            if (kind == AclRule.Kind.PATTERN) {
                warnOfPlaceholders(filter);
            } else if (filter.contains("%u") || filter.contains("%c")) {
                warn("%u and %c stand for names only in a pattern line; here they are ordinary characters");
            }
            rules.add(new AclRule(
                    kind,
                    kind == AclRule.Kind.TOPIC ? user : Optional.empty(),
                    access,
                    filter,
                    new RuleOrigin(name, number, line)));
        }

        private void warnOfPlaceholders(String filter) {
            for (String level : filter.split("/", -1)) {
                if (level.length() > 2 && (level.contains("%u") || level.contains("%c"))) {
                    warn("the level \"%s\" is taken as it is written: %%u and %%c stand for names only as whole levels"
                            .formatted(level));
                }
            }
        }

        private void unknown(String first) {
            if (first.startsWith("#")) {
                problem("a comment must begin with # as the first character of its line, without spaces before it");
            } else if (first.indexOf('\t') >= 0) {
                problem("\"%s\" has a tab in it; separate words by spaces".formatted(first.replace('\t', ' ')));
            } else {
                problem("unknown word \"%s\"; expected topic, pattern or user".formatted(first));
            }
        }

        private void problem(String message) {
            problems.add(new ConfigProblem(name, number, message));
        }

        private void warn(String message) {
            warnings.add(new ConfigProblem(name, number, message));
        }

        private static String word(AclRule.Kind kind) {
            return kind == AclRule.Kind.TOPIC ? "topic" : "pattern";
        }
    }

    /**
     * Where a wildcard is not a whole level, or # not the last. The broker's limits on clients' filters do not hold for
     * rules: a longer one is as good, it only never matches.
     */
    private static Optional<String> misplacedWildcard(String filter) {
        int last = filter.length() - 1;
        for (int i = 0; i <= last; i++) {
            char c = filter.charAt(i);
            if (c != '+' && c != '#') {
                continue;
            }
            if (i > 0 && filter.charAt(i - 1) != '/' || i < last && filter.charAt(i + 1) != '/') {
                return Optional.of("%c must be a whole level, found at index %d".formatted(c, i));
            }
            if (c == '#' && i < last) {
                return Optional.of("# must be the last level, found at index %d".formatted(i));
            }
        }
        return Optional.empty();
    }

    /** A line's words, separated by spaces only. */
    private static final class Words {
        private final String line;
        private int at;

        Words(String line) {
            this.line = line;
        }

        /** The next word; empty at the end. */
        String next() {
            while (at < line.length() && line.charAt(at) == ' ') {
                at++;
            }
            int start = at;
            while (at < line.length() && line.charAt(at) != ' ') {
                at++;
            }
            return line.substring(start, at);
        }

        /** All that is left, spaces inside included. */
        String rest() {
            return TextFile.trimmed(line.substring(at));
        }
    }
}
