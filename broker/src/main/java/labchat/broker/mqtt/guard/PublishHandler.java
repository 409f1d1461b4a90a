package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import labchat.broker.acl.AclDecision;
import labchat.broker.acl.RuleOrigin;
import labchat.broker.chat.ChatVerdict;
import labchat.broker.event.BrokerEvent;
import labchat.broker.event.BrokerEvent.ClientDisconnected.Cause;
import labchat.broker.event.BrokerEventListener.Wait;
import labchat.broker.event.ChatFields;
import labchat.broker.event.Refusal;
import labchat.broker.event.ServerAccount;
import labchat.broker.store.MessageStore;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.MessageId;
import labchat.protocol.topic.ChatKind;
import labchat.protocol.topic.ChatTopic;
import labchat.protocol.topic.ServerTopic;

/**
 * Judges every PUBLISH: topic, right, and for the four kinds the payload. What is refused is acknowledged as the
 * protocol's version demands and goes nowhere; the rest goes to the router, and nothing to Moquette. The receiving side of
 * QoS 2 is kept here, so that a repeated publish is passed on once.
 */
final class PublishHandler extends ChannelInboundHandlerAdapter {

    /** Reason codes of PUBACK and PUBREC, version 5. */
    private static final int SUCCESS = 0x00;

    private static final int IMPLEMENTATION_SPECIFIC_ERROR = 0x83;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int TOPIC_NAME_INVALID = 0x90;
    private static final int PACKET_ID_NOT_FOUND = 0x92;
    private static final int QUOTA_EXCEEDED = 0x97;
    private static final int PAYLOAD_FORMAT_INVALID = 0x99;

    private static final int QUOTED_BYTES = 1024;

    /** Where the receiving of a QoS 2 publish stands. */
    private enum Exchange {
        /** Not answered yet. */
        PENDING,
        /** We sent PUBREC. */
        RECEIVED
    }

    private final Connection connection;
    private final GuardServices services;
    private final Throttle throttle;
    private boolean advisedOfQos;
    private boolean waitsForStore;
    private final IntObjectMap<Exchange> exchanges = new IntObjectHashMap<>();
    private final KnownTopics.Rights rights = new KnownTopics.Rights();

    PublishHandler(Connection connection) {
        this.connection = connection;
        this.services = connection.services();
        this.throttle = new Throttle(connection);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!(msg instanceof MqttMessage packet) || !take(packet)) {
            ctx.fireChannelRead(msg);
        }
    }

    /** Takes a PUBLISH or PUBREL; gives false if it is neither. */
    boolean take(MqttMessage packet) {
        if (packet instanceof MqttPublishMessage publish) {
            publish(publish);
            return true;
        }
        if (packet.fixedHeader().messageType() == MqttMessageType.PUBREL) {
            release(packet);
            return true;
        }
        return false;
    }

    /** A publish that came before the client left. */
    void publishAfterTheEnd(MqttPublishMessage publish) {
        publish(publish);
    }

    private void publish(MqttPublishMessage publish) {
        throttle.count();
        if (breaksProtocol(publish)) {
            ReferenceCountUtil.release(publish);
            return;
        }
        int qos = publish.fixedHeader().qosLevel().value();
        int packetId = publish.variableHeader().packetId();
        if (qos == 2 && isRepeated(packetId)) {
            ReferenceCountUtil.release(publish);
            return;
        }
        String topic = publish.variableHeader().topicName();
        KnownTopics topics = connection.guard().topics();
        KnownTopics.Page page = topics.page();
        long epoch = services.acl().epoch();
        KnownTopics.Topic known = page.find(topic);
        if (known == null || !rights.allow(page, epoch, known)) {
            Optional<Refusal> problem =
                    Topics.problemOfName(topic, services.settings().limits());
            if (problem.isPresent()) {
                forbid(publish, TOPIC_NAME_INVALID, problem.get());
                return;
            }
            if (services.acl().publish(connection.subject(), topic) instanceof AclDecision.Denied denied) {
                forbid(
                        publish,
                        NOT_AUTHORIZED,
                        new Refusal("acl_denied", denied.reason(), denied.rule().map(RuleOrigin::toString)));
                return;
            }
            known = topics.remember(page, known == null ? topics.parse(topic) : known);
            rights.add(page, epoch, known);
        }
        if (known.chat().isPresent()) {
            chat(publish, known, known.chat().get());
        } else if (known.server().isPresent()) {
            request(publish, known.server().get());
        } else if (Topics.isServers(services.chatTopics(), topic)) {
            // It would go to whoever may read it, and nobody would answer.
            forbid(publish, TOPIC_NAME_INVALID, Topics.noRequest(topic));
        } else if (isSaidToBeTextButIsNot(publish)) {
            forbid(
                    publish,
                    PAYLOAD_FORMAT_INVALID,
                    Refusal.of("not_utf8", "the payload is not UTF-8, although its Payload Format Indicator says so"));
        } else {
            services.explainer()
                    .receiver(topic)
                    .ifPresentOrElse(bad -> forbid(publish, TOPIC_NAME_INVALID, bad), () -> besideChat(publish));
        }
    }

    /** The server's own topics: it takes requests on some, on all others it alone publishes, whatever the rights. */
    private void request(MqttPublishMessage publish, ServerTopic serverTopic) {
        String topic = publish.variableHeader().topicName();
        if (!serverTopic.isRequest()) {
            forbid(publish, NOT_AUTHORIZED, Topics.onlyTheServers(topic));
            return;
        }
        if (!services.server().serves(serverTopic.level())) {
            forbid(publish, TOPIC_NAME_INVALID, Topics.noRequest(topic));
            return;
        }
        byte[] payload = ByteBufUtil.getBytes(publish.payload());
        ServerAccount.Answers answers = new RequestAnswers(
                connection, serverTopic, publish.variableHeader().properties());
        Optional<Refusal> refusal = publish.fixedHeader().isRetain()
                ? Optional.of(Refusal.of("retained_chat", "a request is not retained: publish without the retain flag"))
                : services.server().request(connection.subject().user(), serverTopic.level(), payload, answers);
        if (refusal.isPresent()) {
            refuse(publish, PAYLOAD_FORMAT_INVALID, explained(publish, payload, refusal.get()), payload);
            return;
        }
        services.events()
                .onEvent(new BrokerEvent.MessagePublished(
                        connection.now(),
                        connection.identity(),
                        topic,
                        publish.fixedHeader().qosLevel().value(),
                        false,
                        payload.length,
                        Optional.empty(),
                        1));
        connection.tracer().incomingIsSettled();
        int qos = publish.fixedHeader().qosLevel().value();
        int packetId = publish.variableHeader().packetId();
        ReferenceCountUtil.release(publish);
        answer(qos, packetId, SUCCESS, "");
    }

    /** [MQTT-3.3.2-4] */
    private static boolean isSaidToBeTextButIsNot(MqttPublishMessage publish) {
        MqttProperties.MqttProperty<?> indicator =
                publish.variableHeader().properties().getProperty(MqttPropertyType.PAYLOAD_FORMAT_INDICATOR.value());
        return indicator != null
                && Integer.valueOf(1).equals(indicator.value())
                && !ByteBufUtil.isText(publish.payload(), StandardCharsets.UTF_8);
    }

    private boolean breaksProtocol(MqttPublishMessage publish) {
        if (publish.fixedHeader().qosLevel().value() > 0
                && publish.variableHeader().packetId() == 0) {
            // [MQTT-2.3.1-1], in version 5 [MQTT-2.2.1-3]
            connection.closeFor(
                    MqttReasonCodes.Disconnect.PROTOCOL_ERROR,
                    "PUBLISH",
                    Refusal.of("protocol_error", "a PUBLISH of QoS 1 or 2 needs a packet id, not 0"));
            return true;
        }
        if (!connection.isVersion5()) {
            return false;
        }
        var properties = publish.variableHeader().properties();
        if (properties.getProperty(MqttPropertyType.TOPIC_ALIAS.value()) != null) {
            // [MQTT-3.3.2-9]: CONNACK announced a maximum of 0
            connection.closeFor(
                    MqttReasonCodes.Disconnect.TOPIC_ALIAS_INVALID,
                    "PUBLISH",
                    Refusal.of("topic_alias", "topic aliases are not available: Topic Alias Maximum is 0"));
            return true;
        }
        if (!properties
                .getProperties(MqttPropertyType.SUBSCRIPTION_IDENTIFIER.value())
                .isEmpty()) {
            // [MQTT-3.3.4-6]
            connection.closeFor(
                    MqttReasonCodes.Disconnect.PROTOCOL_ERROR,
                    "PUBLISH",
                    Refusal.of("protocol_error", "a client's PUBLISH has no Subscription Identifier"));
            return true;
        }
        return false;
    }

    /** Whether this packet id is still in use [MQTT-4.3.3-10]; a repeated publish is answered again, not passed on. */
    private boolean isRepeated(int packetId) {
        Exchange exchange = exchanges.get(packetId);
        if (exchange == null) {
            return false;
        }
        if (exchange == Exchange.RECEIVED) {
            connection.delivery().acknowledge(MqttMessageType.PUBREC, packetId, SUCCESS, "");
        }
        return true;
    }

    private void chat(MqttPublishMessage publish, KnownTopics.Topic known, ChatTopic chatTopic) {
        byte[] payload = ByteBufUtil.getBytes(publish.payload());
        boolean retain = publish.fixedHeader().isRetain();
        ChatVerdict verdict = services.rules().judge(connection.subject().user(), chatTopic, payload, retain);
        if (verdict instanceof ChatVerdict.Rejected rejected) {
            int reason = switch (rejected.ground()) {
                case NOT_AUTHORIZED -> NOT_AUTHORIZED;
                case PAYLOAD -> PAYLOAD_FORMAT_INVALID;
                case TOPIC -> TOPIC_NAME_INVALID;
            };
            refuse(publish, reason, explained(publish, payload, rejected.refusal()), payload);
            return;
        }
        ChatVerdict.Accepted accepted = (ChatVerdict.Accepted) verdict;
        boolean isKept = accepted.event().isPresent() && accepted.event().get().kind() != ChatKind.TYPING;
        Optional<String> problem = services.store().messages().problem();
        if (isKept && problem.isPresent()) {
            int packetId = publish.variableHeader().packetId();
            connection.reportRefusedPacket(
                    "PUBLISH", publish.variableHeader().topicName(), storeFailed(problem.get()), payload);
            int qos = publish.fixedHeader().qosLevel().value();
            ReferenceCountUtil.release(publish);
            refuseToKeep(qos, packetId);
            return;
        }
        String topic = publish.variableHeader().topicName();
        accepted.warning()
                .ifPresent(warning -> connection.reportRefusedPacket(
                        "PUBLISH", topic, explained(publish, payload, warning), payload));
        accepted.event().ifPresent(event -> advise(publish, event, payload));
        Optional<ChatFields> fields = accepted.event().map(ChatRouter::fields);
        fields.ifPresent(connection.tracer()::chat);
        connection.tracer().incomingIsSettled();
        int qos = publish.fixedHeader().qosLevel().value();
        int packetId = publish.variableHeader().packetId();
        PublishProperties properties =
                PublishProperties.of(publish.variableHeader().properties());
        ReferenceCountUtil.release(publish);
        if (qos == 2) {
            exchanges.put(packetId, Exchange.PENDING);
        }
        if (qos > 0) {
            connection.publishPending();
        }
        connection
                .guard()
                .router()
                .publish(
                        connection,
                        new Delivery(known, payload, qos, properties, fields),
                        chatTopic,
                        accepted.event(),
                        retain,
                        new Kept(qos, packetId));
        if (isKept) {
            waitIfTheStoreIsBehind();
        }
    }

    /** Answers a publish when the store has it, or cannot have it. */
    private final class Kept implements MessageStore.Outcome {
        private final int qos;
        private final int packetId;
        private final long since = connection.nanosIfWanted();

        Kept(int qos, int packetId) {
            this.qos = qos;
            this.packetId = packetId;
        }

        @Override
        public void durable() {
            whenDurable(qos, packetId, since);
        }

        @Override
        public void failed() {
            connection.guard().router().onLoopOf(connection, this::refuse);
        }

        private void refuse() {
            if (qos > 0) {
                connection.publishSettled();
            }
            Refusal refusal = storeFailed(services.store().messages().problem().orElse("it was not written"));
            connection.reportRefusedPacket("PUBLISH", "", refusal, Connection.NO_PAYLOAD);
            refuseToKeep(qos, packetId);
        }
    }

    private static Refusal storeFailed(String problem) {
        return Refusal.of("store_failed", "the server cannot keep messages at the moment: " + problem)
                .withHint("Nothing is wrong with what you sent: send it again in a while.");
    }

    /** What cannot be kept is never acknowledged: version 3 has no other word for that than the connection's end. */
    private void refuseToKeep(int qos, int packetId) {
        if (qos == 0) {
            return;
        }
        if (connection.isVersion5()) {
            String problem = services.store().messages().problem().orElse("");
            answer(
                    qos,
                    packetId,
                    problem.contains("full") ? QUOTA_EXCEEDED : IMPLEMENTATION_SPECIFIC_ERROR,
                    connection.wantsReasonString() ? storeFailed(problem).words() : "");
        } else {
            connection.closeWith(
                    MqttReasonCodes.Disconnect.IMPLEMENTATION_SPECIFIC_ERROR,
                    Cause.CLOSED_BY_BROKER,
                    "the server cannot keep messages at the moment");
        }
    }

    /** The store's backlog is bounded over all connections: who adds to it is read from again when it is shorter. */
    private void waitIfTheStoreIsBehind() {
        if (waitsForStore || !services.store().messages().isBehind()) {
            return;
        }
        waitsForStore = true;
        connection.pauseReading();
        services.store()
                .messages()
                .whenCaughtUp(() -> connection.loop().execute(() -> {
                    waitsForStore = false;
                    connection.resumeReading();
                }));
    }

    /** Any thread. */
    private void whenDurable(int qos, int packetId, long since) {
        if (qos == 0) {
            return;
        }
        if (connection.loop().inEventLoop()) {
            accept(qos, packetId, since);
        } else {
            connection.guard().router().onLoopOf(connection, () -> accept(qos, packetId, since));
        }
    }

    private void accept(int qos, int packetId, long since) {
        connection.publishSettled();
        answer(qos, packetId, SUCCESS, "");
        connection.reportWait(Wait.ACKNOWLEDGEMENT, since);
    }

    private void answer(int qos, int packetId, int reason, String reasonString) {
        if (qos == 1) {
            connection.delivery().acknowledge(MqttMessageType.PUBACK, packetId, reason, reasonString);
        } else if (qos == 2) {
            if (connection.isVersion5() && reason >= 0x80) {
                // [MQTT-4.3.3-9]: this ends the exchange
                exchanges.remove(packetId);
            } else {
                exchanges.put(packetId, Exchange.RECEIVED);
            }
            connection.delivery().acknowledge(MqttMessageType.PUBREC, packetId, reason, reasonString);
        }
    }

    private Refusal explained(MqttPublishMessage publish, byte[] payload, Refusal refusal) {
        String topic = publish.variableHeader().topicName();
        return services.explainer().payload(connection.subject().user(), topic, payload, refusal);
    }

    /** Correct as they are, but not what the author wants. */
    private void advise(MqttPublishMessage publish, ChatEvent event, byte[] payload) {
        String topic = publish.variableHeader().topicName();
        if (publish.fixedHeader().qosLevel().value() < event.kind().qos() && !advisedOfQos) {
            advisedOfQos = true;
            connection.reportAdvice(
                    topic,
                    new Refusal(
                            "qos_0",
                            "a %s was published at QoS 0, which may be lost without notice".formatted(event.kind()),
                            Optional.empty(),
                            "Publish messages and receipts at QoS 1; in paho-mqtt: publish(topic, payload, qos=1)."),
                    payload);
        }
        if (event instanceof Receipt receipt
                && receipt.room().isEmpty()
                && connection
                        .guard()
                        .recentMessages()
                        .neverSaw(new MessageId(receipt.receiver(), receipt.sender(), receipt.uuid()))
                && !services.store()
                        .messages()
                        .knows(new MessageId(receipt.receiver(), receipt.sender(), receipt.uuid()))) {
            connection.reportAdvice(
                    topic,
                    new Refusal(
                            "unknown_message",
                            "%s never sent %s a message with the uuid \"%s\""
                                    .formatted(receipt.receiver(), receipt.sender(), receipt.uuid()),
                            Optional.empty(),
                            "A receipt repeats the uuid of the message, and goes to its author's topic."),
                    payload);
        }
    }

    private void forbid(MqttPublishMessage publish, int reason, Refusal refusal) {
        String topic = publish.variableHeader().topicName();
        byte[] payload = ByteBufUtil.getBytes(
                publish.payload(),
                publish.payload().readerIndex(),
                Math.min(publish.payload().readableBytes(), QUOTED_BYTES));
        refuse(
                publish,
                reason,
                services.explainer().publish(connection.subject().user(), topic, refusal),
                payload);
    }

    private void refuse(MqttPublishMessage publish, int reason, Refusal refusal, byte[] payload) {
        connection.reportRefusedPacket("PUBLISH", publish.variableHeader().topicName(), refusal, payload);
        int qos = publish.fixedHeader().qosLevel().value();
        int packetId = publish.variableHeader().packetId();
        ReferenceCountUtil.release(publish);
        answer(qos, packetId, reason, connection.wantsReasonString() ? refusal.words() : "");
    }

    private void besideChat(MqttPublishMessage publish) {
        int qos = publish.fixedHeader().qosLevel().value();
        int packetId = publish.variableHeader().packetId();
        Delivery delivery = new Delivery(
                publish.variableHeader().topicName(),
                ByteBufUtil.getBytes(publish.payload()),
                qos,
                PublishProperties.of(publish.variableHeader().properties()),
                Optional.empty());
        connection.tracer().incomingIsSettled();
        if (!connection
                .guard()
                .router()
                .publishBesideChat(connection, delivery, publish.fixedHeader().isRetain())) {
            refuse(
                    publish,
                    QUOTA_EXCEEDED,
                    Refusal.of("too_many_retained", "the broker has no room for more retained messages")
                            .withHint("Clear retained topics you no longer need, by an empty retained publish."),
                    Connection.NO_PAYLOAD);
            return;
        }
        ReferenceCountUtil.release(publish);
        answer(qos, packetId, SUCCESS, "");
    }

    private void release(MqttMessage pubRel) {
        int packetId = ((MqttMessageIdVariableHeader) pubRel.variableHeader()).messageId();
        Exchange exchange = exchanges.remove(packetId);
        int reason = exchange == null ? PACKET_ID_NOT_FOUND : SUCCESS;
        connection.delivery().acknowledge(MqttMessageType.PUBCOMP, packetId, reason, "");
    }

    /** What the client has published at QoS 2 and not released, it releases on its next connection. */
    List<Integer> received() {
        List<Integer> ids = new ArrayList<>();
        exchanges.forEach((id, exchange) -> {
            if (exchange == Exchange.RECEIVED) {
                ids.add(id);
            }
        });
        return ids;
    }

    void resume(Session.Parked parked) {
        parked.received().forEach(id -> exchanges.put(id.intValue(), Exchange.RECEIVED));
    }
}
