package labchat.broker.traffic;

import java.time.Instant;
import java.util.Optional;
import labchat.broker.event.ChatFields;
import labchat.broker.event.ClientIdentity;
import labchat.broker.event.PacketTrace;
import labchat.broker.event.Refusal;

/** Packets as the guard would trace them. */
final class Packets {

    static final Instant TIME = Instant.parse("2026-11-20T10:15:30.123456789Z");
    static final ClientIdentity TEAM1A = new ClientIdentity(Optional.of("team1a"), "labchat-3f2a", "10.0.0.7:51234");

    private Packets() {}

    static PacketTrace ping() {
        return packet(TEAM1A, "PINGREQ", "", -1, 0, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static PacketTrace ping(ClientIdentity client) {
        return packet(client, "PINGREQ", "", -1, 0, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static PacketTrace publish(int id, String topic) {
        return packet(TEAM1A, "PUBLISH", topic, 1, id, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static PacketTrace message(Optional<Refusal> refusal, Optional<String> payload) {
        return packet(
                TEAM1A,
                "PUBLISH",
                "ttm4175/chat/team2a/message",
                1,
                7,
                Optional.of(new ChatFields("message", "team1a", "team2a", "16fd2706")),
                refusal,
                payload);
    }

    private static PacketTrace packet(
            ClientIdentity client,
            String type,
            String topic,
            int qos,
            int id,
            Optional<ChatFields> chat,
            Optional<Refusal> refusal,
            Optional<String> payload) {
        return new PacketTrace(TIME, client, true, type, topic, qos, false, false, id, 105, -1, chat, refusal, payload);
    }
}
