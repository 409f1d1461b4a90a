package labchat.protocol.topic;

import java.util.Optional;

/** The four kinds of publish that users send each other; the last level of their topics. */
public enum ChatKind {
    MESSAGE("message", 1),
    DELIVERED("delivered", 1),
    READ("read", 1),
    TYPING("typing", 0);

    private final String level;
    private final int qos;

    ChatKind(String level, int qos) {
        this.level = level;
        this.qos = qos;
    }

    /** The topic level, which is also the value of {@code status} in the payload of all but messages. */
    public String level() {
        return level;
    }

    /** The QoS at which a client publishes this kind. */
    public int qos() {
        return qos;
    }

    /** Whether this is {@code delivered} or {@code read}. */
    public boolean isReceipt() {
        return this == DELIVERED || this == READ;
    }

    /** The kind whose topic level this is. */
    public static Optional<ChatKind> ofLevel(String level) {
        return switch (level) {
            case "message" -> Optional.of(MESSAGE);
            case "delivered" -> Optional.of(DELIVERED);
            case "read" -> Optional.of(READ);
            case "typing" -> Optional.of(TYPING);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return level;
    }
}
