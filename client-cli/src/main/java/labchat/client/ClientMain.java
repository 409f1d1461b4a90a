package labchat.client;

import java.util.List;
import labchat.client.command.CommandRunner;
import labchat.client.command.ErrorReport;

/** The entry of the client: arguments in, exit code out. */
public final class ClientMain {

    private ClientMain() {}

    /** Never returns: the process ends with the exit code. */
    public static void main(String[] arguments) {
        // From Java 24 on, Netty's use of this class prints warnings, and nothing here needs its speed.
        System.setProperty("io.netty.noUnsafe", "true");
        boolean debug = List.of(arguments).contains("--debug");
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> Runtime.getRuntime().halt(ErrorReport.defect(thrown, debug)));
        System.exit(CommandRunner.run(arguments));
    }
}
