package labchat.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes a manual page, in the language of man(7), from the model that {@code --help} is made from. */
final class ManPage {

    private final List<String> lines = new ArrayList<>();

    private ManPage() {}

    /** @param name of the command as it is typed */
    static String page(String name, CommandSpec root) {
        ManPage page = new ManPage();
        page.whole(name, root);
        return String.join("\n", page.lines) + "\n";
    }

    private void whole(String name, CommandSpec root) {
        // What follows the first line is about the machine, and a page is made on one and read on another.
        String version = root.version().length == 0 ? "" : root.version()[0];
        lines.add(".\\\" Made from the description that --help is made from.");
        lines.add(".TH %s 1 \"\" %s \"\"".formatted(quoted(name.toUpperCase(Locale.ROOT)), quoted(version)));
        section("NAME");
        lines.add("%s \\- %s"
                .formatted(escaped(name), escaped(Model.description(root).orElse(name))));
        section("SYNOPSIS");
        synopsis(name, root);
        section("DESCRIPTION");
        paragraph(Model.words(root.usageMessage().description()));
        section("OPTIONS");
        Model.ownOptions(root).forEach(this::option);
        section("COMMANDS");
        Model.commands(root).forEach(command -> command(command.name(), command));
        notes(root);
    }

    private void section(String title) {
        lines.add(".SH " + title);
    }

    private void synopsis(String name, CommandSpec root) {
        lines.add(".B " + quoted(name));
        lines.add("[options]");
        lines.add(".br");
        lines.add(".B " + quoted(name));
        lines.add("[options] command [options]");
        if (root.subcommands().isEmpty()) {
            lines.subList(lines.size() - 3, lines.size()).clear();
        }
    }

    private void command(String path, CommandSpec command) {
        lines.add(".SS " + quoted(path));
        String[] description = command.usageMessage().description();
        if (description.length > 0) {
            paragraph(Model.words(description[0]));
        }
        for (int i = 1; i < description.length; i++) {
            // The rest of a description is laid out line by line.
            lines.add(".br");
            lines.add(text(Ansi.OFF.string(description[i])));
        }
        command.positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .forEach(this::parameter);
        Model.ownOptions(command).forEach(this::option);
        Model.commands(command).forEach(below -> command(path + " " + below.name(), below));
    }

    private void parameter(PositionalParamSpec parameter) {
        lines.add(".TP");
        lines.add(".I " + quoted(parameter.paramLabel()));
        described(parameter);
    }

    private void option(OptionSpec option) {
        lines.add(".TP");
        String value = option.arity().max() == 0 ? "" : (longest(option) ? "=" : " ") + option.paramLabel();
        lines.add(".B " + quoted(String.join(", ", option.names()) + value));
        described(option);
    }

    private static boolean longest(OptionSpec option) {
        return option.longestName().startsWith("--");
    }

    private void described(ArgSpec argument) {
        lines.add(text(Model.words(argument.description())));
    }

    private void notes(CommandSpec root) {
        CommandLine.Model.UsageMessageSpec usage = root.usageMessage();
        if (!usage.exitCodeList().isEmpty()) {
            section("EXIT STATUS");
            usage.exitCodeList().forEach((code, words) -> {
                lines.add(".TP");
                lines.add(".B " + quoted(code.strip()));
                lines.add(text(words));
            });
        }
        String footer = Model.words(usage.footer());
        if (!footer.isEmpty()) {
            section("NOTES");
            paragraph(footer);
        }
    }

    private void paragraph(String words) {
        if (!words.isEmpty()) {
            lines.add(text(words));
        }
    }

    /** A line of text; one that begins like a request is not taken for one. */
    private static String text(String words) {
        String escaped = escaped(words);
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    /** An argument of a request. */
    private static String quoted(String words) {
        return "\"" + escaped(words).replace("\"", "\\(dq") + "\"";
    }

    private static String escaped(String words) {
        StringBuilder text = new StringBuilder();
        words.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> text.append("\\e");
                case '-' -> text.append("\\-");
                case '`' -> text.append("\\(ga");
                case '^' -> text.append("\\(ha");
                case '~' -> text.append("\\(ti");
                case '\n' -> text.append(' ');
                default -> {
                    if (c > 0x7e) {
                        text.append("\\[u%04X]".formatted(c));
                    } else {
                        text.appendCodePoint(c);
                    }
                }
            }
        });
        return text.toString();
    }
}
