package labchat.broker.web;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import labchat.broker.config.SignUp;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;

/**
 * What a page must know of the broker; {@code /config.json} tells it.
 *
 * @param websocketPort of MQTT over WebSocket, if it is served
 * @param secureWebsocketPort of MQTT over secure WebSocket, if it is served
 * @param topics where the chat lives
 * @param lobby the room that everybody is in
 * @param signUp who may make an account now; asked each time, by any thread
 * @param maxTextLength the longest message text, in characters
 * @param maxPacketSize the largest MQTT packet, in bytes
 * @param version the broker's
 */
public record PageInfo(
        OptionalInt websocketPort,
        OptionalInt secureWebsocketPort,
        ChatTopics topics,
        Optional<ChatId> lobby,
        Supplier<SignUp> signUp,
        int maxTextLength,
        int maxPacketSize,
        String version) {

    public PageInfo {
        Objects.requireNonNull(websocketPort, "websocketPort");
        Objects.requireNonNull(secureWebsocketPort, "secureWebsocketPort");
        Objects.requireNonNull(topics, "topics");
        Objects.requireNonNull(lobby, "lobby");
        Objects.requireNonNull(signUp, "signUp");
        Objects.requireNonNull(version, "version");
    }
}
