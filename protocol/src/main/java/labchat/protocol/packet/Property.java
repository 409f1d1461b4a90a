package labchat.protocol.packet;

import static labchat.protocol.packet.PacketType.AUTH;
import static labchat.protocol.packet.PacketType.CONNACK;
import static labchat.protocol.packet.PacketType.CONNECT;
import static labchat.protocol.packet.PacketType.DISCONNECT;
import static labchat.protocol.packet.PacketType.PUBACK;
import static labchat.protocol.packet.PacketType.PUBCOMP;
import static labchat.protocol.packet.PacketType.PUBLISH;
import static labchat.protocol.packet.PacketType.PUBREC;
import static labchat.protocol.packet.PacketType.PUBREL;
import static labchat.protocol.packet.PacketType.SUBACK;
import static labchat.protocol.packet.PacketType.SUBSCRIBE;
import static labchat.protocol.packet.PacketType.UNSUBACK;
import static labchat.protocol.packet.PacketType.UNSUBSCRIBE;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** MQTT 5's properties (section 2.2.2.2). */
enum Property {
    PAYLOAD_FORMAT_INDICATOR(1, "Payload Format Indicator", Form.FLAG, true, PUBLISH),
    MESSAGE_EXPIRY_INTERVAL(2, "Message Expiry Interval", Form.SECONDS, true, PUBLISH),
    CONTENT_TYPE(3, "Content Type", Form.TEXT, true, PUBLISH),
    RESPONSE_TOPIC(8, "Response Topic", Form.TEXT, true, PUBLISH),
    CORRELATION_DATA(9, "Correlation Data", Form.BINARY, true, PUBLISH),
    SUBSCRIPTION_IDENTIFIER(11, "Subscription Identifier", Form.VARIABLE, false, PUBLISH, SUBSCRIBE),
    SESSION_EXPIRY_INTERVAL(17, "Session Expiry Interval", Form.SECONDS, false, CONNECT, CONNACK, DISCONNECT),
    ASSIGNED_CLIENT_IDENTIFIER(18, "Assigned Client Identifier", Form.TEXT, false, CONNACK),
    SERVER_KEEP_ALIVE(19, "Server Keep Alive", Form.TWO_BYTES, false, CONNACK),
    AUTHENTICATION_METHOD(21, "Authentication Method", Form.TEXT, false, CONNECT, CONNACK, AUTH),
    AUTHENTICATION_DATA(22, "Authentication Data", Form.SECRET, false, CONNECT, CONNACK, AUTH),
    REQUEST_PROBLEM_INFORMATION(23, "Request Problem Information", Form.FLAG, false, CONNECT),
    WILL_DELAY_INTERVAL(24, "Will Delay Interval", Form.SECONDS, true),
    REQUEST_RESPONSE_INFORMATION(25, "Request Response Information", Form.FLAG, false, CONNECT),
    RESPONSE_INFORMATION(26, "Response Information", Form.TEXT, false, CONNACK),
    SERVER_REFERENCE(28, "Server Reference", Form.TEXT, false, CONNACK, DISCONNECT),
    REASON_STRING(
            31,
            "Reason String",
            Form.TEXT,
            false,
            CONNACK,
            PUBACK,
            PUBREC,
            PUBREL,
            PUBCOMP,
            SUBACK,
            UNSUBACK,
            DISCONNECT,
            AUTH),
    RECEIVE_MAXIMUM(33, "Receive Maximum", Form.TWO_BYTES, false, CONNECT, CONNACK),
    TOPIC_ALIAS_MAXIMUM(34, "Topic Alias Maximum", Form.TWO_BYTES, false, CONNECT, CONNACK),
    TOPIC_ALIAS(35, "Topic Alias", Form.TWO_BYTES, false, PUBLISH),
    MAXIMUM_QOS(36, "Maximum QoS", Form.FLAG, false, CONNACK),
    RETAIN_AVAILABLE(37, "Retain Available", Form.FLAG, false, CONNACK),
    USER_PROPERTY(
            38,
            "User Property",
            Form.PAIR,
            true,
            CONNECT,
            CONNACK,
            PUBLISH,
            PUBACK,
            PUBREC,
            PUBREL,
            PUBCOMP,
            SUBSCRIBE,
            SUBACK,
            UNSUBSCRIBE,
            UNSUBACK,
            DISCONNECT,
            AUTH),
    MAXIMUM_PACKET_SIZE(39, "Maximum Packet Size", Form.FOUR_BYTES, false, CONNECT, CONNACK),
    WILDCARD_SUBSCRIPTION_AVAILABLE(40, "Wildcard Subscription Available", Form.FLAG, false, CONNACK),
    SUBSCRIPTION_IDENTIFIERS_AVAILABLE(41, "Subscription Identifiers Available", Form.FLAG, false, CONNACK),
    SHARED_SUBSCRIPTION_AVAILABLE(42, "Shared Subscription Available", Form.FLAG, false, CONNACK);

    /** How its value is written. */
    enum Form {
        FLAG,
        TWO_BYTES,
        FOUR_BYTES,
        SECONDS,
        VARIABLE,
        TEXT,
        BINARY,
        SECRET,
        PAIR
    }

    private final int id;
    private final String words;
    private final Form form;
    private final boolean ofWill;
    private final List<PacketType> allowed;

    Property(int id, String words, Form form, boolean ofWill, PacketType... allowed) {
        this.id = id;
        this.words = words;
        this.form = form;
        this.ofWill = ofWill;
        this.allowed = List.of(allowed);
    }

    static Optional<Property> of(int id) {
        return Arrays.stream(values()).filter(property -> property.id == id).findFirst();
    }

    String words() {
        return words;
    }

    Form form() {
        return form;
    }

    /** Whether it may be there; a Will has properties of its own. */
    boolean isAllowed(PacketType type, boolean inWill) {
        return inWill ? ofWill : allowed.contains(type);
    }

    /** Whether it may be there more than once. */
    boolean mayRepeat(PacketType type) {
        return this == USER_PROPERTY || this == SUBSCRIPTION_IDENTIFIER && type == PUBLISH;
    }
}
