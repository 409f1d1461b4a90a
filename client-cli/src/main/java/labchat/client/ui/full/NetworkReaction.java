package labchat.client.ui.full;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import labchat.client.session.SessionEvent;
import labchat.client.ui.Contact;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Notice;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopic;
import labchat.protocol.topic.ChatTopics;

/** What the session's events do to the model. */
final class NetworkReaction implements SessionEvent.Visitor<Void>, ChatEvent.Visitor<Void> {

    /** How long a typing hint is good for. */
    static final Duration TYPING_LIFETIME = Duration.ofSeconds(6);

    private final ScreenModel model;
    private final ChatTopics topics;
    private final Outside outside;
    private final History history;
    /** What came with a connection, whose times are not known. */
    private final Set<Conversation> untimed = new HashSet<>();

    private boolean catchingUp;

    NetworkReaction(ScreenModel model, ChatTopics topics, Outside outside, History history) {
        this.model = model;
        this.topics = topics;
        this.outside = outside;
        this.history = history;
    }

    /** Time has passed: hints of typing that are too old are forgotten. */
    void tick() {
        model.typing.values().forEach(hints -> hints.values().removeIf(since -> !model.now.isBefore(end(since))));
        model.typing.values().removeIf(Map::isEmpty);
    }

    /** When {@link #tick} has something to do next; empty if nothing. */
    Optional<Instant> nextTick() {
        return model.typing.values().stream()
                .flatMap(hints -> hints.values().stream())
                .map(NetworkReaction::end)
                .min(Instant::compareTo);
    }

    private static Instant end(Instant since) {
        return since.plus(TYPING_LIFETIME);
    }

    /** A publish was acknowledged. */
    void acknowledged(ChatEvent event) {
        if (event instanceof ChatMessage message) {
            own(message).ifPresent(Item::acknowledge);
        }
    }

    private Optional<Item> own(ChatMessage message) {
        return Optional.ofNullable(model.conversations.get(message.receiver()))
                .flatMap(conversation -> conversation.find(message.id()));
    }

    private void say(Conversation conversation, Item.Kind kind, String text) {
        conversation.add(Item.said(kind, text, model.now));
    }

    @Override
    public Void connected(SessionEvent.Connected event) {
        model.link = ScreenModel.Link.CONNECTED;
        model.server = event.server();
        if (event.again()) {
            say(model.home, Item.Kind.NOTE, "connected again");
        } else {
            say(
                    model.home,
                    Item.Kind.NOTE,
                    "connected to %s as %s. Ctrl-K finds somebody to write to, F1 lists the keys."
                            .formatted(event.server(), model.me));
        }
        catchingUp = true;
        return null;
    }

    @Override
    public Void connectionLost(SessionEvent.ConnectionLost event) {
        if (model.link == ScreenModel.Link.CONNECTED) {
            say(
                    model.home,
                    Item.Kind.NOTE,
                    "connection lost: %s. It is made again by itself; what you write meanwhile is sent then."
                            .formatted(event.reason()));
        }
        model.link = ScreenModel.Link.LOST;
        model.typing.clear();
        catchingUp = false;
        return null;
    }

    @Override
    public Void ended(SessionEvent.Ended event) {
        outside.leave(Optional.of(event.failure()));
        return null;
    }

    @Override
    public Void caughtUp(SessionEvent.CaughtUp event) {
        catchingUp = false;
        if (event.serverAnswers()) {
            history.startPage();
            untimed.add(model.current);
            untimed.forEach(history::refresh);
        }
        untimed.clear();
        return null;
    }

    @Override
    public Void arrived(SessionEvent.Arrived event) {
        return event.event().accept(this);
    }

    @Override
    public Void message(ChatMessage message) {
        ChatId author = message.sender();
        Optional<ChatId> room =
                message.receiver().equals(model.me) ? Optional.empty() : Optional.of(message.receiver());
        Conversation conversation = model.with(room.orElse(author));
        Optional<Item> known = conversation.find(message.id());
        if (room.isPresent() && author.equals(model.me)) {
            // It is there already, unless another of this user's programs wrote it.
            if (known.isEmpty()) {
                Item item = Item.outgoing(message.id(), message.text(), model.now);
                item.acknowledge();
                conversation.add(item);
            }
            return null;
        }
        heardFrom(author);
        Optional.ofNullable(model.typing.get(room.orElse(author))).ifPresent(hints -> hints.remove(author));
        outside.publish(new Receipt(ChatKind.DELIVERED, model.me, author, message.uuid(), room));
        if (known.isPresent()) {
            conversation.arrivedAfterHistory(known.get());
            if (known.get().isSeen() && model.receipts) {
                outside.publish(new Receipt(ChatKind.READ, model.me, author, message.uuid(), room));
            }
            return null;
        }
        conversation.arrived(Item.incoming(message.id(), message.text(), model.now));
        if (catchingUp) {
            untimed.add(conversation);
        }
        if (!model.isLookedAt(conversation)) {
            if (conversation == model.current) {
                conversation.markLeftOff();
            }
            outside.notify(
                    room.map(id -> "%s writes in %s".formatted(author, id)).orElse(author + " writes"));
        }
        return null;
    }

    private void heardFrom(ChatId id) {
        if (!id.equals(model.me) && !model.contactsConfigured) {
            model.contacts.putIfAbsent(id, new Contact(id, Optional.empty(), Optional.empty(), true));
        }
    }

    @Override
    public Void receipt(Receipt receipt) {
        if (receipt.receiver().equals(model.me)) {
            ChatId with = receipt.room().orElse(receipt.sender());
            Optional.ofNullable(model.conversations.get(with))
                    .flatMap(conversation -> conversation.find(new MessageId(model.me, with, receipt.uuid())))
                    .ifPresent(item -> {
                        if (receipt.kind() == ChatKind.READ) {
                            item.read(receipt.sender(), model.now);
                        } else {
                            item.delivered(receipt.sender(), model.now);
                        }
                    });
        }
        return null;
    }

    @Override
    public Void typing(Typing hint) {
        if (!hint.sender().equals(model.me)) {
            ChatId where = hint.receiver().equals(model.me) ? hint.sender() : hint.receiver();
            model.typing.computeIfAbsent(where, id -> new HashMap<>()).put(hint.sender(), model.now);
        }
        return null;
    }

    @Override
    public Void presence(SessionEvent.Presence event) {
        if (!model.presenceKnown && !model.contactsConfigured) {
            // From here on the server's list holds, and those who were heard of.
            model.contacts.values().removeIf(contact -> !contact.heard());
        }
        model.presenceKnown = true;
        if (!event.id().equals(model.me) && (!model.contactsConfigured || model.contacts.containsKey(event.id()))) {
            model.contacts.put(event.id(), new Contact(event.id(), Optional.of(event.online()), event.since(), true));
        }
        return null;
    }

    @Override
    public Void rooms(SessionEvent.Rooms event) {
        model.rooms.learn(event.answer());
        return null;
    }

    @Override
    public Void notice(SessionEvent.NoticeCame event) {
        Notice notice = event.notice();
        model.rooms.learn(notice);
        boolean invitation = notice.user().equals(model.me) && notice.change() == Notice.Change.INVITED;
        if (invitation) {
            String text = "%s; /join %s gets you in".formatted(notice.text(), notice.room());
            say(model.home, Item.Kind.NOTE, text);
            model.hint = Optional.of(text);
        } else {
            say(model.with(notice.room()), Item.Kind.NOTE, notice.text());
        }
        return null;
    }

    @Override
    public Void malformed(SessionEvent.Malformed event) {
        say(
                model.home,
                Item.Kind.NOTE,
                "something on %s was no chat message and is not shown: %s".formatted(event.topic(), event.reason()));
        return null;
    }

    @Override
    public Void diagnostics(SessionEvent.Diagnostics event) {
        String reason = withoutFullStop(event.reason())
                + "."
                + event.hint().map(hint -> " " + hint).orElse("");
        Optional<ChatTopic> topic = event.topic().flatMap(topics::parse).filter(t -> t.kind() == ChatKind.MESSAGE);
        if (event.isRefusal() && topic.isPresent()) {
            Conversation conversation = model.with(topic.get().receiver());
            // The explanation quotes the beginning of what was sent, which may not reach to the uuid.
            List<Item> open = conversation.items().stream()
                    .filter(item ->
                            item.kind() == Item.Kind.OUTGOING && item.id().isPresent())
                    .filter(item -> item.delivered().isEmpty())
                    .toList();
            Optional<Item> refused = open.stream()
                    .filter(item -> event.received()
                            .payload()
                            .contains(item.id().orElseThrow().uuid().value()))
                    .findFirst()
                    .or(() -> open.stream()
                            .filter(item -> item.failure().isEmpty())
                            .findFirst());
            if (refused.isPresent()) {
                refused.get().fail(topic.get().receiver(), reason);
                return null;
            }
        }
        String about = event.isRefusal()
                ? event.topic()
                        .map("the server did not pass on what you sent to %s"::formatted)
                        .orElse("the server explains")
                : "the server explains";
        say(model.home, Item.Kind.PROBLEM, about + ": " + reason);
        model.hint = Optional.of(about + ": " + reason);
        return null;
    }

    @Override
    public Void unsent(SessionEvent.Unsent event) {
        String reason = withoutFullStop(event.failure().message()) + ".";
        if (event.event() instanceof ChatMessage message) {
            own(message).ifPresent(item -> item.fail(message.receiver(), reason));
        } else if (event.event() instanceof Receipt) {
            model.hint = Optional.of(
                    "a receipt for %s was not sent: %s".formatted(event.event().receiver(), reason));
        }
        return null;
    }

    private static String withoutFullStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
