package labchat.client.command;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import labchat.client.mqtt.HiveMqChatSession;
import labchat.client.options.ConnectOptions;
import labchat.client.options.Preferences;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.session.ChatSession;
import labchat.client.session.ConnectSettings;
import labchat.client.session.Interest;
import labchat.client.session.SessionEvent;
import labchat.client.ui.ChatModel;
import labchat.client.ui.ChatResult;
import labchat.client.ui.ChatUi;
import labchat.client.ui.ChatView;
import labchat.client.ui.Output;
import labchat.client.ui.PlainUi;
import labchat.client.ui.TerminalPasswordPrompt;
import labchat.client.ui.TerminalUi;
import labchat.client.ui.Terminals;
import labchat.client.ui.WireDisplay;
import labchat.client.ui.full.FullScreenUi;
import labchat.client.wire.WireLog;
import labchat.protocol.identity.MessageUuid;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code chat}: a conversation, on a terminal or over pipes. */
@Command(
        name = "chat",
        description = "Chat. /help tells what can be typed, F1 which keys there are.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class ChatCommand implements Callable<Integer> {

    @ParentCommand
    private LabchatCommand parent;

    @Mixin
    private ScreenOptions screen = new ScreenOptions();

    @Override
    public Integer call() throws Exception {
        return chat(
                parent.connect, screen.isPlain() || parent.screen.isPlain(), screen.isMenu() || parent.screen.isMenu());
    }

    static int chat(ConnectOptions connect, boolean plain, boolean menu)
            throws UsageException, IOException, InterruptedException, CommandFailure {
        ResolvedOptions options = connect.resolve(System.getenv(), Optional.of(new TerminalPasswordPrompt()));
        ConnectSettings settings = options.connection();
        Clock clock = Clock.systemUTC();
        WireLog log = new WireLog(clock);
        return converse(
                options,
                plain,
                menu,
                Optional.of(new WireDisplay(log, settings, options.wire())),
                ui -> listener -> HiveMqChatSession.create(settings, Interest.CHAT, clock, Optional.of(log), listener));
    }

    /** Makes the session of a chat, when its listener is there. */
    @FunctionalInterface
    interface Sessions {
        Function<Consumer<SessionEvent>, ChatSession> with(ChatUi ui);
    }

    /**
     * A chat on what the terminal can do.
     *
     * @param wire what shows the packets; empty if there are none
     */
    static int converse(
            ResolvedOptions options, boolean plain, boolean menu, Optional<WireDisplay> wire, Sessions sessions)
            throws IOException, InterruptedException, CommandFailure {
        Map<String, String> environment = System.getenv();
        ConnectSettings settings = options.connection();
        Preferences preferences = options.preferences();
        boolean onTerminal = Terminals.isInteractive();
        boolean color = options.color().isOn(onTerminal, environment);
        Clock clock = Clock.systemUTC();
        if (onTerminal && !plain && !menu) {
            FullScreenUi.Party party = new FullScreenUi.Party(
                    settings.user(), settings.topics(), options.contacts(), preferences, options.keeper());
            Optional<FullScreenUi> whole = FullScreenUi.open(party, color, clock);
            if (whole.isPresent()) {
                try (FullScreenUi ui = whole.get()) {
                    wire.ifPresent(ui::watch);
                    return run(ui, sessions.with(ui));
                }
            }
        }
        ChatModel model = new ChatModel(settings.user(), settings.topics(), options.contacts(), MessageUuid::random)
                .telling(preferences.receipts(), preferences.typing());
        Function<Boolean, ChatView> views = unicode -> new ChatView(color, unicode, ZoneId.systemDefault());
        if (onTerminal && !menu) {
            Optional<TerminalUi> terminal = TerminalUi.open(model, views, clock);
            if (terminal.isPresent()) {
                try (TerminalUi ui = terminal.get()) {
                    wire.ifPresent(ui::watch);
                    return run(ui, sessions.with(ui));
                }
            }
        }
        Output output = Output.standard();
        PlainUi ui = new PlainUi(model, views.apply(output.isUnicode()), System.in, output, clock, menu);
        wire.ifPresent(ui::watch);
        return run(ui, sessions.with(ui));
    }

    private static int run(ChatUi ui, Function<Consumer<SessionEvent>, ChatSession> sessions)
            throws InterruptedException, CommandFailure {
        AtomicReference<ChatSession> made = new AtomicReference<>();
        ChatResult result = ui.run(listener -> {
            ChatSession session = sessions.apply(listener);
            ShutdownHook.closeAtExit(session);
            made.set(session);
            return session;
        });
        ChatSession session = made.get();
        try {
            int unsent = result instanceof ChatResult.Left ? session.drain(Duration.ZERO) : 0;
            Optional<CommandFailure> failure = result.accept(new Ending(unsent));
            if (failure.isPresent()) {
                throw failure.get();
            }
            return ExitCode.GOOD;
        } finally {
            session.close();
        }
    }

    /**
     * What the end of a chat is for the one who started the process.
     *
     * @param unsent how many publishes the server has not acknowledged
     */
    private record Ending(int unsent) implements ChatResult.Visitor<Optional<CommandFailure>> {

        @Override
        public Optional<CommandFailure> left() {
            return unsent == 0
                    ? Optional.empty()
                    : Optional.of(new CommandFailure(
                            ExitCode.FAILURE,
                            "the server has not acknowledged the last %d of what was sent; it may be lost."
                                    .formatted(unsent)));
        }

        @Override
        public Optional<CommandFailure> failed(ChatResult.Failed result) {
            return Optional.of(new CommandFailure(result.failure()));
        }

        @Override
        public Optional<CommandFailure> interrupted() {
            return Optional.of(CommandFailure.silent(ExitCode.INTERRUPTED));
        }

        @Override
        public Optional<CommandFailure> outputLost(ChatResult.OutputLost result) {
            return Optional.of(CommandFailure.of(result.cause()));
        }
    }
}
