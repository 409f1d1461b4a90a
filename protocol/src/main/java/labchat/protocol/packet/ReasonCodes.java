package labchat.protocol.packet;

import java.util.Map;
import java.util.Optional;

/** What acknowledgements say, in words. */
final class ReasonCodes {

    /** CONNACK of MQTT 3.1.1 (section 3.2.2.3). */
    private static final Map<Integer, String> RETURN_CODES = Map.of(
            0, "accepted",
            1, "refused: this version of MQTT is not spoken",
            2, "refused: the client id is not allowed",
            3, "refused: the server is unavailable",
            4, "refused: bad user name or password",
            5, "refused: not authorised");

    /** MQTT 5 (section 2.4). */
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(0x00, "success"),
            Map.entry(0x01, "granted QoS 1"),
            Map.entry(0x02, "granted QoS 2"),
            Map.entry(0x04, "disconnect with the Will"),
            Map.entry(0x10, "no matching subscribers"),
            Map.entry(0x11, "no subscription existed"),
            Map.entry(0x18, "continue authentication"),
            Map.entry(0x19, "re-authenticate"),
            Map.entry(0x80, "unspecified error"),
            Map.entry(0x81, "malformed packet"),
            Map.entry(0x82, "protocol error"),
            Map.entry(0x83, "implementation specific error"),
            Map.entry(0x84, "unsupported protocol version"),
            Map.entry(0x85, "client identifier not valid"),
            Map.entry(0x86, "bad user name or password"),
            Map.entry(0x87, "not authorised"),
            Map.entry(0x88, "server unavailable"),
            Map.entry(0x89, "server busy"),
            Map.entry(0x8a, "banned"),
            Map.entry(0x8b, "server shutting down"),
            Map.entry(0x8c, "bad authentication method"),
            Map.entry(0x8d, "keep alive timeout"),
            Map.entry(0x8e, "session taken over"),
            Map.entry(0x8f, "topic filter invalid"),
            Map.entry(0x90, "topic name invalid"),
            Map.entry(0x91, "packet identifier in use"),
            Map.entry(0x92, "packet identifier not found"),
            Map.entry(0x93, "receive maximum exceeded"),
            Map.entry(0x94, "topic alias invalid"),
            Map.entry(0x95, "packet too large"),
            Map.entry(0x96, "message rate too high"),
            Map.entry(0x97, "quota exceeded"),
            Map.entry(0x98, "administrative action"),
            Map.entry(0x99, "payload format invalid"),
            Map.entry(0x9a, "retain not supported"),
            Map.entry(0x9b, "QoS not supported"),
            Map.entry(0x9c, "use another server"),
            Map.entry(0x9d, "server moved"),
            Map.entry(0x9e, "shared subscriptions not supported"),
            Map.entry(0x9f, "connection rate exceeded"),
            Map.entry(0xa0, "maximum connect time"),
            Map.entry(0xa1, "subscription identifiers not supported"),
            Map.entry(0xa2, "wildcard subscriptions not supported"));

    private ReasonCodes() {}

    /** The words for a code in such a packet; empty for a code that does not exist there. */
    static Optional<String> words(PacketType type, MqttLevel level, int code) {
        if (level == MqttLevel.V3_1_1) {
            return Optional.ofNullable(
                    type == PacketType.CONNACK ? RETURN_CODES.get(code) : subscribed(code, "refused"));
        }
        if (type == PacketType.SUBACK && code == 0) {
            return Optional.of("granted QoS 0");
        }
        if (type == PacketType.DISCONNECT && code == 0) {
            return Optional.of("normal disconnection");
        }
        return Optional.ofNullable(REASONS.get(code));
    }

    private static String subscribed(int code, String refused) {
        return switch (code) {
            case 0, 1, 2 -> "granted QoS " + code;
            case 0x80 -> refused;
            default -> null;
        };
    }
}
