package labchat.client.ui.full;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import labchat.client.session.ServerRequest;
import labchat.client.ui.ChatLine;
import labchat.client.ui.ChatView;
import labchat.client.ui.Contact;
import labchat.client.ui.UserInput;
import labchat.client.ui.WireDisplay;
import labchat.client.wire.WireEntry;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.text.NearestWord;

/** What lines do: text, and the commands that the plain chat has, too. */
final class InputReaction implements UserInput.Visitor<Void> {

    private final ScreenModel model;
    private final Supplier<MessageUuid> uuids;
    private final Outside outside;
    private final History history;
    private final ChatView words;

    InputReaction(ScreenModel model, Supplier<MessageUuid> uuids, Outside outside, History history, boolean unicode) {
        this.model = model;
        this.uuids = uuids;
        this.outside = outside;
        this.history = history;
        this.words = new ChatView(false, unicode, model.zone);
    }

    /** Enter was pressed; false if the text is to stay where it is, so that it can be mended. */
    boolean line(String line) {
        if (line.startsWith("/") && !line.startsWith("//")) {
            Optional<String> done = LocalCommands.run(line, model, outside);
            if (done.isPresent()) {
                model.hint = done;
                return true;
            }
        }
        Optional<ChatId> partner = model.current.with();
        UserInput input = line.contains("\n") && !line.startsWith("/")
                ? new UserInput.Say(line)
                : UserInput.parse(line, model::isKnown, partner.isPresent());
        if (input instanceof UserInput.Wrong wrong) {
            model.hint = Optional.of(reason(line, wrong));
            return false;
        }
        if (input instanceof UserInput.Say && partner.isEmpty()) {
            model.hint = Optional.of(
                    "nobody is chosen to talk to: the arrow keys or Ctrl-K choose somebody, or begin with a name, such as team2a: text");
            return false;
        }
        Optional<String> problem = problem(input);
        if (problem.isPresent()) {
            model.hint = problem;
            return false;
        }
        input.accept(this);
        return true;
    }

    private static String reason(String line, UserInput.Wrong wrong) {
        String command = line.strip().split("\\s+")[0];
        Optional<String> near = command.startsWith("/") && !UserInput.COMMANDS.contains(command)
                ? NearestWord.to(
                        command,
                        Stream.concat(UserInput.COMMANDS.stream(), LocalCommands.NAMES.stream())
                                .toList())
                : Optional.empty();
        return near.map(meant -> "unknown command \"%s\": did you mean %s?".formatted(command, meant))
                .orElse(wrong.reason());
    }

    private static Optional<String> problem(UserInput input) {
        String text = input instanceof UserInput.Say say
                ? say.text()
                : input instanceof UserInput.SayTo to
                        ? to.text()
                        : input instanceof UserInput.SayToAll all ? all.text() : "";
        int length = text.codePointCount(0, text.length());
        int most = ProtocolLimits.DEFAULT.maxTextLength();
        return length <= most
                ? Optional.empty()
                : Optional.of(
                        "the text has %d characters, at most %d are allowed; send it in parts".formatted(length, most));
    }

    /** Opens a conversation. */
    void open(Conversation conversation) {
        if (conversation != model.current) {
            model.current.forgetLeftOff();
            model.current = conversation;
            model.listTop = Optional.empty();
        }
        conversation.markLeftOff();
        history.open(conversation);
    }

    private void note(String text) {
        note(Item.Kind.NOTE, text);
    }

    private void note(Item.Kind kind, String text) {
        model.current.add(Item.said(kind, text, model.now));
        model.current.follow();
    }

    @Override
    public Void say(UserInput.Say input) {
        send(model.current.with().orElseThrow(), input.text());
        return null;
    }

    @Override
    public Void sayTo(UserInput.SayTo input) {
        send(input.receiver(), input.text());
        if (model.current != model.with(input.receiver())) {
            if (model.current == model.home) {
                open(model.with(input.receiver()));
            } else {
                model.hint = Optional.of("sent to %s".formatted(input.receiver()));
            }
        }
        return null;
    }

    private Item send(ChatId receiver, String text) {
        ChatMessage message = new ChatMessage(model.me, receiver, text, uuids.get());
        Conversation conversation = model.with(receiver);
        Item item = Item.outgoing(message.id(), text, model.now);
        conversation.forgetLeftOff();
        conversation.follow();
        conversation.add(item);
        outside.publish(message);
        return item;
    }

    @Override
    public Void sayToAll(UserInput.SayToAll input) {
        if (model.everybody().isEmpty()) {
            note(Item.Kind.PROBLEM, "there is nobody to write to: you have no contacts");
        } else {
            model.toAll = Optional.of(input.text());
            model.mode = ScreenModel.Mode.CONFIRM;
        }
        return null;
    }

    /** The user has confirmed it. */
    void sendToAll(String text) {
        List<ChatId> receivers = model.everybody();
        Item all = Item.toAll(text, receivers.size(), model.now);
        receivers.forEach(receiver -> send(receiver, text).countAt(all));
        model.home.add(all);
        model.hint =
                Optional.of("sent to all %d; the page labchat tells how far it has come".formatted(receivers.size()));
    }

    @Override
    public Void choose(UserInput.Choose input) {
        ChatId id = input.receiver();
        open(model.with(id));
        if (model.isRoom(id) && !model.rooms.isJoined(id)) {
            note("you are not in %s: type /join %s first".formatted(id, id));
        } else if (model.presenceKnown && !model.isRoom(id) && !model.contacts.containsKey(id)) {
            note("%s is nobody the server has told of; what you write may be refused".formatted(id));
        }
        return null;
    }

    @Override
    public Void who(UserInput.Who input) {
        List<Contact> people = List.copyOf(model.contacts.values());
        if (input.id().isPresent()) {
            ChatId id = input.id().get();
            if (model.isRoom(id)) {
                people = model.rooms.find(id).map(RoomInfo::members).orElse(List.of()).stream()
                        .map(this::contact)
                        .sorted(Contact.BY_NAME)
                        .toList();
            } else if (model.contacts.containsKey(id)) {
                people = List.of(model.contacts.get(id));
            } else {
                note(Item.Kind.PROBLEM, "\"%s\" is nobody the server has told of; /who alone lists all".formatted(id));
                return null;
            }
        }
        note(words.render(new ChatLine.People(model.presenceKnown, people, model.now)));
        return null;
    }

    private Contact contact(ChatId id) {
        return id.equals(model.me)
                ? new Contact(id, Optional.of(true), Optional.empty(), false)
                : model.contacts.getOrDefault(id, new Contact(id, Optional.empty(), Optional.empty(), false));
    }

    @Override
    public Void history(UserInput.History input) {
        return older();
    }

    @Override
    public Void older() {
        if (model.current.hasOlder()) {
            history.older(model.current);
        } else {
            model.hint = Optional.of("there is nothing older to show");
        }
        return null;
    }

    @Override
    public Void search(UserInput.Search input) {
        Optional<ChatId> where = input.everywhere() ? Optional.empty() : model.current.with();
        model.mode = ScreenModel.Mode.SEARCH;
        model.query.set(input.words());
        search(where, input.words());
        return null;
    }

    /** Looks for words in one conversation, or in all. */
    void search(Optional<ChatId> where, String what) {
        String asked = what.length() <= HistoryRequest.MAX_SEARCH_LENGTH
                ? what
                : what.substring(0, HistoryRequest.MAX_SEARCH_LENGTH);
        outside.ask(
                new ServerRequest.History(
                        new HistoryRequest(model.me, where, Optional.empty(), 50, Optional.of(asked))),
                answer -> {
                    model.found = Optional.of(answer.messages());
                    model.chosen = Math.max(0, answer.messages().size() - 1);
                },
                failure -> model.hint = Optional.of("no search: " + failure.message()));
    }

    @Override
    public Void rooms(UserInput.Rooms input) {
        Optional<ChatId> room = input.room();
        if (room.isEmpty() && input.action() != Action.LIST) {
            room = model.current.with().filter(model::isRoom);
            if (room.isEmpty()) {
                note(Item.Kind.PROBLEM, "you are not talking in a room: name the one you mean behind the command");
                return null;
            }
        }
        RoomsRequest request = new RoomsRequest(model.me, input.action(), room, input.isPublic(), input.user());
        outside.ask(
                new ServerRequest.Rooms(request),
                answer -> {
                    if (request.action() == Action.LIST) {
                        note(words.render(new ChatLine.Rooms(answer.rooms())));
                    } else {
                        done(request);
                    }
                },
                failure -> note(
                        Item.Kind.PROBLEM,
                        "/%s: %s"
                                .formatted(
                                        request.action() == Action.LIST
                                                ? "rooms"
                                                : request.action().word(),
                                        failure.message())));
        return null;
    }

    private void done(RoomsRequest request) {
        ChatId room = request.room().orElseThrow();
        String user = request.user().map(ChatId::value).orElse("");
        switch (request.action()) {
            case CREATE -> {
                open(model.with(room));
                note(
                        request.isPublic()
                                ? "%s is open; the others get in with /join %s".formatted(room, room)
                                : "%s is open; let others in with /invite team2a %s".formatted(room, room));
            }
            case JOIN -> {
                open(model.with(room));
                String others = model.rooms.find(room).map(RoomInfo::members).orElse(List.of()).stream()
                        .filter(id -> !id.equals(model.me))
                        .map(ChatId::value)
                        .collect(Collectors.joining(", "));
                note("you are in %s%s".formatted(room, others.isEmpty() ? ", alone so far" : " with " + others));
            }
            case LEAVE -> {
                open(model.home);
                note("you have left %s".formatted(room));
            }
            case INVITE -> note("%s is invited to %s".formatted(user, room));
            case REMOVE -> note("%s is no longer in %s".formatted(user, room));
            default -> throw new IllegalStateException("no answer to " + request.action());
        }
    }

    @Override
    public Void checklist(UserInput.Checklist input) {
        Optional<ChatId> to = input.partner().or(() -> model.current.with());
        if (to.isEmpty()) {
            model.hint = Optional.of("name the practice partner, such as /checklist x1");
        } else {
            open(model.with(to.get()));
            send(to.get(), UserInput.Checklist.TEXT);
        }
        return null;
    }

    @Override
    public Void wire(UserInput.Wire input) {
        WireDisplay display = model.wire.orElse(null);
        if (display == null) {
            note(Item.Kind.PROBLEM, "there is no wire to look at here");
        } else if (input.what() == UserInput.Wire.Do.COMMAND) {
            // Without the mark that it has between lines.
            note(words.render(display.command(input.number())).substring(3));
        } else {
            boolean on =
                    input.what() == UserInput.Wire.Do.SWITCH ? !display.isOn() : input.what() == UserInput.Wire.Do.ON;
            display.switchTo(on);
            model.wireCommand = -1;
        }
        return null;
    }

    @Override
    public Void tell(UserInput.Tell input) {
        // Switches are carried out by LocalCommands before it comes to this.
        return null;
    }

    /** The command for the last packet that has one; asked again, for the one before. */
    void wireCommand() {
        List<WireEntry> entries = model.wire.map(WireDisplay::withCommand).orElse(List.of());
        if (entries.isEmpty()) {
            model.hint = Optional.of("nothing was published or subscribed to yet");
        } else {
            model.wireCommand = (model.wireCommand + 1) % entries.size();
            model.hint = model.wire.map(display -> display.command(entries.get(model.wireCommand)));
        }
    }

    @Override
    public Void help() {
        model.mode = ScreenModel.Mode.HELP;
        model.scroll = 0;
        return null;
    }

    @Override
    public Void quit() {
        outside.leave(Optional.empty());
        return null;
    }

    @Override
    public Void nothing() {
        return null;
    }

    @Override
    public Void wrong(UserInput.Wrong input) {
        model.hint = Optional.of(input.reason());
        return null;
    }
}
