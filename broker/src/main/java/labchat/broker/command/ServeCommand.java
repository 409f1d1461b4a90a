package labchat.broker.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code serve}: starts the broker. */
@Command(
        name = "serve",
        description = "Starts the broker (the default).",
        versionProvider = Version.class,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Mixin
    private ServeOptions options;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        boolean verbose = common.verbose() || root.common().verbose();
        boolean quiet = common.quiet() || root.common().quiet();
        return new Serve(options.over(root.options()), verbose, quiet).run();
    }
}
