package labchat.client.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.session.ConnectSettings;
import labchat.client.session.Interest;
import labchat.client.session.LabClass;
import labchat.client.session.MqttVersion;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.client.ui.Output;
import labchat.client.ui.Output.OutputException;
import labchat.client.ui.TerminalPasswordPrompt;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code send}: one text to one or more receivers, for scripts. */
@Command(
        name = "send",
        description = "Send a message and exit, once the server has acknowledged it or the receiver has it.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class SendCommand implements Callable<Integer> {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** How long the server may take to send what it knows of who is connected, or its word on a mistake. */
    private static final Duration ROUND_TRIP = Duration.ofSeconds(2);

    @ParentCommand
    private LabchatCommand parent;

    @Option(
            names = "--to",
            paramLabel = "ID",
            description = "Who is to get it, a user or a room; may be given several times.")
    private List<String> to = new ArrayList<>();

    @Option(
            names = "--to-all",
            description = {
                "All contacts, each in a message of their own: those the server tells of, else those of the",
                "configuration file, else the class."
            })
    private boolean toAll;

    @Option(
            names = "--wait",
            paramLabel = "STATUS",
            description = "Wait until it is \"delivered\" to all receivers, or \"read\" by them.")
    private String waitFor;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            converter = Seconds.class,
            description = "Give up after so many seconds in all; 30 unless given.")
    private Duration timeout = DEFAULT_TIMEOUT;

    @Option(
            names = "--json",
            description = {
                "One JSON object a line for each change: to, uuid, status (sent, delivered or read),",
                "by (whose receipt it is; null for sent)."
            })
    private boolean json;

    @Parameters(paramLabel = "TEXT", arity = "1..*", description = "The text; - for standard input.")
    private List<String> words;

    @Override
    public Integer call() throws UsageException, CommandFailure, InterruptedException, IOException {
        Set<ChatId> named = receivers();
        Optional<ChatKind> awaited = awaited();
        ResolvedOptions options = parent.connect.resolve(System.getenv(), Optional.of(new TerminalPasswordPrompt()));
        String text = text();
        new Sending(options, named, awaited, text).run();
        return ExitCode.GOOD;
    }

    private Set<ChatId> receivers() throws UsageException {
        if (toAll == !to.isEmpty()) {
            throw new UsageException(
                    toAll
                            ? "give either --to or --to-all, not both"
                            : "say who is to get it: --to team2a, or --to-all");
        }
        Set<ChatId> ids = new LinkedHashSet<>();
        for (String id : to) {
            Optional<String> problem = ChatId.problem(id);
            if (problem.isPresent()) {
                throw new UsageException("--to \"%s\": %s".formatted(id, problem.get()));
            }
            ids.add(new ChatId(id));
        }
        return ids;
    }

    private Optional<ChatKind> awaited() throws UsageException {
        if (waitFor == null) {
            return Optional.empty();
        }
        return switch (waitFor.toLowerCase(Locale.ROOT)) {
            case "delivered" -> Optional.of(ChatKind.DELIVERED);
            case "read" -> Optional.of(ChatKind.READ);
            default -> throw new UsageException("--wait must be delivered or read, found \"%s\"".formatted(waitFor));
        };
    }

    private String text() throws UsageException, IOException {
        String text;
        if (words.equals(List.of("-"))) {
            int most = ProtocolLimits.DEFAULT.maxTextLength() * 4 + 2;
            byte[] bytes = System.in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new UsageException("standard input is longer than a message may be, %d characters"
                        .formatted(ProtocolLimits.DEFAULT.maxTextLength()));
            }
            try {
                text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new UsageException("standard input is not UTF-8 text");
            }
            // What echo and editors put at the end belongs to the line, not to the text.
            text = text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } else {
            text = String.join(" ", words);
        }
        int length = text.codePointCount(0, text.length());
        if (length == 0 || length > ProtocolLimits.DEFAULT.maxTextLength()) {
            throw new UsageException("a text has 1 to %d characters, this one has %d"
                    .formatted(ProtocolLimits.DEFAULT.maxTextLength(), length));
        }
        return text;
    }

    /** The command at work. */
    private final class Sending implements SessionEvent.Visitor<Void> {
        private final ResolvedOptions options;
        private final ConnectSettings settings;
        private final Set<ChatId> named;
        private final Optional<ChatKind> awaited;
        private final String text;
        private final Output output = json ? Output.utf8() : Output.standard();

        private final Set<ChatId> present = new TreeSet<>();
        private final Map<MessageUuid, ChatId> unacknowledged = new LinkedHashMap<>();
        private final Map<MessageUuid, ChatId> withoutReceipt = new LinkedHashMap<>();
        private final Set<MessageUuid> delivered = new LinkedHashSet<>();
        private final Map<ChatId, SessionFailure> failures = new LinkedHashMap<>();
        private boolean connected;
        private Optional<OutputException> outputLost = Optional.empty();
        private Optional<SessionFailure> ended = Optional.empty();

        Sending(ResolvedOptions options, Set<ChatId> named, Optional<ChatKind> awaited, String text) {
            this.options = options;
            this.settings = options.connection();
            this.named = named;
            this.awaited = awaited;
            this.text = text;
        }

        void run() throws InterruptedException, CommandFailure {
            Interest interest = Interest.sending(awaited.isPresent(), toAll);
            try (Mailbox mailbox = Mailbox.open(
                    options, interest, Clock.systemUTC(), event -> event.accept(this), Optional.of(timeout))) {
                while (!connected) {
                    take(mailbox, "no connection to " + settings.address());
                }
                if (toAll) {
                    mailbox.settle(ROUND_TRIP);
                }
                for (ChatId receiver : toAll ? everybody() : named) {
                    ChatMessage message = new ChatMessage(settings.user(), receiver, text, MessageUuid.random());
                    unacknowledged.put(message.uuid(), receiver);
                    if (awaited.isPresent()) {
                        withoutReceipt.put(message.uuid(), receiver);
                    }
                    mailbox.publish(message, this::published);
                }
                while (!unacknowledged.isEmpty()) {
                    take(mailbox, "no acknowledgement by the server for " + list(unacknowledged.values()));
                }
                while (!withoutReceipt.isEmpty()) {
                    take(mailbox, "no (%s) from %s".formatted(awaited.orElseThrow(), list(withoutReceipt.values())));
                }
                if (settings.version() == MqttVersion.V3_1_1) {
                    // There, a refused publish is acknowledged like any other; why, comes as a message.
                    mailbox.settle(ROUND_TRIP);
                }
            }
            if (outputLost.isPresent()) {
                throw CommandFailure.of(outputLost.get());
            }
            throwFailures();
        }

        private Collection<ChatId> everybody() {
            if (options.contacts().isPresent()) {
                return options.contacts().get();
            }
            return present.isEmpty() ? LabClass.without(settings.user()) : present;
        }

        private void take(Mailbox mailbox, String missing) throws InterruptedException, CommandFailure {
            if (!mailbox.take()) {
                throw new CommandFailure(
                        ExitCode.TIMED_OUT, "timed out after %s: %s.".formatted(Seconds.words(timeout), missing));
            }
            if (outputLost.isPresent()) {
                throw CommandFailure.of(outputLost.get());
            }
            if (ended.isPresent()) {
                throw new CommandFailure(ended.get());
            }
        }

        private void published(ChatEvent event, Optional<SessionFailure> failure) {
            MessageUuid uuid = ((ChatMessage) event).uuid();
            unacknowledged.remove(uuid);
            if (json && failure.isEmpty()) {
                print(JsonLine.of(event.receiver(), uuid, "sent", Optional.empty()));
            }
            failure.ifPresent(why -> {
                withoutReceipt.remove(uuid);
                failures.put(event.receiver(), why);
            });
        }

        private void throwFailures() throws CommandFailure {
            if (failures.isEmpty()) {
                return;
            }
            SessionFailure first = failures.values().iterator().next();
            throw new CommandFailure(
                    ExitCode.of(first.kind()),
                    failures.entrySet().stream()
                            .map(entry -> "not sent to %s: %s"
                                    .formatted(entry.getKey(), entry.getValue().message()))
                            .collect(Collectors.joining("\n")));
        }

        @Override
        public Void connected(SessionEvent.Connected event) {
            connected = true;
            return null;
        }

        @Override
        public Void connectionLost(SessionEvent.ConnectionLost event) {
            ErrorReport.note("connection lost: %s; trying again".formatted(event.reason()));
            return null;
        }

        @Override
        public Void ended(SessionEvent.Ended event) {
            ended = Optional.of(event.failure());
            return null;
        }

        @Override
        public Void arrived(SessionEvent.Arrived event) {
            if (event.event() instanceof Receipt receipt) {
                ChatId receiver = withoutReceipt.get(receipt.uuid());
                // In a room it has arrived when it has reached the first of the others.
                if (receipt.room().orElse(receipt.sender()).equals(receiver)) {
                    rise(receipt);
                }
            }
            return null;
        }

        private void print(String line) {
            try {
                output.line(line);
            } catch (OutputException e) {
                outputLost = Optional.of(e);
            }
        }

        private void rise(Receipt receipt) {
            boolean first = delivered.add(receipt.uuid());
            if (receipt.kind() == ChatKind.READ || first) {
                print(
                        json
                                ? JsonLine.of(
                                        receipt.room().orElse(receipt.sender()),
                                        receipt.uuid(),
                                        receipt.kind().level(),
                                        Optional.of(receipt.sender()))
                                : "(%s) %s".formatted(receipt.kind(), receipt.sender()));
            }
            if (awaited.equals(Optional.of(ChatKind.DELIVERED)) || receipt.kind() == ChatKind.READ) {
                withoutReceipt.remove(receipt.uuid());
            }
        }

        @Override
        public Void malformed(SessionEvent.Malformed event) {
            return null;
        }

        @Override
        public Void presence(SessionEvent.Presence event) {
            if (!event.id().equals(settings.user())) {
                present.add(event.id());
            }
            return null;
        }

        @Override
        public Void diagnostics(SessionEvent.Diagnostics event) {
            if (!event.isRefusal()) {
                return null;
            }
            Optional<ChatId> receiver = event.topic()
                    .flatMap(settings.topics()::parse)
                    .filter(topic -> topic.kind() == ChatKind.MESSAGE)
                    .map(topic -> topic.receiver());
            receiver.ifPresent(id -> {
                withoutReceipt.values().remove(id);
                String hint = event.hint().map(h -> ". " + h).orElse("");
                SessionFailure.Kind kind = event.code().equals("acl_denied")
                        ? SessionFailure.Kind.NOT_AUTHORISED
                        : SessionFailure.Kind.REFUSED;
                failures.putIfAbsent(id, new SessionFailure(kind, event.reason() + hint));
            });
            return null;
        }

        @Override
        public Void rooms(SessionEvent.Rooms event) {
            return null;
        }

        @Override
        public Void notice(SessionEvent.NoticeCame event) {
            return null;
        }

        @Override
        public Void caughtUp(SessionEvent.CaughtUp event) {
            return null;
        }

        @Override
        public Void unsent(SessionEvent.Unsent event) {
            return null;
        }

        private static String list(Collection<ChatId> ids) {
            return ids.stream().map(ChatId::value).collect(Collectors.joining(", "));
        }
    }
}
