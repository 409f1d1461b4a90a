package labchat.client.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import labchat.client.mqtt.HiveMqChatSession;
import labchat.client.mqtt.RawPublisher;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.StateDirectory;
import labchat.client.options.UsageException;
import labchat.client.practice.ListFile;
import labchat.client.practice.OddPayload;
import labchat.client.practice.Partner;
import labchat.client.practice.PartnerLoop;
import labchat.client.session.ChatSession;
import labchat.client.session.ConnectSettings;
import labchat.client.session.Interest;
import labchat.client.session.SessionEvent;
import labchat.client.ui.Output;
import labchat.client.ui.Output.OutputException;
import labchat.client.ui.TerminalPasswordPrompt;
import labchat.client.ui.TextSanitizer;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ServerTopic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code partner}: somebody to practise with, who keeps a checklist for each team. */
@Command(
        name = "partner",
        description = {
            "Be a practice partner, until Ctrl-C: answer messages, send receipts and typing hints, and keep",
            "a checklist of what each team's program can do. A message \"help\" to it tells more."
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class PartnerCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    @ParentCommand
    private LabchatCommand parent;

    @Option(names = "--as", paramLabel = "NAME", description = "The user name to log in with; the same as -u.")
    private String as;

    @Option(
            names = "--staff",
            paramLabel = "NAMES",
            split = ",",
            description = "Who may see the lists of all teams, with the message \"checklist\"; staff unless given.")
    private List<String> staff = new ArrayList<>(List.of("staff"));

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = {
                "Where the lists are kept over a restart; unless given",
                "$XDG_STATE_HOME/labchat/partner-NAME.txt, usually below ~/.local/state."
            })
    private Path state;

    @Option(
            names = "--json",
            description = {
                "One JSON object for each line of a list, at the start and when it changes:",
                "team, check, state (open, done or wrong), at, detail."
            })
    private boolean json;

    @Override
    public Integer call() throws UsageException, CommandFailure, InterruptedException {
        Map<String, String> environment = System.getenv();
        if (as != null) {
            parent.connect.as(as);
        }
        ResolvedOptions options = parent.connect.resolve(environment, Optional.of(new TerminalPasswordPrompt()));
        ConnectSettings settings = options.connection();
        Set<ChatId> readers = new HashSet<>();
        for (String name : staff) {
            Optional<String> problem = ChatId.problem(name);
            if (problem.isPresent()) {
                throw new UsageException("--staff: \"%s\": %s".formatted(name, problem.get()));
            }
            readers.add(new ChatId(name));
        }
        Path path = state != null
                ? state
                : StateDirectory.of(environment)
                        .orElseThrow(() -> new UsageException(
                                "there is no home directory to keep the lists in: name a file with --state"))
                        .resolve("partner-%s.txt".formatted(settings.user()));
        Work work = new Work(settings);
        PartnerLoop loop = new PartnerLoop(
                work,
                new ListFile(path),
                Clock.systemUTC(),
                outside -> new Partner(
                        settings.user(),
                        settings.topics(),
                        readers,
                        ZoneId.systemDefault(),
                        MessageUuid::random,
                        outside));
        ShutdownHook.closeAtExit(loop);
        try {
            throw new CommandFailure(loop.run());
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILURE,
                    "cannot read the lists in %s: %s. Mend or remove the file, or name another with --state."
                            .formatted(path, e));
        } catch (BrokenOutput e) {
            throw CommandFailure.of(e.cause());
        } finally {
            work.close();
        }
    }

    /** Nobody reads the lists any more. */
    private static final class BrokenOutput extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BrokenOutput(OutputException cause) {
            super(cause);
        }

        OutputException cause() {
            return (OutputException) getCause();
        }
    }

    /** The real server, and standard output. */
    private final class Work implements PartnerLoop.Surroundings, AutoCloseable {
        private final ConnectSettings settings;
        private final Output output = json ? Output.utf8() : Output.standard();
        private ChatSession session;

        Work(ConnectSettings settings) {
            this.settings = settings;
        }

        @Override
        public ChatSession session(Consumer<SessionEvent> listener) {
            session = HiveMqChatSession.create(settings, Interest.PRACTICE, Clock.systemUTC(), listener);
            ShutdownHook.closeAtExit(session);
            return session;
        }

        @Override
        public CompletableFuture<List<OddPayload>> sendOdd(ChatId team, List<OddPayload> payloads) {
            List<RawPublisher.Publish> publishes = payloads.stream()
                    .map(odd -> new RawPublisher.Publish(settings.topics().topic(team, odd.kind()), odd.payload()))
                    .toList();
            return RawPublisher.publish(settings, publishes).thenApply(taken -> {
                List<OddPayload> refused = new ArrayList<>();
                for (int i = 0; i < taken.size(); i++) {
                    if (!taken.get(i)) {
                        refused.add(payloads.get(i));
                    }
                }
                return refused;
            });
        }

        @Override
        public CompletableFuture<Boolean> sendChecklists(List<String> payloads) {
            String topic = settings.topics().topic(ChatId.SERVER, ServerTopic.CHECKLIST);
            return RawPublisher.publish(
                            settings,
                            payloads.stream()
                                    .map(payload -> new RawPublisher.Publish(topic, payload))
                                    .toList())
                    .thenApply(taken -> !taken.contains(false));
        }

        @Override
        public void line(Partner.Line line) {
            if (json) {
                print(JsonLine.of(line));
                return;
            }
            String time = line.at()
                    .map(at -> TIME.withZone(ZoneId.systemDefault()).format(at))
                    .orElse("--:--:--");
            String state = switch (line.state()) {
                case DONE -> "[x]";
                case WRONG -> "[!]";
                default -> "[ ]";
            };
            String detail = line.detail().isEmpty() ? "" : ": " + line.detail();
            print("%s %s %s %s%s"
                    .formatted(time, line.team(), state, line.check().title(), TextSanitizer.oneLine(detail, 400)));
        }

        private void print(String text) {
            try {
                output.line(text);
            } catch (OutputException e) {
                throw new BrokenOutput(e);
            }
        }

        @Override
        public void word(String text) {
            ErrorReport.note(text);
        }

        @Override
        public void close() {
            if (session != null) {
                session.close();
            }
        }
    }
}
