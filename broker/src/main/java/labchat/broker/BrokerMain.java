package labchat.broker;

import labchat.broker.command.CommandLineRunner;

/** Where {@code java -jar broker.jar} begins. */
public final class BrokerMain {

    private BrokerMain() {}

    /** Runs the command that the arguments name and ends the process with its status: 0 good, 1 failure, 2 usage. */
    public static void main(String[] args) {
        // Netty reads this once, when its classes load: without it the guard stands in nobody's way.
        System.setProperty("io.netty.bootstrap.extensions", "serviceload");
        // Newer Java gives a console even where there is no terminal; then a password would be asked of nobody.
        System.setProperty("jdk.console", "java.base");
        System.exit(CommandLineRunner.run(args));
    }
}
