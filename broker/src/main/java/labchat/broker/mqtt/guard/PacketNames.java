package labchat.broker.mqtt.guard;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;

/** Packets' names as the specification writes them. */
final class PacketNames {

    private PacketNames() {}

    /** The packet's name, or {@code malformed packet} for one that could not be decoded that far. */
    static String of(MqttMessage packet) {
        if (packet.fixedHeader() == null) {
            return "malformed packet";
        }
        MqttMessageType type = packet.fixedHeader().messageType();
        return type.name();
    }
}
