package labchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

class ScriptsTest {

    @Command(
            name = "tool",
            version = "1.2",
            description = "Does it's thing.",
            footer = "More in ~/.tool.",
            exitCodeList = {"0:good", "27:timed out"},
            exitCodeListHeading = "Exit codes:%n",
            subcommands = {Send.class, Secret.class})
    private static final class Tool {
        @Option(
                names = {"-h", "--host"},
                scope = ScopeType.INHERIT,
                paramLabel = "HOST",
                description = "Where; 50%% of all.")
        private String host;

        @Option(names = "--plain", description = "Simply.")
        private boolean plain;
    }

    @Command(
            name = "send",
            description = {"Send.", ".like this"})
    private static final class Send {
        @Option(names = "--file", paramLabel = "FILE", description = "What.")
        private String file;

        @Option(names = "--color", paramLabel = "WHEN", description = "When.", completionCandidates = Colors.class)
        private String color;

        @Parameters(paramLabel = "TEXT", description = "The text \\n.")
        private String text;
    }

    private static final class Colors extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Colors() {
            super(List.of("auto", "never"));
        }
    }

    @Command(name = "secret", hidden = true, description = "Not told.")
    private static final class Secret {}

    private static CommandSpec spec() {
        return new CommandLine(new Tool()).getCommandSpec();
    }

    @Test
    void fish_completesCommandsAndOptions_eachWhereItBelongs() {
        assertThat(FishCompletion.script("t", spec()).lines())
                .contains(
                        "complete -c t -f",
                        "complete -c t -n __fish_use_subcommand -a 'send' -d 'Send.'",
                        "complete -c t -s h -l host -r -d 'Where; 50% of all.'",
                        "complete -c t -n '__fish_use_subcommand' -l plain -d 'Simply.'",
                        "complete -c t -n '__fish_seen_subcommand_from send' -l file -r -F -d 'What.'",
                        "complete -c t -n '__fish_seen_subcommand_from send' -l color -r -a 'auto never' -d 'When.'")
                .noneMatch(line -> line.contains("secret"));
    }

    @Test
    void manPage_hasAllSections_andNoTextThatIsTakenForARequest() {
        String page = ManPage.page("t", spec());

        assertThat(page.lines())
                .contains(
                        ".TH \"T\" 1 \"\" \"1.2\" \"\"",
                        "t \\- Does it's thing.",
                        ".SH OPTIONS",
                        ".B \"\\-h, \\-\\-host=HOST\"",
                        "Where; 50% of all.",
                        ".SS \"send\"",
                        "\\&.like this",
                        ".I \"TEXT\"",
                        "The text \\en.",
                        ".SH EXIT STATUS",
                        ".B \"27\"",
                        "timed out",
                        "More in \\(ti/.tool.")
                .noneMatch(line -> line.contains("secret"));
        assertThat(page.lines().filter(line -> line.startsWith(".")))
                .allMatch(line -> line.matches("\\.(\\\\\"|TH|SH|SS|TP|B|I|br)( .*)?"));
    }
}
