package labchat.broker.command;

import java.util.concurrent.Callable;
import labchat.cli.CompletionCommand;
import labchat.cli.ManCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code broker.jar} without a command's name: the same as {@code serve}. */
@Command(
        name = "broker.jar",
        description = "The chat broker: serves MQTT with the users and rights of two Mosquitto files.",
        subcommands = {
            ServeCommand.class,
            ClassCommand.class,
            ReloadCommand.class,
            DoctorCommand.class,
            UsersCommand.class,
            AclCommand.class,
            CertCommand.class,
            HistoryCommand.class,
            LogCommand.class,
            DiagramCommand.class,
            WeatherCommand.class,
            RecordCommand.class,
            ReplayCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            CompletionCommand.class,
            ManCommand.class
        },
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Options win over the environment (LABCHAT_ and the setting's name), and that over",
            "broker.conf (one \"name value\" a line).",
            "Exit status: 0 good, 1 failure, 2 wrong usage, settings or files."
        })
final class RootCommand implements Callable<Integer> {

    @Mixin
    private ServeOptions options;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        return new Serve(options, common.verbose(), common.quiet()).run();
    }

    ServeOptions options() {
        return options;
    }

    CommonOptions common() {
        return common;
    }
}
