package labchat.broker.mqtt.guard;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
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
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.event.Receipt;
import labchat.protocol.event.Typing;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/**
 * Delivers the four kinds straight from the publisher's channel to the receivers' channels. What one connection
 * publishes to one receiver arrives in the order of its publishes. May be used by any event loop.
 */
final class ChatRouter implements ClientGateway {

    private record Handover(DeliveryHandler to, Delivery delivery, int qos, int[] subscriptionIds) {}

    /** What waits for one event loop; drained once per wake-up. */
    private static final class LoopQueue implements Runnable {
        private final EventLoop loop;
        private final Queue<Handover> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean awake = new AtomicBoolean();

        LoopQueue(EventLoop loop) {
            this.loop = loop;
        }

        void add(Handover handover) {
            waiting.add(handover);
            if (awake.compareAndSet(false, true)) {
                loop.execute(this);
            }
        }

        @Override
        public void run() {
            awake.set(false);
            for (Handover next = waiting.poll(); next != null; next = waiting.poll()) {
                next.to().deliver(next.delivery(), next.qos(), next.subscriptionIds());
            }
        }
    }

    /** A connection that has had no subscription for so long is not about to make one. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final GuardServices services;
    private final SubscriptionRegistry subscriptions;
    private final Guard guard;
    private final ConcurrentMap<EventLoop, LoopQueue> queues = new ConcurrentHashMap<>();

    ChatRouter(GuardServices services, SubscriptionRegistry subscriptions, Guard guard) {
        this.guard = guard;
        this.services = services;
        this.subscriptions = subscriptions;
    }

    /**
     * Delivers a chat publish that passed every check, reports it and keeps it.
     *
     * @param publisher whose publish it is; on its event loop
     * @param durable run on any thread when it may be acknowledged
     */
    void publish(Connection publisher, Delivery delivery, Optional<ChatEvent> event, boolean retain, Runnable durable) {
        if (event.isPresent() && event.get() instanceof ChatMessage message) {
            // Before its receiver has it, whose receipt may be here at once.
            guard.recentMessages().add(message.id());
        }
        int receivers = deliver(publisher, delivery);
        if (receivers == 0 && event.isPresent() && event.get() instanceof ChatMessage message) {
            adviseReceiver(delivery, message);
        }
        Instant now = services.clock().instant();
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
        if (event.isPresent() && event.get().kind() != ChatKind.TYPING) {
            services.store()
                    .messages()
                    .append(
                            new AcceptedPublish(
                                    now, event.get(), false, delivery.payload(), delivery.qos(), new byte[0]),
                            new MessageStore.Outcome() {
                                @Override
                                public void durable() {
                                    durable.run();
                                }

                                @Override
                                public void failed() {
                                    // In work.
                                }
                            });
        } else {
            durable.run();
        }
        if (event.isPresent()
                && event.get() instanceof ChatMessage message
                && delivery.topic().equals(services.chatTopics().topic(ChatId.SERVER, ChatKind.MESSAGE))) {
            services.server().message(message);
        }
    }

    /** @param publisher whose publish it is; null for the server's own */
    private int deliver(Connection publisher, Delivery delivery) {
        int count = 0;
        for (Receivers.Receiver receiver :
                subscriptions.receivers(delivery.topic()).all()) {
            Connection connection = receiver.connection();
            int granted = connection == publisher ? receiver.ownQos() : receiver.qos();
            if (granted < 0) {
                continue;
            }
            int qos = Math.min(granted, delivery.qos());
            if (connection.loop().inEventLoop()) {
                connection.delivery().deliver(delivery, qos, receiver.subscriptionIds());
            } else {
                queues.computeIfAbsent(connection.loop(), LoopQueue::new)
                        .add(new Handover(connection.delivery(), delivery, qos, receiver.subscriptionIds()));
            }
            count++;
        }
        return count;
    }

    @Override
    public void publish(String topic, byte[] payload, int qos) {
        publish(new Delivery(topic, payload, qos, PublishProperties.NONE, Optional.empty()));
    }

    /** Something of the server's own; any thread. */
    void publish(Delivery delivery) {
        deliver(null, delivery);
    }

    @Override
    public void say(ChatEvent event) {
        throw new UnsupportedOperationException("in work");
    }

    @Override
    public void endSubscriptions(ChatId user, ChatId room) {
        String tree = services.chatTopics().root() + "/" + room.value() + "/";
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
    void publishWill(Connection broken, ConnectRequest.ChatWill will) {
        ChatVerdict verdict = services.rules().judge(broken.subject().user(), will.chatTopic(), will.payload(), false);
        if (verdict instanceof ChatVerdict.Accepted accepted
                && services.acl().publish(broken.subject(), will.topic()).isAllowed()) {
            Delivery delivery = new Delivery(
                    will.topic(),
                    will.payload(),
                    will.qos(),
                    PublishProperties.of(will.properties()),
                    accepted.event().map(ChatRouter::fields));
            publish(broken, delivery, accepted.event(), false, () -> {});
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
