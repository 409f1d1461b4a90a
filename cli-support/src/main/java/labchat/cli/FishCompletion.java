package labchat.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/** Writes what the shell fish completes with; picocli itself knows bash and zsh only. */
final class FishCompletion {

    private FishCompletion() {}

    /** @param name of the command as it is typed */
    static String script(String name, CommandSpec root) {
        List<String> lines = new ArrayList<>();
        lines.add("# Completion of %s for fish: save as ~/.config/fish/completions/%s.fish".formatted(name, name));
        lines.add("complete -c %s -f".formatted(name));
        for (CommandSpec command : Model.commands(root)) {
            lines.add("complete -c %s -n __fish_use_subcommand -a %s -d %s"
                    .formatted(
                            name,
                            quote(command.name()),
                            quote(Model.description(command).orElse(""))));
        }
        // Those that all commands share may stand anywhere.
        for (OptionSpec option : Model.ownOptions(root)) {
            boolean everywhere = option.scopeType() == ScopeType.INHERIT;
            lines.add(option(name, everywhere ? Optional.empty() : Optional.of("__fish_use_subcommand"), option));
        }
        for (CommandSpec command : Model.commands(root)) {
            options(name, command, List.of(command.name()), lines);
        }
        return String.join("\n", lines) + "\n";
    }

    private static void options(String name, CommandSpec command, List<String> path, List<String> lines) {
        StringBuilder seen = new StringBuilder();
        for (String word : path) {
            seen.append(seen.isEmpty() ? "" : "; and ")
                    .append("__fish_seen_subcommand_from ")
                    .append(word);
        }
        for (OptionSpec option : Model.ownOptions(command)) {
            lines.add(option(name, Optional.of(seen.toString()), option));
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            List<String> choices = Model.choices(parameter);
            if (!choices.isEmpty()) {
                lines.add("complete -c %s -n %s -a %s -d %s"
                        .formatted(
                                name,
                                quote(seen.toString()),
                                quote(String.join(" ", choices)),
                                quote(Model.words(parameter.description()))));
            }
        }
        for (CommandSpec below : Model.commands(command)) {
            lines.add("complete -c %s -n %s -a %s -d %s"
                    .formatted(
                            name,
                            quote(seen.toString()),
                            quote(below.name()),
                            quote(Model.description(below).orElse(""))));
            List<String> further = new ArrayList<>(path);
            further.add(below.name());
            options(name, below, further, lines);
        }
    }

    private static String option(String name, Optional<String> condition, OptionSpec option) {
        StringBuilder line = new StringBuilder("complete -c ").append(name);
        condition.ifPresent(words -> line.append(" -n ").append(quote(words)));
        for (String given : option.names()) {
            if (given.startsWith("--")) {
                line.append(" -l ").append(given.substring(2));
            } else {
                line.append(" -s ").append(given.substring(1));
            }
        }
        if (option.arity().max() > 0) {
            line.append(" -r");
            List<String> choices = Model.choices(option);
            if (!choices.isEmpty()) {
                line.append(" -a ").append(quote(String.join(" ", choices)));
            } else if (Model.isPath(option)) {
                line.append(" -F");
            }
        }
        return line.append(" -d ")
                .append(quote(Model.words(option.description())))
                .toString();
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
