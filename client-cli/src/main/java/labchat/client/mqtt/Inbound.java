package labchat.client.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import labchat.client.session.ConnectSettings;
import labchat.client.session.ServerPayloads;
import labchat.client.session.SessionEvent;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.DecodeResult;
import labchat.protocol.codec.NoticeCodec;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.Diagnostic;
import labchat.protocol.event.HistoryRequest;
import labchat.protocol.event.Notice;
import labchat.protocol.event.Presence;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.StepsRequest;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopic;

/** Finds out what a publish that has come means. Belongs to the session's thread. */
final class Inbound {

    /** Does something about it. */
    interface Receiver {

        /** Of the chat, for its topic's owner. */
        void arrived(SessionEvent.Arrived event);

        /** Only to be told. */
        void told(SessionEvent event);

        /** Something has happened in a room. */
        void noticed(Notice notice);

        /** An answer of the server's to this user, or its word on rooms. */
        void answered(String level, byte[] payload, Optional<String> correlation);

        /** The server explains something to this user. */
        void explained(SessionEvent.Diagnostics diagnostics);
    }

    private final ConnectSettings settings;
    private final ChatCodec codec;
    private final Clock clock;
    private final Receiver receiver;

    Inbound(ConnectSettings settings, ChatCodec codec, Clock clock, Receiver receiver) {
        this.settings = settings;
        this.codec = codec;
        this.clock = clock;
        this.receiver = receiver;
    }

    /** A publish has come. */
    void take(String topic, int qos, byte[] payload, Optional<String> correlation) {
        Optional<ChatTopic> chatTopic = settings.topics().parse(topic);
        if (chatTopic.isPresent()) {
            chatEvent(topic, chatTopic.get(), qos, payload);
        } else if (settings.topics().contains(topic)) {
            String below = topic.substring(settings.topics().root().length() + 1);
            int slash = below.indexOf('/');
            Optional<ChatId> id = slash < 0 ? Optional.empty() : ChatId.parse(below.substring(0, slash));
            id.ifPresent(owner -> serverEvent(owner, below.substring(slash + 1), topic, qos, payload, correlation));
        }
    }

    private void chatEvent(String topic, ChatTopic chatTopic, int qos, byte[] payload) {
        DecodeResult result = codec.decode(chatTopic.kind(), payload);
        if (result instanceof DecodeResult.Rejected rejected) {
            receiver.told(new SessionEvent.Malformed(topic, rejected.reason()));
        } else if (result instanceof DecodeResult.Decoded decoded) {
            ChatEvent event = decoded.event();
            if (event.receiver().equals(chatTopic.receiver())) {
                receiver.arrived(new SessionEvent.Arrived(
                        event, clock.instant(), topic, qos, new String(payload, StandardCharsets.UTF_8)));
            } else {
                receiver.told(new SessionEvent.Malformed(
                        topic, "\"receiver\" is \"%s\", not the topic's id".formatted(event.receiver())));
            }
        }
    }

    private void serverEvent(
            ChatId owner, String level, String topic, int qos, byte[] payload, Optional<String> correlation) {
        boolean mine = owner.equals(settings.user());
        switch (level) {
            case Presence.LEVEL -> ServerPayloads.presence(owner, payload).ifPresent(receiver::told);
            case Notice.LEVEL ->
                NoticeCodec.decode(payload)
                        // Who is not yet, or no longer, in the room is told in their own tree.
                        .filter(notice -> mine || notice.room().equals(owner))
                        .ifPresent(receiver::noticed);
            case HistoryRequest.LEVEL, RoomsRequest.LEVEL, StepsRequest.LEVEL -> {
                if (mine) {
                    receiver.answered(level, payload, correlation);
                }
            }
            case Diagnostic.LEVEL -> {
                if (mine) {
                    ServerPayloads.diagnostics(new SessionEvent.Received(
                                    clock.instant(), topic, qos, new String(payload, StandardCharsets.UTF_8)))
                            .ifPresent(receiver::explained);
                }
            }
            default -> {
                // Nothing that this client knows.
            }
        }
    }
}
