package labchat.client.ui;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import labchat.client.session.KnownRooms;
import labchat.client.session.LabClass;
import labchat.client.session.ServerRequest;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Notice;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopic;
import labchat.protocol.topic.ChatTopics;

/**
 * All that a chat remembers, and what follows from each thing that happens. It does nothing itself: it answers with
 * effects, to be carried out in order. Not safe for use by several threads at once.
 */
public final class ChatModel {

    /** How long a typing hint is good for. */
    static final Duration TYPING_LIFETIME = Duration.ofSeconds(6);

    /** The server explains a refusal beside refusing it; within this time the two are told as one. */
    private static final Duration SAME_REFUSAL = Duration.ofSeconds(5);

    private static final int REMEMBERED_MESSAGES = 10_000;

    /** How many members are named before the rest is counted. */
    private static final int NAMED = 10;

    /** How many messages to several are counted at once; of older ones nothing more is told. */
    private static final int COUNTED = 200;

    private final ChatId me;
    private final ChatTopics topics;
    private final boolean contactsConfigured;
    private final Supplier<MessageUuid> uuids;

    private final Map<ChatId, Contact> contacts = new TreeMap<>(Contact.ORDER);
    private final Map<MessageId, Boolean> seen = bounded();
    private final Map<MessageId, Sent> sent = bounded();
    private final List<Broadcast> unsettled = new ArrayList<>();
    private final Map<ChatId, Instant> typing = new TreeMap<>();
    private final Map<String, Instant> refusals = new HashMap<>();
    private final TypingThrottle throttle = new TypingThrottle();
    private final KnownRooms rooms;
    private final MissedMessages missed;
    private final Questions questions;
    /** What this user's own requests bring about, and their answers tell. */
    private final Set<Event> told = new HashSet<>();

    private String welcome = "; try /help";
    private Optional<ChatId> partner = Optional.empty();
    private boolean receipts = true;
    private boolean typingHints = true;
    private boolean presenceKnown;
    private boolean lossTold;
    private boolean receiptRefusalTold;

    /**
     * @param configured the contacts that the user has listed; empty for the class's
     * @param uuids gives each message its uuid
     */
    public ChatModel(ChatId me, ChatTopics topics, Optional<List<ChatId>> configured, Supplier<MessageUuid> uuids) {
        this.me = me;
        this.topics = topics;
        this.contactsConfigured = configured.isPresent();
        this.uuids = uuids;
        this.rooms = new KnownRooms(me);
        this.missed = new MissedMessages(me, () -> receipts);
        this.questions = new Questions(me);
        configured
                .orElseGet(() -> LabClass.without(me))
                .forEach(id -> contacts.put(id, new Contact(id, Optional.empty(), Optional.empty(), false)));
    }

    /** What the user wants others to be told; to be set before anything happens. */
    public ChatModel telling(boolean whatIsRead, boolean thatOneTypes) {
        receipts = whatIsRead;
        typingHints = thatOneTypes;
        return this;
    }

    /** Commands cannot be typed, so nobody is told of them. */
    void withoutCommands() {
        welcome = "";
    }

    /** Who this user is. */
    public ChatId me() {
        return me;
    }

    /** Whom plain text goes to; empty until somebody was chosen. */
    public Optional<ChatId> partner() {
        return partner;
    }

    /** The ids that can be completed. */
    public List<ChatId> contactIds() {
        return List.copyOf(contacts.keySet());
    }

    /** All others, as far as they are known, in the order of their names. */
    public List<Contact> contacts() {
        return contacts.values().stream()
                .filter(contact -> !contact.id().equals(me))
                .toList();
    }

    /** The rooms the server has told of, in the order of their ids. */
    public List<RoomInfo> rooms() {
        return rooms.all();
    }

    /** Whether what has come is held back until all of it is there. */
    public boolean isHolding() {
        return missed.isHolding();
    }

    /** The chat is about to end: what is held back is let go. */
    public List<Effect> leaving(Instant now) {
        Effects effects = new Effects();
        missed.release(effects, now);
        return effects.list();
    }

    /** A line was typed. */
    public List<Effect> input(UserInput input, Instant now) {
        throttle.lineEnded();
        Effects effects = new Effects();
        input.accept(new InputReaction(effects, now));
        return effects.list();
    }

    /** Understands a line as this chat stands now. */
    public UserInput parse(String line) {
        return UserInput.parse(line, this::isKnown, partner.isPresent());
    }

    /**
     * A key was pressed.
     *
     * @param line the line with that key
     */
    public List<Effect> key(String line, Instant now) {
        Optional<ChatId> receiver = Optional.empty();
        if (line.isBlank()) {
            throttle.lineEnded();
        } else if (!line.startsWith("/") || line.startsWith("//")) {
            receiver = UserInput.addressee(line).filter(this::isKnown).or(() -> partner);
        }
        Effects effects = new Effects();
        receiver.filter(to -> typingHints && throttle.key(to, now))
                .ifPresent(to -> effects.publish(new Typing(me, to)));
        return effects.list();
    }

    /** The session told something. */
    public List<Effect> session(SessionEvent event, Instant now) {
        Effects effects = new Effects();
        event.accept(new SessionReaction(effects, now));
        return effects.list();
    }

    /** Time has passed; to be called a few times a second. */
    public List<Effect> tick(Instant now) {
        Effects effects = new Effects();
        if (typing.values().removeIf(since -> !now.isBefore(since.plus(TYPING_LIFETIME)))) {
            effects.typing(typing.keySet());
        }
        for (Broadcast broadcast : List.copyOf(unsettled)) {
            if (broadcast.isTellable(now)) {
                effects.show(broadcast.tally());
                broadcast.told();
            }
            if (broadcast.isSettled()) {
                unsettled.remove(broadcast);
            }
        }
        return effects.list();
    }

    private boolean isKnown(ChatId id) {
        return contacts.containsKey(id) || rooms.isJoined(id) || id.equals(ChatId.SERVER);
    }

    private void count(Broadcast broadcast) {
        unsettled.add(broadcast);
        if (unsettled.size() > COUNTED) {
            unsettled.remove(0);
        }
    }

    private static <V> Map<MessageId, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<MessageId, V> eldest) {
                return size() > REMEMBERED_MESSAGES;
            }
        };
    }

    private static Optional<String> textProblem(String text) {
        int length = text.codePointCount(0, text.length());
        int most = ProtocolLimits.DEFAULT.maxTextLength();
        return length <= most
                ? Optional.empty()
                : Optional.of(
                        "the text has %d characters, at most %d are allowed; send it in parts".formatted(length, most));
    }

    private void heardFrom(ChatId id) {
        contacts.merge(
                id,
                new Contact(id, Optional.empty(), Optional.empty(), true),
                (known, fresh) -> new Contact(id, known.online(), known.since(), true));
    }

    /** What the user's lines do. */
    private final class InputReaction implements UserInput.Visitor<Void> {
        private final Effects effects;
        private final Instant now;

        InputReaction(Effects effects, Instant now) {
            this.effects = effects;
            this.now = now;
        }

        @Override
        public Void say(UserInput.Say input) {
            if (partner.isEmpty()) {
                effects.problem("nobody is chosen to talk to: type /to team2a, or team2a: and your text");
            } else {
                send(partner.get(), input.text());
            }
            return null;
        }

        @Override
        public Void sayTo(UserInput.SayTo input) {
            if (partner.isEmpty()) {
                partner = Optional.of(input.receiver());
            }
            send(input.receiver(), input.text());
            return null;
        }

        private void send(ChatId receiver, String text) {
            Optional<String> problem = textProblem(text);
            if (problem.isPresent()) {
                effects.problem(problem.get());
                return;
            }
            ChatMessage message = new ChatMessage(me, receiver, text, uuids.get());
            Optional<Broadcast> broadcast = rooms.find(receiver)
                    .map(room -> Broadcast.toRoom(
                            receiver, text, Math.max(0, room.members().size() - 1)));
            broadcast.ifPresent(ChatModel.this::count);
            sent.put(message.id(), new Sent(text, broadcast));
            effects.show(new ChatLine.Outgoing(now, Optional.of(receiver), 1, text));
            effects.publish(message);
        }

        @Override
        public Void sayToAll(UserInput.SayToAll input) {
            Optional<String> problem = textProblem(input.text());
            // One is one's own contact only by one's own list.
            List<ChatId> receivers = contacts.keySet().stream()
                    .filter(id -> contactsConfigured || !id.equals(me))
                    .toList();
            if (problem.isPresent()) {
                effects.problem(problem.get());
                return null;
            }
            if (receivers.isEmpty()) {
                effects.problem("there is nobody to write to: you have no contacts");
                return null;
            }
            Broadcast broadcast = Broadcast.toAll(input.text(), receivers);
            count(broadcast);
            effects.show(new ChatLine.Outgoing(now, Optional.empty(), receivers.size(), input.text()));
            for (ChatId receiver : receivers) {
                ChatMessage message = new ChatMessage(me, receiver, input.text(), uuids.get());
                sent.put(message.id(), new Sent(input.text(), Optional.of(broadcast)));
                effects.publish(message);
            }
            return null;
        }

        @Override
        public Void choose(UserInput.Choose input) {
            ChatId id = input.receiver();
            partner = Optional.of(id);
            Optional<RoomInfo> room = rooms.find(id);
            if (room.isPresent() && !room.get().joined()) {
                effects.note("you are not in %s: type /join %s first".formatted(id, id));
            } else if (presenceKnown && room.isEmpty() && !isKnown(id)) {
                effects.note("%s is nobody the server has told of; what you write may be refused".formatted(id));
            }
            return null;
        }

        @Override
        public Void who(UserInput.Who input) {
            List<Contact> people = List.copyOf(contacts.values());
            if (input.id().isPresent()) {
                ChatId id = input.id().get();
                if (rooms.find(id).isPresent()) {
                    people = rooms.find(id).get().members().stream()
                            .map(this::contact)
                            .sorted(Contact.BY_NAME)
                            .toList();
                } else if (contacts.containsKey(id)) {
                    people = List.of(contacts.get(id));
                } else {
                    effects.problem("\"%s\" is nobody the server has told of; /who alone lists all".formatted(id));
                    return null;
                }
            }
            effects.show(new ChatLine.People(presenceKnown, people, now));
            return null;
        }

        /** This user is among the members, but not among the contacts. */
        private Contact contact(ChatId id) {
            return id.equals(me)
                    ? new Contact(id, Optional.of(true), Optional.empty(), false)
                    : contacts.getOrDefault(id, new Contact(id, Optional.empty(), Optional.empty(), false));
        }

        @Override
        public Void history(UserInput.History input) {
            questions.ask(partner, Optional.empty(), input.count(), effects);
            return null;
        }

        @Override
        public Void older() {
            questions.older(effects);
            return null;
        }

        @Override
        public Void search(UserInput.Search input) {
            questions.ask(
                    input.everywhere() ? Optional.empty() : partner,
                    Optional.of(input.words()),
                    UserInput.HISTORY_MESSAGES,
                    effects);
            return null;
        }

        @Override
        public Void rooms(UserInput.Rooms input) {
            Optional<ChatId> room = input.room();
            if (room.isEmpty() && input.action() != Action.LIST) {
                room = partner.filter(id -> rooms.find(id).isPresent());
                if (room.isEmpty()) {
                    effects.problem("you are not talking in a room: name the one you mean behind the command");
                    return null;
                }
            }
            RoomsRequest request = new RoomsRequest(me, input.action(), room, input.isPublic(), input.user());
            Optional<Event> event = Event.of(request);
            event.ifPresent(told::add);
            effects.ask(new ServerRequest.Rooms(request), new Effect.Ask.Then<>() {
                @Override
                public List<Effect> answered(RoomsAnswer answer, Instant at) {
                    // It has come by now, if there is one.
                    event.ifPresent(told::remove);
                    Effects shown = new Effects();
                    done(request, answer, shown);
                    return shown.list();
                }

                @Override
                public List<Effect> failed(SessionFailure failure, Instant at) {
                    event.ifPresent(told::remove);
                    Effects shown = new Effects();
                    shown.problem("/%s: %s".formatted(command(request), failure.message()));
                    return shown.list();
                }
            });
            return null;
        }

        private static String command(RoomsRequest request) {
            return request.action() == Action.LIST ? "rooms" : request.action().word();
        }

        private void done(RoomsRequest request, RoomsAnswer answer, Effects shown) {
            if (request.action() == Action.LIST) {
                shown.show(new ChatLine.Rooms(answer.rooms()));
                return;
            }
            ChatId room = request.room().orElseThrow();
            String user = request.user().map(ChatId::value).orElse("");
            switch (request.action()) {
                case CREATE -> {
                    partner = Optional.of(room);
                    shown.note(
                            request.isPublic()
                                    ? "%s is open; the others get in with /join %s".formatted(room, room)
                                    : "%s is open; let others in with /invite team2a %s".formatted(room, room));
                }
                case JOIN -> {
                    partner = Optional.of(room);
                    List<ChatId> others = rooms.find(room).map(RoomInfo::members).orElse(List.of()).stream()
                            .filter(id -> !id.equals(me))
                            .sorted(Contact.ORDER)
                            .toList();
                    shown.note(
                            others.isEmpty()
                                    ? "you are in %s, alone so far".formatted(room)
                                    : "you are in %s with %s".formatted(room, some(others)));
                }
                case LEAVE -> {
                    partner = partner.filter(id -> !id.equals(room));
                    shown.note("you have left %s".formatted(room));
                }
                case INVITE -> shown.note("%s is invited to %s".formatted(user, room));
                case REMOVE -> shown.note("%s is no longer in %s".formatted(user, room));
                default -> throw new IllegalStateException("no answer to " + request.action());
            }
        }

        private static String some(List<ChatId> ids) {
            int shown = Math.min(ids.size(), NAMED);
            String names = ids.subList(0, shown).stream().map(ChatId::value).collect(Collectors.joining(", "));
            return shown == ids.size() ? names : "%s and %d more".formatted(names, ids.size() - shown);
        }

        @Override
        public Void checklist(UserInput.Checklist input) {
            Optional<ChatId> to = input.partner().or(() -> partner);
            if (to.isEmpty()) {
                effects.problem("name the practice partner, such as /checklist x1");
            } else {
                send(to.get(), UserInput.Checklist.TEXT);
            }
            return null;
        }

        @Override
        public Void tell(UserInput.Tell input) {
            if (input.receipts()) {
                receipts = input.on();
            } else {
                typingHints = input.on();
            }
            effects.note("others are %stold %s"
                    .formatted(input.on() ? "" : "not ", input.receipts() ? "what you have read" : "that you type"));
            return null;
        }

        @Override
        public Void wire(UserInput.Wire input) {
            effects.wire(input);
            return null;
        }

        @Override
        public Void help() {
            effects.show(new ChatLine.Help());
            return null;
        }

        @Override
        public Void quit() {
            effects.leave(Optional.empty());
            return null;
        }

        @Override
        public Void nothing() {
            return null;
        }

        @Override
        public Void wrong(UserInput.Wrong input) {
            effects.problem(input.reason());
            return null;
        }
    }

    /** What the session's events do. */
    private final class SessionReaction implements SessionEvent.Visitor<Void>, ChatEvent.Visitor<Void> {
        private final Effects effects;
        private final Instant now;

        SessionReaction(Effects effects, Instant now) {
            this.effects = effects;
            this.now = now;
        }

        @Override
        public Void connected(SessionEvent.Connected event) {
            effects.note(
                    event.again()
                            ? "connected again"
                            : "connected to %s as %s%s".formatted(event.server(), me, welcome));
            lossTold = false;
            missed.begin();
            return null;
        }

        @Override
        public Void connectionLost(SessionEvent.ConnectionLost event) {
            long seconds = Math.max(1, Math.round(event.retryIn().toMillis() / 1000.0));
            String again = "trying again in %d s".formatted(seconds);
            effects.note(
                    lossTold
                            ? "still no connection, " + again
                            : "connection lost: %s; %s. What you type meanwhile is sent then."
                                    .formatted(event.reason(), again));
            lossTold = true;
            missed.release(effects, now);
            if (!typing.isEmpty()) {
                typing.clear();
                effects.typing(Set.of());
            }
            return null;
        }

        @Override
        public Void ended(SessionEvent.Ended event) {
            missed.release(effects, now);
            effects.leave(Optional.of(event.failure()));
            return null;
        }

        @Override
        public Void arrived(SessionEvent.Arrived event) {
            // What is in another's tree is in a room's.
            return event.event().accept(this);
        }

        @Override
        public Void message(ChatMessage message) {
            ChatId author = message.sender();
            Optional<ChatId> room = message.receiver().equals(me) ? Optional.empty() : Optional.of(message.receiver());
            if (room.isPresent() && author.equals(me)) {
                ownInRoom(message);
                return null;
            }
            heardFrom(author);
            if (typing.remove(author) != null) {
                effects.typing(typing.keySet());
            }
            effects.publish(new Receipt(ChatKind.DELIVERED, me, author, message.uuid(), room));
            boolean isNew = seen.put(message.id(), true) == null;
            if (isNew && missed.isHolding()) {
                missed.hold(message);
            } else if (isNew) {
                effects.show(new ChatLine.Incoming(now, author, room, message.text(), now));
            }
            if (receipts && !missed.holds(message.id())) {
                // After the text in the list of effects, so it tells the truth.
                effects.publish(new Receipt(ChatKind.READ, me, author, message.uuid(), room));
            }
            return null;
        }

        /** It is on the screen already, unless another of this user's programs wrote it. */
        private void ownInRoom(ChatMessage message) {
            if (!sent.containsKey(message.id()) && seen.put(message.id(), true) == null && !missed.isHolding()) {
                effects.show(new ChatLine.Outgoing(now, Optional.of(message.receiver()), 1, message.text()));
            }
        }

        @Override
        public Void receipt(Receipt receipt) {
            if (!receipt.receiver().equals(me)) {
                return null;
            }
            heardFrom(receipt.sender());
            Sent message = sent.get(new MessageId(me, receipt.room().orElse(receipt.sender()), receipt.uuid()));
            if (message == null || !message.broadcast.flatMap(Broadcast::room).equals(receipt.room())) {
                return null;
            }
            if (message.broadcast.isPresent()) {
                message.broadcast.get().receipt(receipt.sender(), receipt.kind(), now);
            } else if (message.rise(receipt.kind())) {
                effects.show(new ChatLine.Status(receipt.kind(), receipt.sender(), message.text));
            }
            return null;
        }

        @Override
        public Void typing(Typing hint) {
            if (hint.sender().equals(me)) {
                return null;
            }
            heardFrom(hint.sender());
            if (typing.put(hint.sender(), now) == null) {
                effects.typing(typing.keySet());
            }
            return null;
        }

        @Override
        public Void caughtUp(SessionEvent.CaughtUp event) {
            missed.caughtUp(event.serverAnswers(), effects, now);
            return null;
        }

        @Override
        public Void rooms(SessionEvent.Rooms event) {
            List<ChatId> before = rooms.joined();
            rooms.learn(event.answer());
            forgetLostPartner(before);
            return null;
        }

        @Override
        public Void notice(SessionEvent.NoticeCame event) {
            Notice notice = event.notice();
            List<ChatId> before = rooms.joined();
            rooms.learn(notice);
            boolean aboutMe = notice.user().equals(me);
            boolean invited = notice.change() == Notice.Change.INVITED;
            boolean known = aboutMe && !invited && before.equals(rooms.joined());
            if (!told.remove(new Event(notice.room(), notice.user(), notice.change())) && !known) {
                String hint = aboutMe && invited ? "; /join %s gets you in".formatted(notice.room()) : "";
                effects.note(notice.text() + hint);
            }
            forgetLostPartner(before);
            return null;
        }

        /** Nobody can be talked to in a room that one is not in any more. */
        private void forgetLostPartner(List<ChatId> before) {
            partner = partner.filter(id -> !before.contains(id) || rooms.isJoined(id));
        }

        @Override
        public Void malformed(SessionEvent.Malformed event) {
            effects.note("something on %s was no chat message and is not shown: %s"
                    .formatted(event.topic(), event.reason()));
            return null;
        }

        @Override
        public Void presence(SessionEvent.Presence event) {
            if (!presenceKnown && !contactsConfigured) {
                // From here on the server's list holds, and those who were heard of.
                contacts.values().removeIf(contact -> !contact.heard());
            }
            presenceKnown = true;
            if (event.id().equals(me)) {
                return null;
            }
            boolean heard =
                    contacts.containsKey(event.id()) && contacts.get(event.id()).heard();
            if (!contactsConfigured || contacts.containsKey(event.id())) {
                contacts.put(event.id(), new Contact(event.id(), Optional.of(event.online()), event.since(), heard));
            }
            return null;
        }

        @Override
        public Void diagnostics(SessionEvent.Diagnostics event) {
            if (!event.isRefusal()) {
                if (isFreshRefusal(event.code() + " " + event.topic().orElse(""))) {
                    effects.problem(
                            "the server explains: %s.%s".formatted(withoutFullStop(event.reason()), hint(event)));
                }
                return null;
            }
            Optional<ChatTopic> topic = event.topic().flatMap(topics::parse);
            if (topic.isPresent() && topic.get().kind() == ChatKind.MESSAGE) {
                for (Broadcast broadcast : unsettled) {
                    if (broadcast.fail(topic.get().receiver(), now)) {
                        return null;
                    }
                }
            }
            if (event.topic().isEmpty() || isFreshRefusal(event.topic().get())) {
                String what = topic.filter(t -> t.kind() == ChatKind.MESSAGE)
                        .map(t -> "not sent to %s".formatted(t.receiver()))
                        .or(() -> event.topic().map("the server did not pass on what you sent to %s"::formatted))
                        .orElse("the server explains");
                effects.problem("%s: %s.%s".formatted(what, withoutFullStop(event.reason()), hint(event)));
            }
            return null;
        }

        @Override
        public Void unsent(SessionEvent.Unsent event) {
            if (!(event.event() instanceof ChatMessage message)) {
                if (!receiptRefusalTold) {
                    receiptRefusalTold = true;
                    effects.problem("a receipt for %s was not sent: %s. Further ones are not mentioned."
                            .formatted(
                                    event.event().receiver(),
                                    withoutFullStop(event.failure().message())));
                }
                return null;
            }
            Sent known = sent.get(message.id());
            if (known != null && known.broadcast.filter(b -> b.room().isEmpty()).isPresent()) {
                known.broadcast.get().fail(message.receiver(), now);
            } else if (isFreshRefusal(topics.topic(message.receiver(), ChatKind.MESSAGE))) {
                effects.problem("not sent to %s: \"%s\": %s."
                        .formatted(
                                message.receiver(),
                                TextSanitizer.oneLine(message.text(), ChatView.QUOTE_LENGTH),
                                withoutFullStop(event.failure().message())));
            }
            return null;
        }

        private static String hint(SessionEvent.Diagnostics event) {
            return event.hint().map(hint -> " " + hint).orElse("");
        }

        private boolean isFreshRefusal(String topic) {
            refusals.values().removeIf(at -> !now.isBefore(at.plus(SAME_REFUSAL)));
            return refusals.putIfAbsent(topic, now) == null;
        }

        private static String withoutFullStop(String text) {
            return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        }
    }

    /** A message of this user's. Its status only rises: sent, delivered, read. */
    private static final class Sent {
        private final String text;
        private final Optional<Broadcast> broadcast;
        private boolean delivered;
        private boolean read;

        Sent(String text, Optional<Broadcast> broadcast) {
            this.text = text;
            this.broadcast = broadcast;
        }

        /** Whether the receipt says something new. */
        boolean rise(ChatKind kind) {
            boolean isRead = kind == ChatKind.READ;
            if (read || delivered && !isRead) {
                return false;
            }
            delivered = true;
            read = isRead;
            return true;
        }
    }

    /** Something that happens in a room. */
    private record Event(ChatId room, ChatId user, Notice.Change change) {

        /** What others will be told of when the request is carried out, and this user too. */
        static Optional<Event> of(RoomsRequest request) {
            return switch (request.action()) {
                case LEAVE -> of(request, request.sender(), Notice.Change.LEFT);
                case INVITE -> of(request, request.user().orElseThrow(), Notice.Change.INVITED);
                case REMOVE -> of(request, request.user().orElseThrow(), Notice.Change.REMOVED);
                default -> Optional.empty();
            };
        }

        private static Optional<Event> of(RoomsRequest request, ChatId user, Notice.Change change) {
            return Optional.of(new Event(request.room().orElseThrow(), user, change));
        }
    }
}
