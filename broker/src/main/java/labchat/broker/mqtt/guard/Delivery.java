package labchat.broker.mqtt.guard;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import labchat.broker.event.ChatFields;
import labchat.broker.store.KeptPublish;
import labchat.broker.store.MessageStore;

/** A publish on its way to any number of receivers: everything that they share, encoded once. Never changes. */
final class Delivery {

    private final String topic;
    private final byte[] topicBytes;
    private final byte[] payload;
    private final int qos;
    private final PublishProperties properties;
    private final Optional<ChatFields> chat;
    private final boolean retained;
    private final long sequence;

    /**
     * @param payload handed over, not copied
     * @param qos at which it was published
     * @param properties those of version 5 that are carried over
     */
    Delivery(String topic, byte[] payload, int qos, PublishProperties properties, Optional<ChatFields> chat) {
        this(
                topic,
                topic.getBytes(StandardCharsets.UTF_8),
                payload,
                qos,
                properties,
                chat,
                false,
                MessageStore.NOT_KEPT);
    }

    /** The same on a topic that many publish on. */
    Delivery(
            KnownTopics.Topic topic, byte[] payload, int qos, PublishProperties properties, Optional<ChatFields> chat) {
        this(topic.name(), topic.bytes(), payload, qos, properties, chat, false, MessageStore.NOT_KEPT);
    }

    private Delivery(
            String topic,
            byte[] topicBytes,
            byte[] payload,
            int qos,
            PublishProperties properties,
            Optional<ChatFields> chat,
            boolean retained,
            long sequence) {
        this.topic = topic;
        this.topicBytes = topicBytes;
        this.payload = payload;
        this.qos = qos;
        this.properties = properties;
        this.chat = chat;
        this.retained = retained;
        this.sequence = sequence;
    }

    /** The same, once it is kept. */
    Delivery withSequence(long given) {
        return new Delivery(topic, topicBytes, payload, qos, properties, chat, retained, given);
    }

    /** Something from the store. */
    static Delivery kept(String topic, KeptPublish kept, Instant now) {
        ChatFields fields = new ChatFields(
                kept.kind().level(),
                kept.sender().value(),
                kept.receiver().value(),
                kept.uuid().value());
        return new Delivery(
                topic,
                topic.getBytes(StandardCharsets.UTF_8),
                kept.payload(),
                kept.qos(),
                PublishProperties.ofKept(kept.properties(), now),
                Optional.of(fields),
                false,
                kept.sequence());
    }

    /** Its number in the store; {@link MessageStore#NOT_KEPT} if it is not kept. */
    long sequence() {
        return sequence;
    }

    /** A retained message of the server's, for a new subscription [MQTT-3.3.1-8]; about itself at Mosquitto's QoS. */
    static Delivery retained(String topic, byte[] payload) {
        return new Delivery(topic, payload, topic.startsWith("$") ? 2 : 1, PublishProperties.NONE, Optional.empty())
                .asRetained();
    }

    /** The same with the RETAIN flag, for a new subscription or one that asked for the flag as it was published. */
    Delivery asRetained() {
        return new Delivery(topic, topicBytes, payload, qos, properties, chat, true, sequence);
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
