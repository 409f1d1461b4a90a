package labchat.client.ui;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import labchat.client.session.LabClass;
import labchat.client.session.SessionEvent;
import labchat.client.session.SessionFailure;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
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

    /** How long the receipts for a message to all may change before their count is shown. */
    static final Duration TALLY_PAUSE = Duration.ofMillis(800);

    /** The server explains a refusal beside refusing it; within this time the two are told as one. */
    private static final Duration SAME_REFUSAL = Duration.ofSeconds(5);

    private static final int REMEMBERED_MESSAGES = 10_000;

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
    private Optional<ChatId> partner = Optional.empty();
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
        configured
                .orElseGet(() -> LabClass.without(me))
                .forEach(id -> contacts.put(id, new Contact(id, Optional.empty(), Optional.empty(), false)));
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

    /** A line was typed. */
    public List<Effect> input(UserInput input, Instant now) {
        throttle.lineEnded();
        Effects effects = new Effects();
        input.accept(new InputReaction(effects, now));
        return effects.list;
    }

    /** Understands a line as this chat stands now. */
    public UserInput parse(String line) {
        return UserInput.parse(line, contacts::containsKey, partner.isPresent());
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
            receiver = UserInput.addressee(line).filter(contacts::containsKey).or(() -> partner);
        }
        Effects effects = new Effects();
        receiver.filter(to -> throttle.key(to, now)).ifPresent(to -> effects.publish(new Typing(me, to)));
        return effects.list;
    }

    /** The session told something. */
    public List<Effect> session(SessionEvent event, Instant now) {
        Effects effects = new Effects();
        event.accept(new SessionReaction(effects, now));
        return effects.list;
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
        return effects.list;
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
            sent.put(message.id(), new Sent(text, Optional.empty()));
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
            Broadcast broadcast = new Broadcast(input.text(), receivers.size());
            unsettled.add(broadcast);
            effects.show(new ChatLine.Outgoing(now, Optional.empty(), receivers.size(), input.text()));
            for (ChatId receiver : receivers) {
                ChatMessage message = new ChatMessage(me, receiver, input.text(), uuids.get());
                sent.put(message.id(), new Sent(input.text(), Optional.of(broadcast)));
                broadcast.open.put(receiver, message.id());
                effects.publish(message);
            }
            return null;
        }

        @Override
        public Void choose(UserInput.Choose input) {
            ChatId id = input.receiver();
            partner = Optional.of(id);
            if (presenceKnown && !contacts.containsKey(id)) {
                effects.note("%s is nobody the server has told of; what you write may be refused".formatted(id));
            }
            return null;
        }

        @Override
        public Void who() {
            effects.show(new ChatLine.People(presenceKnown, List.copyOf(contacts.values())));
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
                            : "connected to %s as %s; try /help".formatted(event.server(), me));
            lossTold = false;
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
            if (!typing.isEmpty()) {
                typing.clear();
                effects.typing(Set.of());
            }
            return null;
        }

        @Override
        public Void ended(SessionEvent.Ended event) {
            effects.leave(Optional.of(event.failure()));
            return null;
        }

        @Override
        public Void arrived(SessionEvent.Arrived event) {
            return event.event().receiver().equals(me) ? event.event().accept(this) : null;
        }

        @Override
        public Void message(ChatMessage message) {
            ChatId author = message.sender();
            heardFrom(author);
            if (typing.remove(author) != null) {
                effects.typing(typing.keySet());
            }
            effects.publish(new Receipt(ChatKind.DELIVERED, me, author, message.uuid()));
            if (seen.put(message.id(), true) == null) {
                effects.show(new ChatLine.Incoming(now, author, message.text()));
            }
            // After the text in the list of effects, so it tells the truth.
            effects.publish(new Receipt(ChatKind.READ, me, author, message.uuid()));
            return null;
        }

        @Override
        public Void receipt(Receipt receipt) {
            heardFrom(receipt.sender());
            Sent message = sent.get(new MessageId(me, receipt.sender(), receipt.uuid()));
            if (message == null || !message.rise(receipt.kind())) {
                return null;
            }
            if (message.broadcast.isPresent()) {
                message.broadcast.get().receipt(receipt.sender(), receipt.kind(), message.skippedDelivered, now);
            } else {
                effects.show(new ChatLine.Status(receipt.kind(), receipt.sender(), message.text));
            }
            return null;
        }

        @Override
        public Void typing(Typing hint) {
            heardFrom(hint.sender());
            if (typing.put(hint.sender(), now) == null) {
                effects.typing(typing.keySet());
            }
            return null;
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
            if (known != null && known.broadcast.isPresent()) {
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
        private boolean skippedDelivered;

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
            skippedDelivered = isRead && !delivered;
            delivered = true;
            read = isRead;
            return true;
        }
    }

    /** One text sent to all, each with a message of their own. */
    private static final class Broadcast {
        private final String text;
        private final int total;
        private final Map<ChatId, MessageId> open = new TreeMap<>();
        private final SortedSet<ChatId> failed = new TreeSet<>(Contact.ORDER);
        private int delivered;
        private int read;
        private Optional<Instant> changed = Optional.empty();

        Broadcast(String text, int total) {
            this.text = text;
            this.total = total;
        }

        void receipt(ChatId from, ChatKind kind, boolean skippedDelivered, Instant now) {
            open.remove(from);
            if (kind == ChatKind.DELIVERED || skippedDelivered) {
                delivered++;
            }
            if (kind == ChatKind.READ) {
                read++;
            }
            change(now);
        }

        /** Whether it was still open there. */
        boolean fail(ChatId receiver, Instant now) {
            boolean wasOpen = open.remove(receiver) != null;
            if (wasOpen) {
                failed.add(receiver);
                change(now);
            }
            return wasOpen;
        }

        private void change(Instant now) {
            if (changed.isEmpty()) {
                changed = Optional.of(now);
            }
        }

        boolean isTellable(Instant now) {
            return changed.isPresent() && !now.isBefore(changed.get().plus(TALLY_PAUSE));
        }

        void told() {
            changed = Optional.empty();
        }

        boolean isSettled() {
            return changed.isEmpty() && read + failed.size() == total;
        }

        ChatLine tally() {
            return new ChatLine.Tally(text, total, delivered, read, List.copyOf(failed));
        }
    }

    /** Collects effects. */
    private static final class Effects {
        private final List<Effect> list = new ArrayList<>();

        void show(ChatLine line) {
            list.add(new Effect.Show(line));
        }

        void note(String text) {
            show(new ChatLine.Note(text));
        }

        void problem(String text) {
            show(new ChatLine.Problem(text));
        }

        void publish(ChatEvent event) {
            list.add(new Effect.Publish(event));
        }

        void typing(Set<ChatId> ids) {
            list.add(new Effect.ShowTyping(ids));
        }

        void leave(Optional<SessionFailure> failure) {
            list.add(new Effect.Leave(failure));
        }
    }
}
