package labchat.protocol.packet;

import java.util.Optional;

/** A version of MQTT, by the number that CONNECT names it with. */
public enum MqttLevel {
    V3_1_1("3.1.1", 4),
    V5("5", 5);

    private final String words;
    private final int number;

    MqttLevel(String words, int number) {
        this.words = words;
        this.number = number;
    }

    static Optional<MqttLevel> of(int number) {
        for (MqttLevel level : values()) {
            if (level.number == number) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return words;
    }
}
