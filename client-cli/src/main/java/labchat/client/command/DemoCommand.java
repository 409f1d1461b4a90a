package labchat.client.command;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.practice.DemoSession;
import labchat.protocol.identity.ChatId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code demo}: the chat with a script at the other end, and no network. */
@Command(
        name = "demo",
        description = {
            "Try the chat without a network: a script at the other end writes, types and sends receipts, and each call",
            "that would go to the network is shown. Needs no user and no password."
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class DemoCommand implements Callable<Integer> {

    private static final ChatId SOMEBODY = new ChatId("team1a");

    @ParentCommand
    private LabchatCommand parent;

    @Mixin
    private ScreenOptions screen = new ScreenOptions();

    @Override
    public Integer call() throws UsageException, IOException, InterruptedException, CommandFailure {
        ResolvedOptions options = parent.connect.resolveWithoutLogin(System.getenv(), SOMEBODY);
        return ChatCommand.converse(
                options,
                screen.isPlain() || parent.screen.isPlain(),
                screen.isMenu() || parent.screen.isMenu(),
                Optional.empty(),
                ui -> listener -> DemoSession.create(
                        options.connection().user(),
                        options.connection().topics(),
                        Clock.systemUTC(),
                        listener,
                        ui::note));
    }
}
