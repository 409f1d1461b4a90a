package labchat.cli;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: a script with which a shell completes commands and options. */
@Command(
        name = "completion",
        description = {
            "Print a script that lets your shell complete commands and options:",
            "  bash  source <(NAME completion bash)",
            "  zsh   source <(NAME completion zsh)",
            "  fish  NAME completion fish > ~/.config/fish/completions/NAME.fish",
            "NAME is what you start the program by, such as an alias or a script of yours."
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What you start the program by; its own name unless given.")
    private String name;

    @Parameters(paramLabel = "SHELL", completionCandidates = Shells.class, description = "bash, zsh or fish.")
    private String shell;

    /** The shells there are scripts for. */
    private static final class Shells implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("bash", "zsh", "fish").iterator();
        }
    }

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        String command = name == null ? root.name() : name;
        if (!command.matches("[A-Za-z0-9_.-]+")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--name must be a command's name of letters, digits, _, . and -, found \"%s\"".formatted(command));
        }
        String script = switch (shell) {
            case "bash", "zsh" -> AutoComplete.bash(command, root.commandLine());
            case "fish" -> FishCompletion.script(command, root);
            default ->
                throw new ParameterException(
                        spec.commandLine(), "the shell must be bash, zsh or fish, found \"%s\"".formatted(shell));
        };
        System.out.print(script);
        System.out.flush();
        return CommandLine.ExitCode.OK;
    }
}
