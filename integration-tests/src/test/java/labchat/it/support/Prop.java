package labchat.it.support;

import java.util.Arrays;

/** The properties of MQTT 5, section 2.2.2.2. */
public enum Prop {
    PAYLOAD_FORMAT(1, Form.BYTE),
    MESSAGE_EXPIRY(2, Form.INT),
    CONTENT_TYPE(3, Form.STRING),
    RESPONSE_TOPIC(8, Form.STRING),
    CORRELATION_DATA(9, Form.BINARY),
    SUBSCRIPTION_ID(11, Form.VARINT),
    SESSION_EXPIRY(17, Form.INT),
    ASSIGNED_CLIENT_ID(18, Form.STRING),
    SERVER_KEEP_ALIVE(19, Form.SHORT),
    AUTH_METHOD(21, Form.STRING),
    AUTH_DATA(22, Form.BINARY),
    REQUEST_PROBLEM_INFO(23, Form.BYTE),
    WILL_DELAY(24, Form.INT),
    REQUEST_RESPONSE_INFO(25, Form.BYTE),
    RESPONSE_INFO(26, Form.STRING),
    SERVER_REFERENCE(28, Form.STRING),
    REASON_STRING(31, Form.STRING),
    RECEIVE_MAXIMUM(33, Form.SHORT),
    TOPIC_ALIAS_MAXIMUM(34, Form.SHORT),
    TOPIC_ALIAS(35, Form.SHORT),
    MAXIMUM_QOS(36, Form.BYTE),
    RETAIN_AVAILABLE(37, Form.BYTE),
    USER_PROPERTY(38, Form.PAIR),
    MAXIMUM_PACKET_SIZE(39, Form.INT),
    WILDCARD_AVAILABLE(40, Form.BYTE),
    SUBSCRIPTION_ID_AVAILABLE(41, Form.BYTE),
    SHARED_AVAILABLE(42, Form.BYTE);

    /** How a value is written. */
    enum Form {
        BYTE,
        SHORT,
        INT,
        VARINT,
        STRING,
        BINARY,
        PAIR
    }

    private final int code;
    private final Form form;

    Prop(int code, Form form) {
        this.code = code;
        this.form = form;
    }

    int code() {
        return code;
    }

    Form form() {
        return form;
    }

    static Prop of(int code) {
        return Arrays.stream(values())
                .filter(prop -> prop.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("MQTT 5 has no property " + code));
    }
}
