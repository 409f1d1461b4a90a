package labchat.broker.config;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import labchat.protocol.text.NearestWord;

/** The word that was probably meant. */
public final class Suggestion {

    /** Mosquitto's words whose meaning has another name here. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "listener", "port",
            "persistence_location", "data_dir",
            "log_dest", "traffic_log",
            "message_size_limit", "max_packet_size",
            "protocol", "websocket_port");

    private Suggestion() {}

    /** The nearest known word, if it is near enough to have been meant. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String renamed = ELSEWHERE.get(word);
        if (renamed != null && known.contains(renamed)) {
            return Optional.of(renamed);
        }
        return NearestWord.to(word, known);
    }
}
