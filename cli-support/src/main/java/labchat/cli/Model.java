package labchat.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Questions to picocli's model that both generators ask. */
final class Model {

    private Model() {}

    /** The commands below this one that are to be seen, in the order of the help. */
    static List<CommandSpec> commands(CommandSpec spec) {
        List<CommandSpec> commands = new ArrayList<>();
        for (CommandLine line : spec.subcommands().values()) {
            CommandSpec command = line.getCommandSpec();
            if (!command.usageMessage().hidden() && !commands.contains(command)) {
                commands.add(command);
            }
        }
        return commands;
    }

    /** The options that are the command's own, in the order of the help: Java gives methods in another at each start. */
    static List<OptionSpec> ownOptions(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden() && !option.inherited())
                .sorted(Comparator.comparingInt(OptionSpec::order))
                .toList();
    }

    /** Lines of a description as plain text. */
    static String words(String... lines) {
        List<String> plain = new ArrayList<>();
        for (String line : lines) {
            plain.add(
                    Ansi.OFF.string(line.replace("%n", "\n").replace("%%", "%")).strip());
        }
        return String.join(" ", plain).strip();
    }

    /** What may be given, if it is a choice. */
    static List<String> choices(ArgSpec option) {
        Iterable<String> candidates = option.completionCandidates();
        return candidates == null
                ? List.of()
                : StreamSupport.stream(candidates.spliterator(), false).toList();
    }

    /** Whether the option's value is a path. */
    static boolean isPath(OptionSpec option) {
        String label = option.paramLabel();
        return label.contains("FILE") || label.contains("DIR");
    }

    static Optional<String> description(CommandSpec spec) {
        String[] lines = spec.usageMessage().description();
        return lines.length == 0 ? Optional.empty() : Optional.of(words(lines[0]));
    }
}
