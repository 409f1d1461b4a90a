package labchat.broker.store;

import java.time.Instant;
import java.util.Objects;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatKind;

/** A publish as it is kept. */
public final class KeptPublish {

    private final long sequence;
    private final Instant time;
    private final ChatKind kind;
    private final ChatId sender;
    private final ChatId receiver;
    private final MessageUuid uuid;
    private final byte[] payload;
    private final int qos;
    private final byte[] properties;
    private final boolean receipted;

    /**
     * @param receiver in whose part of the tree it was published
     * @param payload handed over, not copied; likewise properties
     * @param receipted whether the reader of the query has sent a receipt for this message
     */
    public KeptPublish(
            long sequence,
            Instant time,
            ChatKind kind,
            ChatId sender,
            ChatId receiver,
            MessageUuid uuid,
            byte[] payload,
            int qos,
            byte[] properties,
            boolean receipted) {
        this.sequence = sequence;
        this.time = Objects.requireNonNull(time, "time");
        this.kind = Objects.requireNonNull(kind, "kind");
        this.sender = Objects.requireNonNull(sender, "sender");
        this.receiver = Objects.requireNonNull(receiver, "receiver");
        this.uuid = Objects.requireNonNull(uuid, "uuid");
        this.payload = Objects.requireNonNull(payload, "payload");
        this.qos = qos;
        this.properties = Objects.requireNonNull(properties, "properties");
        this.receipted = receipted;
    }

    public long sequence() {
        return sequence;
    }

    /** When the broker got it. */
    public Instant time() {
        return time;
    }

    public ChatKind kind() {
        return kind;
    }

    public ChatId sender() {
        return sender;
    }

    /** In whose part of the tree it was published: a user's or a room's. */
    public ChatId receiver() {
        return receiver;
    }

    public MessageUuid uuid() {
        return uuid;
    }

    /** The bytes as they were published; not a copy: not to be changed. */
    public byte[] payload() {
        return payload;
    }

    /** At which QoS it was published. */
    public int qos() {
        return qos;
    }

    /** As they were appended; not a copy: not to be changed. */
    public byte[] properties() {
        return properties;
    }

    /** Whether the reader of the query has sent a receipt for this message. */
    public boolean receipted() {
        return receipted;
    }
}
