package labchat.client.command;

import java.util.concurrent.Callable;
import labchat.cli.CompletionCommand;
import labchat.cli.ManCommand;
import labchat.client.options.ConnectOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line as a whole; without a command it is {@code chat}. */
@Command(
        name = "labchat",
        description = "Chat with the others of the lab over MQTT. Without a command: chat.",
        subcommands = {
            ChatCommand.class,
            SendCommand.class,
            ListenCommand.class,
            HistoryCommand.class,
            SignUpCommand.class,
            WhoCommand.class,
            RoomsCommand.class,
            CheckCommand.class,
            PartnerCommand.class,
            DemoCommand.class,
            ExplainCommand.class,
            DoctorCommand.class,
            CompletionCommand.class,
            ManCommand.class
        },
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:good",
            "1:another failure, which standard error explains",
            "2:wrong usage, no user name, or no password",
            "3:the server cannot be reached",
            "4:wrong user name or password",
            "5:the server does not allow it",
            "27:timed out",
            "130:Ctrl-C",
            "141:whoever read the output has gone"
        },
        footer = {"", "Settings with profiles: $XDG_CONFIG_HOME/labchat/config, one \"name value\" a line."})
public final class LabchatCommand implements Callable<Integer> {

    @Mixin
    ConnectOptions connect = new ConnectOptions();

    @Mixin
    ScreenOptions screen = new ScreenOptions();

    @Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT, description = "Show this and exit.")
    boolean help;

    @Option(
            names = "--version",
            versionHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show the version and exit.")
    boolean version;

    @Override
    public Integer call() throws Exception {
        return ChatCommand.chat(connect, screen.isPlain(), screen.isMenu());
    }

    /** Whether stack traces are wanted. */
    boolean debug() {
        return connect.debug();
    }
}
