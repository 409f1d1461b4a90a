package labchat.broker.chat;

import java.util.Optional;
import java.util.function.Predicate;
import labchat.broker.chat.ChatVerdict.Ground;
import labchat.broker.config.ValidationMode;
import labchat.broker.event.Refusal;
import labchat.broker.event.SenderCheck;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.DecodeResult;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopic;

/**
 * The checks before a publish on the four kinds is passed on: docs/protocol.md, "What the server checks". May be used by
 * any thread at once.
 */
public final class ChatRules {

    private final ChatCodec codec;
    private final ValidationMode mode;
    private final boolean verifySender;
    private final Predicate<ChatId> isReceiver;

    /**
     * @param verifySender whether a payload's sender must be the user that is logged in
     * @param isReceiver whether somebody can be reached by this id
     */
    public ChatRules(ChatCodec codec, ValidationMode mode, boolean verifySender, Predicate<ChatId> isReceiver) {
        this.codec = codec;
        this.mode = mode;
        this.verifySender = verifySender;
        this.isReceiver = isReceiver;
    }

    /**
     * Judges a publish. Never throws for anything that a payload can hold.
     *
     * @param user who is logged in; empty for a client without a name, whose {@code sender} is taken as said
     */
    public ChatVerdict judge(Optional<String> user, ChatTopic topic, byte[] payload, boolean retain) {
        if (mode == ValidationMode.OFF) {
            return retain ? retained() : new ChatVerdict.Accepted(Optional.empty(), Optional.empty());
        }
        DecodeResult decoded = codec.decode(topic.kind(), payload);
        Optional<ChatEvent> event =
                decoded instanceof DecodeResult.Decoded good ? Optional.of(good.event()) : Optional.empty();
        Optional<ChatVerdict.Rejected> rejected = problem(user, topic, decoded, retain);
        if (rejected.isEmpty()) {
            return new ChatVerdict.Accepted(event, Optional.empty());
        }
        if (mode == ValidationMode.WARN && !retain) {
            return new ChatVerdict.Accepted(event, Optional.of(rejected.get().refusal()));
        }
        return rejected.get();
    }

    private Optional<ChatVerdict.Rejected> problem(
            Optional<String> user, ChatTopic topic, DecodeResult decoded, boolean retain) {
        if (retain) {
            return Optional.of(retained());
        }
        if (decoded instanceof DecodeResult.Rejected bad) {
            return reject(Ground.PAYLOAD, bad.code().word(), bad.reason());
        }
        ChatEvent event = ((DecodeResult.Decoded) decoded).event();
        if (!event.receiver().equals(topic.receiver())) {
            return reject(
                    Ground.PAYLOAD,
                    "receiver_mismatch",
                    "\"receiver\" is \"%s\", but the topic is %s's".formatted(event.receiver(), topic.receiver()));
        }
        Optional<Refusal> foreign = verifySender ? SenderCheck.problem(user, event.sender()) : Optional.empty();
        if (foreign.isPresent()) {
            return Optional.of(new ChatVerdict.Rejected(Ground.NOT_AUTHORIZED, foreign.get()));
        }
        if (!isReceiver.test(topic.receiver())) {
            return reject(
                    Ground.TOPIC, "unknown_receiver", "there is no user or room \"%s\"".formatted(topic.receiver()));
        }
        return Optional.empty();
    }

    private static ChatVerdict.Rejected retained() {
        return new ChatVerdict.Rejected(
                Ground.NOT_AUTHORIZED,
                Refusal.of("retained_chat", "chat is not retained: publish without the retain flag"));
    }

    private static Optional<ChatVerdict.Rejected> reject(Ground ground, String code, String reason) {
        return Optional.of(new ChatVerdict.Rejected(ground, Refusal.of(code, reason)));
    }
}
