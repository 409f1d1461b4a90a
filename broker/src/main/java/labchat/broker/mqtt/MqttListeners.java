package labchat.broker.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import labchat.broker.config.BrokerConfig;
import labchat.broker.config.Setting;

/**
 * Where MQTT is served.
 *
 * @param bindAddress of all of them
 * @param all those that are on, in the order in which Moquette opens them
 */
record MqttListeners(String bindAddress, List<Entry> all) {

    /** A way to the broker. */
    enum Kind {
        TCP("tcp", Setting.PORT),
        WEB_SOCKET("ws", Setting.WEBSOCKET_PORT),
        TLS("tls", Setting.TLS_PORT),
        SECURE_WEB_SOCKET("wss", Setting.WSS_PORT);

        private final String word;
        private final Setting setting;

        Kind(String word, Setting setting) {
            this.word = word;
            this.setting = setting;
        }

        /** As the traffic log names it. */
        String word() {
            return word;
        }

        /** Which port it has. */
        Setting setting() {
            return setting;
        }

        boolean isSecure() {
            return this == TLS || this == SECURE_WEB_SOCKET;
        }
    }

    /**
     * One of them.
     *
     * @param port 0 for any free one
     */
    record Entry(Kind kind, int port) {}

    MqttListeners {
        all = List.copyOf(all);
    }

    static MqttListeners of(BrokerConfig config) {
        List<Entry> all = new ArrayList<>();
        config.port().ifPresent(port -> all.add(new Entry(Kind.TCP, port)));
        config.websocketPort().ifPresent(port -> all.add(new Entry(Kind.WEB_SOCKET, port)));
        config.tls().port().ifPresent(port -> all.add(new Entry(Kind.TLS, port)));
        config.tls().websocketPort().ifPresent(port -> all.add(new Entry(Kind.SECURE_WEB_SOCKET, port)));
        return new MqttListeners(config.bindAddress(), all);
    }

    Optional<Integer> port(Kind kind) {
        return all.stream()
                .filter(entry -> entry.kind() == kind)
                .map(Entry::port)
                .findFirst();
    }

    boolean needTls() {
        return all.stream().anyMatch(entry -> entry.kind().isSecure());
    }
}
