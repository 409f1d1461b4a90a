package labchat.client.command;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.session.Interest;
import labchat.client.session.ServerRequest;
import labchat.client.ui.TerminalPasswordPrompt;
import labchat.protocol.event.HistoryAnswer;
import labchat.protocol.event.HistoryEntry;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.identity.ChatId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code history}: what was said, for scripts. */
@Command(
        name = "history",
        description = {
            "Print what was said, oldest first; without --with and --search, the newest message of each conversation.",
            "Messages that wait for you go on waiting."
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class HistoryCommand implements Callable<Integer> {

    private static final int MOST = 100_000;

    @ParentCommand
    private LabchatCommand parent;

    @Option(names = "--with", paramLabel = "ID", description = "The user or room whose conversation is meant.")
    private String with;

    @Option(
            names = "-n",
            paramLabel = "COUNT",
            description = "So many messages at most, the newest; " + HistoryRequest.STANDARD_LIMIT + " unless given.")
    private String count;

    @Option(
            names = "--before",
            paramLabel = "WHEN",
            description = {"Only what is older than this: a message's uuid, or a time such as", "2026-11-20T10:15:30Z."
            })
    private String before;

    @Option(names = "--search", paramLabel = "WORDS", description = "Only messages with all these words.")
    private String search;

    @Option(
            names = "--json",
            description = "One JSON object a line: sender, receiver, message, uuid, sent, delivered, read.")
    private boolean json;

    @Override
    public Integer call() throws UsageException, CommandFailure, InterruptedException {
        Optional<ChatId> conversation = Ids.parse("--with", with);
        int wanted = wanted();
        ResolvedOptions options = parent.connect.resolve(System.getenv(), Optional.of(new TerminalPasswordPrompt()));
        Printing printing = new Printing(options, json);
        ChatId me = options.connection().user();
        List<HistoryEntry> entries;
        try (Asking asking = Asking.open(options, Interest.asking(HistoryRequest.LEVEL))) {
            entries = pages(asking, me, conversation, wanted);
        }
        printing.history(entries, me, Clock.systemUTC().instant());
        return ExitCode.GOOD;
    }

    private int wanted() throws UsageException {
        if (count == null) {
            return HistoryRequest.STANDARD_LIMIT;
        }
        if (!count.matches("[0-9]{1,6}") || Integer.parseInt(count) < 1 || Integer.parseInt(count) > MOST) {
            throw new UsageException("-n must be 1 to %d, found \"%s\"".formatted(MOST, count));
        }
        return Integer.parseInt(count);
    }

    /** As many pages as it takes; the newest comes first, and each is put before those it was older than. */
    private List<HistoryEntry> pages(Asking asking, ChatId me, Optional<ChatId> conversation, int wanted)
            throws CommandFailure, InterruptedException {
        Deque<List<HistoryEntry>> pages = new ArrayDeque<>();
        Optional<String> end = Optional.ofNullable(before);
        int left = wanted;
        boolean more = true;
        while (more && left > 0) {
            HistoryAnswer answer = asking.ask(new ServerRequest.History(new HistoryRequest(
                    me, conversation, end, Math.min(left, HistoryRequest.MAX_LIMIT), Optional.ofNullable(search))));
            List<HistoryEntry> page = answer.messages();
            // The newest of each conversation has no pages.
            more = answer.more() && !page.isEmpty() && (conversation.isPresent() || search != null);
            if (!page.isEmpty()) {
                pages.push(page);
                left -= page.size();
                HistoryEntry oldest = page.get(0);
                // A uuid says which message only within one conversation.
                end = Optional.of(
                        conversation.isPresent()
                                ? oldest.message().uuid().value()
                                : oldest.sent().toString());
            }
        }
        List<HistoryEntry> all = new ArrayList<>();
        pages.forEach(all::addAll);
        return all;
    }
}
