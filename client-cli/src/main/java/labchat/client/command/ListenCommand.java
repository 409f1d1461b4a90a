package labchat.client.command;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.session.ConnectSettings;
import labchat.client.session.Interest;
import labchat.client.session.SessionEvent;
import labchat.client.ui.ListenView;
import labchat.client.ui.Output;
import labchat.client.ui.Output.OutputException;
import labchat.client.ui.TerminalPasswordPrompt;
import labchat.client.ui.Terminals;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.MessageId;
import labchat.protocol.topic.ChatKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code listen}: prints what comes in, for scripts. */
@Command(
        name = "listen",
        description = "Print the messages, receipts and typing hints that come in, until Ctrl-C.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class ListenCommand implements Callable<Integer> {

    @ParentCommand
    private LabchatCommand parent;

    @Option(
            names = "--json",
            description = {
                "One JSON object a line: received_at, topic, qos, kind, payload; also what the server",
                "explains of mistakes, with the kind \"diagnostics\"."
            })
    private boolean json;

    @Option(names = "-C", paramLabel = "COUNT", description = "Exit after so many lines.")
    private String count;

    @Option(
            names = "-W",
            paramLabel = "SECONDS",
            converter = Seconds.class,
            description = "Exit with code 27 after so many seconds.")
    private Duration timeout;

    @Option(names = "--no-receipts", description = "Do not tell senders that their messages were delivered.")
    private boolean noReceipts;

    @Override
    public Integer call() throws UsageException, CommandFailure, InterruptedException {
        int lines = lines();
        Map<String, String> environment = System.getenv();
        ResolvedOptions options = parent.connect.resolve(environment, Optional.of(new TerminalPasswordPrompt()));
        boolean color = options.color().isOn(Terminals.isInteractive(), environment);
        Output output = json ? Output.utf8() : Output.standard();
        new Listening(options, output, new ListenView(color, output.isUnicode(), ZoneId.systemDefault())).run(lines);
        return ExitCode.GOOD;
    }

    private int lines() throws UsageException {
        if (count == null) {
            return Integer.MAX_VALUE;
        }
        if (!count.matches("[1-9][0-9]{0,8}")) {
            throw new UsageException("-C must be a number of lines, 1 or more, found \"%s\"".formatted(count));
        }
        return Integer.parseInt(count);
    }

    /** The command at work. */
    private final class Listening implements SessionEvent.Visitor<Optional<CommandFailure>> {

        /** How many messages are remembered, so that a repeated one is printed once. */
        private static final int REMEMBERED = 10_000;

        private final ResolvedOptions options;
        private final ConnectSettings settings;
        private final Output output;
        private final ListenView view;
        private final Set<MessageId> seen = new LinkedHashSet<>();
        private Mailbox mailbox;
        private int printed;

        Listening(ResolvedOptions options, Output output, ListenView view) {
            this.options = options;
            this.settings = options.connection();
            this.output = output;
            this.view = view;
        }

        void run(int lines) throws InterruptedException, CommandFailure {
            Mailbox.Receiver receiver = event -> {
                if (printed == lines) {
                    return;
                }
                Optional<CommandFailure> failure = event.accept(this);
                if (failure.isPresent()) {
                    throw failure.get();
                }
            };
            try (Mailbox opened = Mailbox.open(
                    options, Interest.OWN_TREE, Clock.systemUTC(), receiver, Optional.ofNullable(timeout))) {
                mailbox = opened;
                while (printed < lines) {
                    if (!opened.take()) {
                        throw new CommandFailure(ExitCode.TIMED_OUT, timedOut(lines));
                    }
                }
                opened.settle(Duration.ofSeconds(2));
            }
        }

        private String timedOut(int lines) {
            return lines == Integer.MAX_VALUE
                    ? "the %s are over.".formatted(Seconds.words(timeout))
                    : "timed out after %s with %d of %d lines.".formatted(Seconds.words(timeout), printed, lines);
        }

        @Override
        public Optional<CommandFailure> arrived(SessionEvent.Arrived event) {
            ChatEvent chatEvent = event.event();
            boolean repeated = false;
            if (chatEvent instanceof ChatMessage message) {
                repeated = !seen.add(message.id());
                if (seen.size() > REMEMBERED) {
                    seen.remove(seen.iterator().next());
                }
            }
            if (!repeated) {
                try {
                    output.line(json ? JsonLine.of(event) : view.render(event));
                } catch (OutputException e) {
                    return Optional.of(CommandFailure.of(e));
                }
                printed++;
            }
            if (chatEvent instanceof ChatMessage message
                    && !noReceipts
                    && message.receiver().equals(settings.user())) {
                Receipt receipt = new Receipt(ChatKind.DELIVERED, settings.user(), message.sender(), message.uuid());
                mailbox.publish(
                        receipt,
                        (sent, failure) -> failure.ifPresent(why ->
                                ErrorReport.note("no receipt for %s: %s".formatted(sent.receiver(), why.message()))));
            }
            return Optional.empty();
        }

        @Override
        public Optional<CommandFailure> connected(SessionEvent.Connected event) {
            if (event.again()) {
                ErrorReport.note("connected again");
            }
            return Optional.empty();
        }

        @Override
        public Optional<CommandFailure> connectionLost(SessionEvent.ConnectionLost event) {
            ErrorReport.note("connection lost: %s; trying again in %s"
                    .formatted(
                            event.reason(),
                            Seconds.words(Duration.ofSeconds(
                                    Math.max(1, event.retryIn().toSeconds())))));
            return Optional.empty();
        }

        @Override
        public Optional<CommandFailure> ended(SessionEvent.Ended event) {
            return Optional.of(new CommandFailure(event.failure()));
        }

        @Override
        public Optional<CommandFailure> malformed(SessionEvent.Malformed event) {
            ErrorReport.note("something on %s was no chat message: %s".formatted(event.topic(), event.reason()));
            return Optional.empty();
        }

        @Override
        public Optional<CommandFailure> presence(SessionEvent.Presence event) {
            return Optional.empty();
        }

        @Override
        public Optional<CommandFailure> diagnostics(SessionEvent.Diagnostics event) {
            if (!json) {
                ErrorReport.note("the server explains: %s%s"
                        .formatted(
                                event.reason(),
                                event.hint().map(hint -> ". " + hint).orElse("")));
                return Optional.empty();
            }
            try {
                output.line(JsonLine.of(event.received(), Diagnostic.LEVEL));
            } catch (OutputException e) {
                return Optional.of(CommandFailure.of(e));
            }
            printed++;
            return Optional.empty();
        }

        @Override
        public Optional<CommandFailure> rooms(SessionEvent.Rooms event) {
            return Optional.empty();
        }

        @Override
        public Optional<CommandFailure> notice(SessionEvent.NoticeCame event) {
            return Optional.empty();
        }

        @Override
        public Optional<CommandFailure> caughtUp(SessionEvent.CaughtUp event) {
            return Optional.empty();
        }

        @Override
        public Optional<CommandFailure> unsent(SessionEvent.Unsent event) {
            return Optional.empty();
        }
    }
}
