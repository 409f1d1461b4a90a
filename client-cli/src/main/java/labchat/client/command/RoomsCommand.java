package labchat.client.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import labchat.client.options.ResolvedOptions;
import labchat.client.options.UsageException;
import labchat.client.session.Interest;
import labchat.client.session.ServerRequest;
import labchat.client.ui.TerminalPasswordPrompt;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import labchat.protocol.text.NearestWord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rooms}: what rooms there are, and who is in them, for scripts. */
@Command(
        name = "rooms",
        description = {
            "List the rooms, or change one:",
            "  rooms list              rooms create ROOM [--private]",
            "  rooms join ROOM         rooms leave ROOM",
            "  rooms invite USER ROOM  rooms remove USER ROOM"
        },
        sortOptions = false,
        usageHelpAutoWidth = true)
final class RoomsCommand implements Callable<Integer> {

    @ParentCommand
    private LabchatCommand parent;

    @Option(names = "--private", description = "Make a room that only those get into who are invited.")
    private boolean isPrivate;

    @Option(
            names = "--json",
            description = "One JSON object a line, for each room listed or changed: id, public, members, joined.")
    private boolean json;

    @Parameters(
            paramLabel = "ACTION",
            arity = "0..*",
            description = "list, create, join, leave, invite or remove, with its names; list unless given.")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws UsageException, CommandFailure, InterruptedException {
        Action action = action();
        List<ChatId> ids = ids(action);
        if (isPrivate && action != Action.CREATE) {
            throw new UsageException("--private goes with create only");
        }
        ResolvedOptions options = parent.connect.resolve(System.getenv(), Optional.of(new TerminalPasswordPrompt()));
        Printing printing = new Printing(options, json);
        Optional<ChatId> room = ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(ids.size() - 1));
        Optional<ChatId> user = ids.size() == 2 ? Optional.of(ids.get(0)) : Optional.empty();
        RoomsRequest request = new RoomsRequest(options.connection().user(), action, room, !isPrivate, user);
        RoomsAnswer answer;
        try (Asking asking = Asking.open(options, Interest.asking(RoomsRequest.LEVEL))) {
            answer = asking.ask(new ServerRequest.Rooms(request));
        }
        List<RoomInfo> rooms = answer.rooms();
        printing.rooms(rooms);
        if (rooms.isEmpty()) {
            printing.word(action == Action.LIST ? "there are no rooms" : "done");
        }
        return ExitCode.GOOD;
    }

    private Action action() throws UsageException {
        if (words.isEmpty()) {
            return Action.LIST;
        }
        String word = words.get(0);
        List<String> known = Arrays.stream(Action.values()).map(Action::word).toList();
        return Arrays.stream(Action.values())
                .filter(action -> action.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new UsageException("rooms \"%s\": unknown; %s"
                        .formatted(
                                word,
                                NearestWord.to(word, known)
                                        .map("did you mean %s?"::formatted)
                                        .orElse("known are " + String.join(", ", known)))));
    }

    private List<ChatId> ids(Action action) throws UsageException {
        List<String> given = words.isEmpty() ? List.of() : words.subList(1, words.size());
        List<String> names = switch (action) {
            case LIST -> List.of();
            case CREATE, JOIN, LEAVE -> List.of("ROOM");
            case INVITE, REMOVE -> List.of("USER", "ROOM");
        };
        if (given.size() != names.size()) {
            String usage = names.isEmpty() ? "" : " " + String.join(" ", names);
            throw new UsageException("write it as: rooms %s%s".formatted(action.word(), usage));
        }
        List<ChatId> ids = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            ids.add(Ids.parse(names.get(i), given.get(i)).orElseThrow());
        }
        return ids;
    }
}
