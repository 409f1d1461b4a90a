package labchat.broker.mqtt.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The properties of a publish that every receiver of version 5 gets unchanged ([MQTT-3.3.2-4], [MQTT-3.3.2-15] to
 * [MQTT-3.3.2-20]), encoded, and its expiry.
 */
final class PublishProperties {

    static final PublishProperties NONE = new PublishProperties(new byte[0], -1, 0);

    private static final long NO_EXPIRY = -1;

    private final byte[] encoded;
    private final long expirySeconds;
    private final long receivedNanos;

    private PublishProperties(byte[] encoded, long expirySeconds, long receivedNanos) {
        this.encoded = encoded;
        this.expirySeconds = expirySeconds;
        this.receivedNanos = receivedNanos;
    }

    static PublishProperties of(MqttProperties properties) {
        if (properties.isEmpty()) {
            return NONE;
        }
        long expiry = -1;
        ByteBuf out = Unpooled.buffer(64);
        for (MqttProperties.MqttProperty<?> property : properties.listAll()) {
            MqttPropertyType type = MqttPropertyType.valueOf(property.propertyId());
            Object value = property.value();
            switch (type) {
                case PAYLOAD_FORMAT_INDICATOR -> {
                    out.writeByte(property.propertyId());
                    out.writeByte((Integer) value);
                }
                case CONTENT_TYPE, RESPONSE_TOPIC -> {
                    out.writeByte(property.propertyId());
                    writeString(out, (String) value);
                }
                case CORRELATION_DATA -> {
                    byte[] data = (byte[]) value;
                    out.writeByte(property.propertyId());
                    out.writeShort(data.length);
                    out.writeBytes(data);
                }
                case USER_PROPERTY -> {
                    for (MqttProperties.StringPair pair : ((MqttProperties.UserProperties) property).value()) {
                        out.writeByte(property.propertyId());
                        writeString(out, pair.key);
                        writeString(out, pair.value);
                    }
                }
                case PUBLICATION_EXPIRY_INTERVAL -> expiry = Integer.toUnsignedLong((Integer) value);
                default -> {
                    // Topic Alias and Subscription Identifier belong to one connection only.
                }
            }
        }
        return new PublishProperties(ByteBufUtil.getBytes(out), expiry, System.nanoTime());
    }

    /** For the store; an expiry becomes a time, because the process may not live as long. */
    byte[] toKeep(Instant now) {
        if (this == NONE) {
            return encoded;
        }
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + encoded.length);
        long left = secondsLeft();
        out.putLong(left < 0 ? NO_EXPIRY : now.plusSeconds(left).toEpochMilli());
        out.put(encoded);
        return out.array();
    }

    /** What {@link #toKeep} made. */
    static PublishProperties ofKept(byte[] kept, Instant now) {
        if (kept.length < Long.BYTES) {
            return NONE;
        }
        ByteBuffer in = ByteBuffer.wrap(kept);
        long expires = in.getLong();
        byte[] encoded = new byte[in.remaining()];
        in.get(encoded);
        long left = expires == NO_EXPIRY
                ? -1
                : Math.max(
                        0, Duration.between(now, Instant.ofEpochMilli(expires)).toSeconds());
        return new PublishProperties(encoded, left, System.nanoTime());
    }

    private static void writeString(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.writeBytes(bytes);
    }

    /** All but the expiry, as they stand in a PUBLISH. */
    byte[] encoded() {
        return encoded;
    }

    /** What is left of the expiry interval, in seconds; -1 if it has none, 0 if it is over [MQTT-3.3.2-6]. */
    long secondsLeft() {
        if (expirySeconds < 0) {
            return -1;
        }
        long waited = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - receivedNanos);
        return Math.max(0, expirySeconds - waited);
    }

    int size() {
        return encoded.length;
    }
}
