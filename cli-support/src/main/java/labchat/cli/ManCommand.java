package labchat.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code man}: the manual page. */
@Command(
        name = "man",
        description = {
            "Print the manual page, to be read at once or kept:",
            "  NAME man | man -l -",
            "  NAME man > ~/.local/share/man/man1/NAME.1"
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class ManCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What you start the program by; its own name unless given.")
    private String name;

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        System.out.print(ManPage.page(name == null ? root.name() : name, root));
        System.out.flush();
        return CommandLine.ExitCode.OK;
    }
}
