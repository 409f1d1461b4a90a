package labchat.protocol.packet;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A packet taken apart. Text in it is as it was sent: whoever shows it has to make it harmless. A password is not in it.
 *
 * @param type empty if the first byte names none
 * @param level the version it was read as
 * @param length of the whole packet in bytes, as far as it is there
 * @param fields all bytes in their order, as far as they could be read
 * @param faults what breaks MQTT's rules; empty for a good packet
 * @param packetId empty if it has none
 * @param qos of a PUBLISH
 * @param topics the topic of a PUBLISH, the filters of SUBSCRIBE and UNSUBSCRIBE
 * @param payload of a PUBLISH; text where it is UTF-8, else bytes as hexadecimal digits
 * @param notes what else a reader wants to know, a few words each
 */
public record MqttPacket(
        Optional<PacketType> type,
        MqttLevel level,
        int length,
        List<PacketField> fields,
        List<PacketFault> faults,
        OptionalInt packetId,
        OptionalInt qos,
        List<Subscription> topics,
        Optional<String> payload,
        List<String> notes) {

    /**
     * A topic, or a filter with the QoS that is asked for.
     *
     * @param qos negative where none belongs to it
     */
    public record Subscription(String topic, int qos) {
        public Subscription {
            Objects.requireNonNull(topic, "topic");
        }
    }

    public MqttPacket {
        Objects.requireNonNull(level, "level");
        fields = List.copyOf(fields);
        faults = List.copyOf(faults);
        topics = List.copyOf(topics);
        notes = List.copyOf(notes);
    }

    /** The type's name, or {@code ?}. */
    public String name() {
        return type.map(PacketType::name).orElse("?");
    }

    /** Whether the RETAIN flag of a PUBLISH is set. */
    public boolean isRetained() {
        return notes.contains(PacketDecoder.RETAINED);
    }

    /** Without the payload, which may hold a message. */
    @Override
    public String toString() {
        return "MqttPacket[%s, %d bytes]".formatted(name(), length);
    }
}
