package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;

/** Encodes the packets of the hot path: MQTT 3.1.1 and 5, sections 2 and 3.3 to 3.7. */
final class PacketWriter {

    private static final int PUBLISH = 0x30;
    private static final int RETAIN = 0x01;
    private static final int MESSAGE_EXPIRY_INTERVAL = 0x02;
    private static final int SUBSCRIPTION_IDENTIFIER = 0x0b;
    private static final int REASON_STRING = 0x1f;

    private PacketWriter() {}

    /** PUBLISH without DUP; gives its length in bytes. */
    static int publish(ByteBuf out, boolean version5, Delivery delivery, int qos, int packetId, int[] subscriptionIds) {
        int propertiesLength = version5 ? propertiesLength(delivery.properties(), subscriptionIds) : 0;
        int remaining = 2
                + delivery.topicBytes().length
                + (qos > 0 ? 2 : 0)
                + (version5 ? lengthOfVariableInt(propertiesLength) + propertiesLength : 0)
                + delivery.payload().length;
        int start = out.writerIndex();
        out.writeByte(PUBLISH | qos << 1 | (delivery.isRetained() ? RETAIN : 0));
        writeVariableInt(out, remaining);
        out.writeShort(delivery.topicBytes().length);
        out.writeBytes(delivery.topicBytes());
        if (qos > 0) {
            out.writeShort(packetId);
        }
        if (version5) {
            writeVariableInt(out, propertiesLength);
            writeProperties(out, delivery.properties(), subscriptionIds);
        }
        out.writeBytes(delivery.payload());
        return out.writerIndex() - start;
    }

    /** How long {@link #publish} would be at the most, in bytes. */
    static int publishLength(boolean version5, Delivery delivery, int[] subscriptionIds) {
        int properties = version5 ? 4 + propertiesLength(delivery.properties(), subscriptionIds) : 0;
        return 5 + 2 + delivery.topicBytes().length + 2 + properties + delivery.payload().length;
    }

    private static int propertiesLength(PublishProperties properties, int[] subscriptionIds) {
        int length = properties.size() + (properties.secondsLeft() >= 0 ? 5 : 0);
        for (int id : subscriptionIds) {
            length += 1 + lengthOfVariableInt(id);
        }
        return length;
    }

    private static void writeProperties(ByteBuf out, PublishProperties properties, int[] subscriptionIds) {
        out.writeBytes(properties.encoded());
        long secondsLeft = properties.secondsLeft();
        if (secondsLeft >= 0) {
            out.writeByte(MESSAGE_EXPIRY_INTERVAL);
            out.writeInt((int) secondsLeft);
        }
        for (int id : subscriptionIds) {
            out.writeByte(SUBSCRIPTION_IDENTIFIER);
            writeVariableInt(out, id);
        }
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP; gives its length in bytes. Version 3 has neither reason nor text. */
    static int acknowledgement(
            ByteBuf out, int firstByte, boolean version5, int packetId, int reason, byte[] reasonString) {
        int start = out.writerIndex();
        out.writeByte(firstByte);
        if (!version5 || reason == 0 && reasonString.length == 0) {
            out.writeByte(2);
            out.writeShort(packetId);
        } else {
            int properties = reasonString.length == 0 ? 0 : 3 + reasonString.length;
            writeVariableInt(out, 3 + lengthOfVariableInt(properties) + properties);
            out.writeShort(packetId);
            out.writeByte(reason);
            writeVariableInt(out, properties);
            if (properties > 0) {
                out.writeByte(REASON_STRING);
                out.writeShort(reasonString.length);
                out.writeBytes(reasonString);
            }
        }
        return out.writerIndex() - start;
    }

    static int lengthOfVariableInt(int value) {
        return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
    }

    static void writeVariableInt(ByteBuf out, int value) {
        int rest = value;
        do {
            int digit = rest & 0x7f;
            rest >>>= 7;
            out.writeByte(rest > 0 ? digit | 0x80 : digit);
        } while (rest > 0);
    }
}
