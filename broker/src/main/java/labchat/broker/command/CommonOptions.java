package labchat.broker.command;

import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {

    /** When to write in color. */
    enum Color {
        auto,
        always,
        never
    }

    @Option(names = "--verbose", description = "Say more, and show where errors come from.")
    private boolean verbose;

    @Option(names = "--quiet", description = "Say only what is wrong.")
    private boolean quiet;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto (default), always or never; NO_COLOR counts too.")
    private Color color;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    private boolean version;

    boolean verbose() {
        return verbose;
    }

    boolean quiet() {
        return quiet;
    }
}
