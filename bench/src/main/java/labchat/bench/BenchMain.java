package labchat.bench;

import labchat.bench.command.BenchCommand;

/** Where the process begins. */
public final class BenchMain {

    private BenchMain() {}

    public static void main(String[] arguments) {
        System.exit(BenchCommand.execute(arguments));
    }
}
