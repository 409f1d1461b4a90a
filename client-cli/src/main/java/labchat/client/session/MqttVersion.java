package labchat.client.session;

import java.util.Optional;

/** The versions of MQTT that the client speaks. */
public enum MqttVersion {
    V3_1_1("3.1.1"),
    V5("5");

    private final String number;

    MqttVersion(String number) {
        this.number = number;
    }

    /** The version of that number; {@code 311} and {@code mqttv5} are understood as other clients write them. */
    public static Optional<MqttVersion> parse(String text) {
        return switch (text) {
            case "5", "5.0", "mqttv5" -> Optional.of(V5);
            case "3.1.1", "311", "mqttv311" -> Optional.of(V3_1_1);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return number;
    }
}
