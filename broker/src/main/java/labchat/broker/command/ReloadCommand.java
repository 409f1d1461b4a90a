package labchat.broker.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import labchat.broker.control.ControlSocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code reload}: has the broker that runs read its files anew. */
@Command(
        name = "reload",
        description = {
            "Has the running broker read users, rights, settings and certificates anew:",
            "all of them, or, if there is a mistake in any of them, none.",
            "Who has lost an account or a right is cut off at once; nobody else notices."
        },
        versionProvider = Version.class,
        sortOptions = false)
final class ReloadCommand implements Callable<Integer> {

    /** What the broker is asked. */
    static final String WORD = "reload";

    @Mixin
    private DataOptions data;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        return ask(data, WORD, "", common.quiet());
    }

    /** Asks the broker, shows what it says, and gives the exit status. */
    static int ask(DataOptions data, String word, String text, boolean quiet) {
        ControlSocket.Answer answer;
        try {
            answer = ControlSocket.ask(data.directory(), word, text);
        } catch (IOException e) {
            throw CommandFailure.failure(Messages.of(e), e);
        }
        for (String line : answer.lines()) {
            if (line.startsWith("error: ")) {
                System.err.println(Messages.error(line.substring("error: ".length())));
            } else if (line.startsWith("warning: ")) {
                System.err.println(Messages.warning(line.substring("warning: ".length())));
            } else if (answer.status() != ExitCode.GOOD) {
                System.err.println(Messages.printable(line));
            } else if (!quiet) {
                System.out.println(Messages.printable(line));
            }
        }
        return answer.status();
    }
}
