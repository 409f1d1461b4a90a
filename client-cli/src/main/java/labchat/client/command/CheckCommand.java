package labchat.client.command;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.session.ConnectSettings;
import labchat.client.session.Interest;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.client.ui.Output;
import labchat.client.ui.Output.OutputException;
import labchat.client.ui.TerminalPasswordPrompt;
import labchat.protocol.event.StepsAnswer;
import labchat.protocol.event.StepsRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code check}: says how far one's own program is with a step of the lab. The server, which sees what that program does,
 * tells it; this connection subscribes to nothing but the answers, so it takes no message from the program and sends no
 * receipt.
 */
@Command(
        name = "check",
        description = {
            "Watch what your own program does, and say which parts of a step of the lab work, which do not",
            "yet, and why. Ends when all work, or with Ctrl-C. Exit code 0: all parts work; 1: not all.",
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class CheckCommand implements Callable<Integer> {

    /** Those that the server knows; named here too, so that a mistake is told before a password is asked for. */
    private static final Set<Integer> STEPS = Set.of(2, 3, 4);

    @ParentCommand
    private LabchatCommand parent;

    @Option(names = "--step", paramLabel = "NUMBER", required = true, description = "The step of the lab: 2, 3 or 4.")
    private int step;

    @Option(
            names = "--for",
            paramLabel = "SPAN",
            converter = Span.class,
            description = "End after this time, such as 90s or 5m.")
    private Duration limit;

    @Option(
            names = "--json",
            description = {
                "One JSON object for each part, at the start and when it changes: step, part, state (open,",
                "done or wrong), at, detail, code, reason, hint."
            })
    private boolean json;

    @Override
    public Integer call() throws UsageException, CommandFailure, InterruptedException {
        if (!STEPS.contains(step)) {
            throw new UsageException(
                    "--step %d: there are the steps 2, 3 and 4; docs/students.md tells what each is".formatted(step));
        }
        ResolvedOptions options = parent.connect.resolve(System.getenv(), Optional.of(new TerminalPasswordPrompt()));
        return new Checking(options.connection(), json ? Output.utf8() : Output.standard()).run(options);
    }

    /** The command at work. */
    private final class Checking implements SessionEvent.Visitor<Optional<SessionFailure>> {

        private final ConnectSettings settings;
        private final Output output;
        private final CheckReport report;
        private final String run =
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        private Mailbox mailbox;
        private String seen = "";
        private boolean asking;
        private boolean ended;
        /** The command has come to its end by itself. */
        private volatile boolean left;
        /** A signal is about to end the process; nothing else is told any more. */
        private volatile boolean signalled;

        Checking(ConnectSettings settings, Output output) {
            this.settings = settings;
            this.output = output;
            this.report = new CheckReport(settings.user(), step, json, ZoneId.systemDefault());
        }

        int run(ResolvedOptions options) throws InterruptedException, CommandFailure {
            try (Mailbox opened = Mailbox.openWithoutHook(
                    options,
                    Interest.asking(StepsRequest.LEVEL),
                    Clock.systemUTC(),
                    this::take,
                    Optional.ofNullable(limit))) {
                mailbox = opened;
                ShutdownHook.atExit(() -> interrupted(opened));
                boolean goesOn = true;
                while (goesOn && !report.isDone()) {
                    goesOn = opened.take();
                }
            } finally {
                left = !signalled;
            }
            return end();
        }

        /** Ctrl-C asks for the summary, and is no failure by itself. */
        private void interrupted(Mailbox opened) {
            if (left) {
                return;
            }
            signalled = true;
            opened.close();
            try {
                int code = end();
                Runtime.getRuntime().halt(code);
            } catch (CommandFailure e) {
                Runtime.getRuntime().halt(e.exitCode());
            }
        }

        private synchronized int end() throws CommandFailure {
            if (!ended) {
                ended = true;
                print(report.summary());
            }
            return report.isDone() ? ExitCode.GOOD : ExitCode.FAILURE;
        }

        private void take(SessionEvent event) throws CommandFailure {
            Optional<SessionFailure> failure = event.accept(this);
            if (failure.isPresent()) {
                throw new CommandFailure(failure.get());
            }
        }

        private void ask() {
            if (!asking) {
                asking = true;
                mailbox.ask(
                        new ServerRequest.Steps(new StepsRequest(settings.user(), step, run, seen)), this::answered);
            }
        }

        private void answered(Optional<StepsAnswer> answer, Optional<SessionFailure> failure) throws CommandFailure {
            asking = false;
            if (signalled) {
                return;
            }
            if (answer.isPresent()) {
                seen = answer.get().version();
                synchronized (this) {
                    if (!ended) {
                        print(report.take(answer.get()));
                    }
                }
                ask();
            } else if (failure.isPresent()
                    && !seen.isEmpty()
                    && failure.get().kind() == SessionFailure.Kind.TIMED_OUT) {
                // A busy server; it has answered before.
                ask();
            } else if (failure.isPresent() && failure.get().kind() != SessionFailure.Kind.UNAVAILABLE) {
                throw new CommandFailure(failure.get());
            }
        }

        private void print(List<String> lines) throws CommandFailure {
            try {
                for (String line : lines) {
                    output.line(line);
                }
            } catch (OutputException e) {
                throw CommandFailure.of(e);
            }
        }

        @Override
        public Optional<SessionFailure> connected(SessionEvent.Connected event) {
            if (event.again()) {
                ErrorReport.note("connected again");
            }
            ask();
            return Optional.empty();
        }

        @Override
        public Optional<SessionFailure> connectionLost(SessionEvent.ConnectionLost event) {
            ErrorReport.note("connection lost: %s; it is made again by itself".formatted(event.reason()));
            return Optional.empty();
        }

        @Override
        public Optional<SessionFailure> ended(SessionEvent.Ended event) {
            // After a signal it is this command that has ended it.
            return signalled ? Optional.empty() : Optional.of(event.failure());
        }

        @Override
        public Optional<SessionFailure> arrived(SessionEvent.Arrived event) {
            return Optional.empty();
        }

        @Override
        public Optional<SessionFailure> malformed(SessionEvent.Malformed event) {
            return Optional.empty();
        }

        @Override
        public Optional<SessionFailure> presence(SessionEvent.Presence event) {
            return Optional.empty();
        }

        @Override
        public Optional<SessionFailure> diagnostics(SessionEvent.Diagnostics event) {
            return Optional.empty();
        }

        @Override
        public Optional<SessionFailure> unsent(SessionEvent.Unsent event) {
            return Optional.empty();
        }

        @Override
        public Optional<SessionFailure> rooms(SessionEvent.Rooms event) {
            return Optional.empty();
        }

        @Override
        public Optional<SessionFailure> notice(SessionEvent.NoticeCame event) {
            return Optional.empty();
        }

        @Override
        public Optional<SessionFailure> caughtUp(SessionEvent.CaughtUp event) {
            return Optional.empty();
        }
    }
}
