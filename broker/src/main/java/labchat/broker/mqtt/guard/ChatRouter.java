package labchat.broker.mqtt.guard;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import labchat.broker.chat.ChatVerdict;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientGateway;
import labchat.broker.event.Refusal;
import labchat.broker.store.AcceptedPublish;
import labchat.broker.store.MessageStore;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopic;

/**
 * Delivers straight from the publisher's channel to the receivers' channels, and keeps the four kinds in the store. What one connection
 * publishes to one receiver arrives in the order of its publishes. May be used by any event loop.
 */
final class ChatRouter implements ClientGateway {

    /** What waits for one event loop; done once per wake-up, so that a commit's acknowledgements leave in one flush. */
    private static final class LoopQueue implements Runnable {
        private final EventLoop loop;
        private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean awake = new AtomicBoolean();

        LoopQueue(EventLoop loop) {
            this.loop = loop;
        }

        void add(Runnable task) {
            waiting.add(task);
            if (awake.compareAndSet(false, true)) {
                loop.execute(this);
            }
        }

        @Override
        public void run() {
            awake.set(false);
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                next.run();
            }
        }
    }

    /** A connection that has had no subscription for so long is not about to make one. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final ChatCodec CODEC = new ChatCodec(ProtocolLimits.DEFAULT);

    private static final Refusal REPEATED_UUID = Refusal.of(
                    "repeated_uuid",
                    "you have sent this receiver another message with the same uuid before, so this one was taken for a repetition and not delivered")
            .withHint("Make a new uuid for each message; in Python: str(uuid.uuid4()).");

    /** For what nobody is to acknowledge. */
    private static final MessageStore.Outcome NOBODY_WAITS = new MessageStore.Outcome() {
        @Override
        public void durable() {
            // Nothing follows.
        }

        @Override
        public void failed() {
            // The store says so itself, once.
        }
    };

    private final GuardServices services;
    private final SubscriptionRegistry subscriptions;
    private final Guard guard;
    private final ConcurrentMap<EventLoop, LoopQueue> queues = new ConcurrentHashMap<>();

    ChatRouter(GuardServices services, SubscriptionRegistry subscriptions, Guard guard) {
        this.guard = guard;
        this.services = services;
        this.subscriptions = subscriptions;
    }

    /** Runs it on the loop of a connection, soon, in the order of the calls. */
    void onLoopOf(Connection connection, Runnable task) {
        queues.computeIfAbsent(connection.loop(), LoopQueue::new).add(task);
    }

    /**
     * Keeps a chat publish that passed every check, delivers it and reports it.
     *
     * @param publisher whose publish it is; on its event loop
     * @param outcome hears whether it may be acknowledged
     */
    void publish(
            Connection publisher,
            Delivery delivery,
            ChatTopic topic,
            Optional<ChatEvent> event,
            boolean retain,
            MessageStore.Outcome outcome) {
        // Before its receiver has it, whose receipt may be here at once.
        boolean otherText = event.isPresent()
                && event.get() instanceof ChatMessage message
                && guard.recentMessages().add(message);
        Instant now = services.clock().instant();
        int receivers = 0;
        if (event.isEmpty() || event.get().kind() == ChatKind.TYPING) {
            receivers = deliver(publisher, delivery, Map.of());
            outcome.durable();
        } else {
            long sequence = keep(delivery, topic, event.get(), now, outcome);
            if (sequence != MessageStore.REPEATED) {
                receivers = deliverKept(publisher, delivery.withSequence(sequence), topic, event.get());
                tellTheServer(topic, event.get());
            } else if (otherText) {
                publisher.reportAdvice(delivery.topic(), REPEATED_UUID, delivery.payload());
            }
        }
        services.events()
                .onEvent(new BrokerEvent.MessagePublished(
                        now,
                        publisher.identity(),
                        delivery.topic(),
                        delivery.qos(),
                        retain,
                        delivery.payload().length,
                        delivery.chat(),
                        receivers));
    }

    /**
     * Delivers a publish beside the chat and reports it.
     *
     * @param publisher whose publish it is; on its event loop
     * @param retain whether it was published with the RETAIN flag
     * @return false if it is to be retained and there is no room; then it goes to nobody
     */
    boolean publishBesideChat(Connection publisher, Delivery delivery, boolean retain) {
        // First, so that whoever subscribes meanwhile gets the newest one way or the other.
        if (retain && !guard.retained().keep(delivery)) {
            return false;
        }
        int receivers = 0;
        for (Receivers.Receiver receiver :
                subscriptions.receivers(delivery.topic()).all()) {
            int granted = receiver.connection() == publisher ? receiver.ownQos() : receiver.qos();
            if (granted >= 0) {
                // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
                Delivery flagged = retain && receiver.retainAsPublished() ? delivery.asRetained() : delivery;
                handOver(receiver, flagged, Math.min(granted, delivery.qos()), null);
                receivers++;
            }
        }
        services.events()
                .onEvent(new BrokerEvent.MessagePublished(
                        services.clock().instant(),
                        publisher.identity(),
                        delivery.topic(),
                        delivery.qos(),
                        retain,
                        delivery.payload().length,
                        Optional.empty(),
                        receivers));
        return true;
    }

    private void tellTheServer(ChatTopic topic, ChatEvent event) {
        if (topic.receiver().equals(ChatId.SERVER) && event instanceof ChatMessage message) {
            services.server().message(message);
        }
    }

    private long keep(Delivery delivery, ChatTopic topic, ChatEvent event, Instant now, MessageStore.Outcome outcome) {
        // Before it is kept: where a member's part of a room begins must not be noted behind it.
        guard.inboxes().owners(delivery.topic(), topic);
        return services.store()
                .messages()
                .append(
                        new AcceptedPublish(
                                now,
                                event,
                                services.rooms().isRoom(event.receiver()),
                                delivery.payload(),
                                delivery.qos(),
                                delivery.properties().toKeep(now)),
                        outcome);
    }

    /** @param publisher whose publish it is; null for the server's own */
    private int deliverKept(Connection publisher, Delivery delivery, ChatTopic topic, ChatEvent event) {
        if (delivery.sequence() == MessageStore.NOT_KEPT) {
            return delivered(deliver(publisher, delivery, Map.of()), delivery, event);
        }
        Map<String, Inbox> owners = guard.inboxes().owners(delivery.topic(), topic);
        Receivers before = subscriptions.receivers(delivery.topic());
        owners.forEach((user, inbox) -> note(inbox, delivery, event, before));
        int count = deliver(publisher, delivery, owners, before);
        Receivers after = subscriptions.receivers(delivery.topic());
        if (after != before) {
            // Who subscribed in between found the publish neither waiting nor on its way.
            count += deliverToLate(delivery, owners, before, after);
        }
        return delivered(count, delivery, event);
    }

    private static void note(Inbox inbox, Delivery delivery, ChatEvent event, Receivers receivers) {
        boolean inRoom = !inbox.receiver().equals(inbox.user());
        if (inRoom && event.sender().equals(inbox.user())) {
            inbox.own(delivery.sequence());
        } else {
            inbox.published(delivery.sequence(), receivers.reach(inbox.user().value()));
        }
    }

    private int deliverToLate(Delivery delivery, Map<String, Inbox> owners, Receivers before, Receivers after) {
        int count = 0;
        for (Receivers.Receiver receiver : after.without(before)) {
            Inbox inbox = inboxOf(receiver.connection(), owners);
            if (inbox != null) {
                inbox.sentAgain(delivery.sequence());
                handOver(receiver, delivery, Math.min(receiver.qos(), delivery.qos()), inbox);
                count++;
            }
        }
        return count;
    }

    private int delivered(int receivers, Delivery delivery, ChatEvent event) {
        if (receivers == 0 && event instanceof ChatMessage message) {
            adviseReceiver(delivery, message);
        }
        return receivers;
    }

    private int deliver(Connection publisher, Delivery delivery, Map<String, Inbox> owners) {
        return deliver(publisher, delivery, owners, subscriptions.receivers(delivery.topic()));
    }

    /** @param publisher whose publish it is; null for the server's own */
    private int deliver(Connection publisher, Delivery delivery, Map<String, Inbox> owners, Receivers receivers) {
        int count = 0;
        for (Receivers.Receiver receiver : receivers.all()) {
            int granted = receiver.connection() == publisher ? receiver.ownQos() : receiver.qos();
            if (granted >= 0) {
                handOver(receiver, delivery, Math.min(granted, delivery.qos()), inboxOf(receiver.connection(), owners));
                count++;
            }
        }
        return count;
    }

    private static Inbox inboxOf(Connection connection, Map<String, Inbox> owners) {
        Optional<String> user = connection.subject().user();
        return owners.isEmpty() || user.isEmpty() ? null : owners.get(user.get());
    }

    private void handOver(Receivers.Receiver receiver, Delivery delivery, int qos, Inbox inbox) {
        Connection connection = receiver.connection();
        if (connection.loop().inEventLoop()) {
            connection.delivery().deliver(delivery, qos, receiver.subscriptionIds(), inbox);
        } else {
            onLoopOf(connection, () -> connection.delivery().deliver(delivery, qos, receiver.subscriptionIds(), inbox));
        }
    }

    @Override
    public void publish(String topic, byte[] payload, int qos) {
        publish(new Delivery(topic, payload, qos, PublishProperties.NONE, Optional.empty()));
    }

    /**
     * Something of the server's own for one user only, whoever else may read the topic; any thread.
     *
     * @param user empty for clients without a name
     */
    void publishTo(Optional<String> user, Delivery delivery) {
        for (Receivers.Receiver receiver :
                subscriptions.receivers(delivery.topic()).all()) {
            if (receiver.connection().subject().user().equals(user)) {
                handOver(receiver, delivery, Math.min(receiver.qos(), delivery.qos()), null);
            }
        }
    }

    /** Something of the server's own for one connection, if it is subscribed to it; any thread. */
    void publishTo(Connection connection, Delivery delivery) {
        for (Receivers.Receiver receiver :
                subscriptions.receivers(delivery.topic()).all()) {
            if (receiver.connection() == connection) {
                handOver(receiver, delivery, Math.min(receiver.qos(), delivery.qos()), null);
            }
        }
    }

    /** Something of the server's own; any thread. */
    void publish(Delivery delivery) {
        deliver(null, delivery, Map.of());
    }

    @Override
    public void say(ChatEvent event) {
        if (event instanceof ChatMessage message) {
            // Before its receiver has it, whose receipt may be here at once.
            guard.recentMessages().add(message);
        }
        String topic = services.chatTopics().topic(event.receiver(), event.kind());
        Delivery delivery =
                new Delivery(topic, CODEC.encode(event), 1, PublishProperties.NONE, Optional.of(fields(event)));
        ChatTopic parsed = new ChatTopic(event.receiver(), event.kind());
        long sequence = keep(delivery, parsed, event, services.clock().instant(), NOBODY_WAITS);
        if (sequence != MessageStore.REPEATED) {
            deliverKept(null, delivery.withSequence(sequence), parsed, event);
        }
    }

    @Override
    public void endSubscriptions(ChatId user, ChatId room) {
        String tree = services.chatTopics().root() + "/" + room.value() + "/";
        guard.sessions().endSubscriptions(user.value(), tree);
        for (Connection connection : guard.connectionsOf(user.value())) {
            connection.loop().execute(() -> connection.subscriber().endSubscriptions(tree));
        }
    }

    /** Somebody is connected and gets nothing, because no subscription of theirs covers it. */
    private void adviseReceiver(Delivery delivery, ChatEvent event) {
        Instant settled = services.clock().instant().minus(SETTLED);
        guard.connectionsOf(event.receiver().value()).stream()
                .filter(connection -> connection.since().isBefore(settled))
                .findFirst()
                .ifPresent(connection -> connection.reportAdvice(
                        delivery.topic(),
                        new Refusal(
                                "not_subscribed",
                                "%s sent you a message, but no subscription of yours covers \"%s\""
                                        .formatted(event.sender(), delivery.topic()),
                                Optional.empty(),
                                "Subscribe to %s"
                                        .formatted(services.chatTopics().inbox(event.receiver()))),
                        delivery.payload()));
    }

    /** Publishes the Will of a connection that broke; it was judged when the connection was made. */
    void publishWill(Connection broken, ConnectRequest.Will will) {
        boolean mayStill = broken.isLoginStillGood()
                && services.acl().publish(broken.subject(), will.topic()).isAllowed();
        if (!mayStill) {
            return;
        }
        PublishProperties properties = PublishProperties.of(will.properties());
        if (will.chatTopic().isEmpty()) {
            Delivery delivery = new Delivery(will.topic(), will.payload(), will.qos(), properties, Optional.empty());
            publishBesideChat(broken, delivery, will.retain());
            return;
        }
        ChatTopic topic = will.chatTopic().get();
        ChatVerdict verdict = services.rules().judge(broken.subject().user(), topic, will.payload(), false);
        if (verdict instanceof ChatVerdict.Accepted accepted) {
            Delivery delivery = new Delivery(
                    will.topic(),
                    will.payload(),
                    will.qos(),
                    properties,
                    accepted.event().map(ChatRouter::fields));
            publish(broken, delivery, topic, accepted.event(), false, NOBODY_WAITS);
        }
    }

    /** What logs may say of an event. */
    static ChatFields fields(ChatEvent event) {
        String uuid = event.accept(new ChatEvent.Visitor<String>() {
            @Override
            public String message(ChatMessage message) {
                return message.uuid().value();
            }

            @Override
            public String receipt(Receipt receipt) {
                return receipt.uuid().value();
            }

            @Override
            public String typing(Typing typing) {
                return "";
            }
        });
        return new ChatFields(
                event.kind().level(), event.sender().value(), event.receiver().value(), uuid);
    }
}
