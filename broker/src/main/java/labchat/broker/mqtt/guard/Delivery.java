package labchat.broker.mqtt.guard;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import labchat.broker.event.ChatFields;

/** A publish on its way to any number of receivers: everything that they share, encoded once. Never changes. */
final class Delivery {

    private final String topic;
    private final byte[] topicBytes;
    private final byte[] payload;
    private final int qos;
    private final PublishProperties properties;
    private final Optional<ChatFields> chat;
    private final boolean retained;

    /**
     * @param payload handed over, not copied
     * @param qos at which it was published
     * @param properties those of version 5 that are carried over
     */
    Delivery(String topic, byte[] payload, int qos, PublishProperties properties, Optional<ChatFields> chat) {
        this(topic, payload, qos, properties, chat, false);
    }

    private Delivery(
            String topic,
            byte[] payload,
            int qos,
            PublishProperties properties,
            Optional<ChatFields> chat,
            boolean retained) {
        this.topic = topic;
        this.topicBytes = topic.getBytes(StandardCharsets.UTF_8);
        this.payload = payload;
        this.qos = qos;
        this.properties = properties;
        this.chat = chat;
        this.retained = retained;
    }

    /** A retained message of the server's, for a new subscription [MQTT-3.3.1-8]. */
    static Delivery retained(String topic, byte[] payload) {
        return new Delivery(topic, payload, 1, PublishProperties.NONE, Optional.empty(), true);
    }

    boolean isRetained() {
        return retained;
    }

    String topic() {
        return topic;
    }

    byte[] topicBytes() {
        return topicBytes;
    }

    byte[] payload() {
        return payload;
    }

    String payloadText() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    int qos() {
        return qos;
    }

    PublishProperties properties() {
        return properties;
    }

    Optional<ChatFields> chat() {
        return chat;
    }

    /** About how much memory it takes while it waits, in bytes. */
    int weight() {
        return topicBytes.length + payload.length + properties.size() + 64;
    }
}
