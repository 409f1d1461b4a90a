package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import labchat.broker.event.BrokerEventListener;
import labchat.broker.event.ChatFields;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;
import labchat.protocol.text.ShortText;

/**
 * Tells the listener of every packet of one connection. An incoming packet is told before whatever it causes, and with
 * what the handlers found out about it: it waits until one of them refuses it, until a packet goes out, or until all
 * handlers have seen it.
 */
final class Tracer {

    private static final int NONE = -1;

    private final Connection connection;
    private final BrokerEventListener events;
    private final GuardServices services;

    private boolean waiting;
    /** Whether the packet that is being encoded was described: whoever listens may have begun to in between. */
    private boolean described;

    private Instant time;
    private String type;
    private String topic;
    private int qos;
    private boolean retain;
    private boolean dup;
    private int packetId;
    private int size;
    private int reasonCode;
    private Optional<ChatFields> chat = Optional.empty();
    private Optional<Refusal> refusal = Optional.empty();
    private Optional<String> payload = Optional.empty();

    /** Who tells, in its own time, of what the guard encodes; null for at once. */
    private Consumer<PacketTrace> sender;

    private Optional<Refusal> refusalOfAnswer = Optional.empty();
    private int encodedBytes;

    Tracer(Connection connection, GuardServices services) {
        this.connection = connection;
        this.services = services;
        this.events = services.events();
    }

    private boolean isOff() {
        return !events.wantsPackets();
    }

    /** A packet came in. */
    void incoming(MqttMessage packet) {
        if (isOff()) {
            return;
        }
        waiting = true;
        describe(packet);
    }

    /** The incoming packet waits for its turn; it will be announced again. */
    void held() {
        waiting = false;
    }

    /** The incoming packet is a publish of one of the four kinds that says this. */
    void chat(ChatFields fields) {
        chat = Optional.of(fields);
    }

    /** The incoming packet is refused, or explained; if it was told already (a CONNECT), its answer says why. */
    void refused(Refusal why) {
        if (waiting) {
            refusal = Optional.of(why);
        } else {
            refusalOfAnswer = Optional.of(why);
        }
    }

    /** Whatever comes now was caused by the incoming packet. */
    void incomingIsSettled() {
        if (!waiting) {
            return;
        }
        waiting = false;
        tell(true);
    }

    /** The encoder made this many bytes. */
    void encoded(int bytes) {
        encodedBytes += bytes;
    }

    /** A packet is about to be encoded; its payload is gone afterwards. */
    void outgoing(MqttMessage packet) {
        incomingIsSettled();
        encodedBytes = 0;
        described = !isOff();
        if (described) {
            describe(packet);
            refusal = refusalOfAnswer;
            refusalOfAnswer = Optional.empty();
        }
    }

    /** The packet announced by {@link #outgoing} was encoded. */
    void outgoingIsEncoded() {
        if (described) {
            described = false;
            size = encodedBytes;
            tell(false);
        }
    }

    /** One of the deliveries that the guard encodes itself went out. */
    void outgoingPublish(Delivery delivery, int grantedQos, int id, int bytes) {
        incomingIsSettled();
        if (isOff()) {
            return;
        }
        clear("PUBLISH");
        topic = delivery.topic();
        qos = grantedQos;
        packetId = id;
        size = bytes;
        chat = delivery.chat();
        if (events.wantsPayload()) {
            payload = Optional.of(delivery.payloadText());
        }
        tellOfEncoded();
    }

    /** One of the acknowledgements that the guard encodes itself went out. */
    void outgoingAcknowledgement(String name, int id, int reason, int bytes) {
        incomingIsSettled();
        if (isOff()) {
            return;
        }
        clear(name);
        packetId = id;
        reasonCode = reason;
        size = bytes;
        tellOfEncoded();
    }

    private void clear(String name) {
        time = services.clock().instant();
        type = name;
        topic = "";
        qos = NONE;
        retain = false;
        dup = false;
        packetId = 0;
        size = 0;
        reasonCode = NONE;
        chat = Optional.empty();
        refusal = Optional.empty();
        payload = Optional.empty();
    }

    private void describe(MqttMessage packet) {
        clear(PacketNames.of(packet));
        if (packet.fixedHeader() == null) {
            return;
        }
        size = sizeOf(packet.fixedHeader().remainingLength());
        Object header = packet.variableHeader();
        if (packet instanceof MqttPublishMessage publish) {
            if (publish.variableHeader() != null) {
                describePublish(publish);
            }
        } else if (packet instanceof MqttSubscribeMessage subscribe && packet.payload() != null) {
            topic = ShortText.of(subscribe.payload().topicSubscriptions().stream()
                    .map(MqttTopicSubscription::topicFilter)
                    .collect(Collectors.joining(", ")));
        } else if (packet instanceof MqttUnsubscribeMessage unsubscribe && packet.payload() != null) {
            topic = ShortText.of(String.join(", ", unsubscribe.payload().topics()));
        } else if (packet instanceof MqttConnAckMessage connAck) {
            reasonCode = connAck.variableHeader().connectReturnCode().byteValue() & 0xff;
        } else if (packet instanceof MqttSubAckMessage subAck) {
            reasonCode = subAck.payload().reasonCodes().stream()
                    .max(Integer::compare)
                    .orElse(NONE);
        } else if (header instanceof MqttReasonCodeAndPropertiesVariableHeader reason) {
            reasonCode = reason.reasonCode() & 0xff;
        }
        if (header instanceof MqttMessageIdVariableHeader id) {
            packetId = id.messageId();
        }
        if (header instanceof MqttPubReplyMessageVariableHeader reply) {
            reasonCode = reply.reasonCode() & 0xff;
        }
    }

    private void describePublish(MqttPublishMessage publish) {
        MqttPublishVariableHeader header = publish.variableHeader();
        topic = ShortText.of(header.topicName());
        qos = publish.fixedHeader().qosLevel().value();
        retain = publish.fixedHeader().isRetain();
        dup = publish.fixedHeader().isDup();
        packetId = qos > 0 ? header.packetId() : 0;
        if (events.wantsPayload()) {
            ByteBuf bytes = publish.payload();
            payload = Optional.of(bytes.toString(StandardCharsets.UTF_8));
        }
    }

    private static int sizeOf(int remainingLength) {
        int lengthBytes =
                remainingLength < 128 ? 1 : remainingLength < 16_384 ? 2 : remainingLength < 2_097_152 ? 3 : 4;
        return 1 + lengthBytes + remainingLength;
    }

    /** From now on somebody else tells of the packets that the guard encodes, one by one; null for nobody. */
    void sentTo(Consumer<PacketTrace> teller) {
        sender = teller;
    }

    /** A packet is told of in its teller's own time. */
    void sent(PacketTrace packet) {
        events.onPacket(packet);
    }

    private void tellOfEncoded() {
        if (sender == null) {
            tell(false);
        } else {
            sender.accept(trace(false));
        }
    }

    private void tell(boolean inbound) {
        events.onPacket(trace(inbound));
    }

    private PacketTrace trace(boolean inbound) {
        return new PacketTrace(
                time,
                connection.identity(),
                inbound,
                type,
                topic,
                qos,
                retain,
                dup,
                packetId,
                size,
                reasonCode,
                chat,
                refusal,
                payload);
    }
}
