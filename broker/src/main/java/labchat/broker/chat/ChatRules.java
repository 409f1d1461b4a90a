package labchat.broker.chat;

import java.util.Optional;
import java.util.function.Predicate;
import labchat.broker.chat.ChatVerdict.Ground;
import labchat.broker.config.ValidationMode;
import labchat.broker.event.Refusal;
import labchat.broker.event.RoomAccess;
import labchat.broker.event.SenderCheck;
import labchat.protocol.codec.ChatCodec;
import labchat.protocol.codec.DecodeResult;
import labchat.protocol.event.ChatEvent;
import labchat.protocol.event.Receipt;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopic;

/**
 * The checks before a publish on the four kinds is passed on: docs/protocol.md, "What the server checks". May be used by
 * any thread at once.
 */
public final class ChatRules {

    private final ChatCodec codec;
    private volatile ValidationMode mode;
    private volatile boolean verifySender;
    private final Predicate<ChatId> isUser;
    private final RoomAccess rooms;

    /** Without rooms; see {@link #ChatRules(ChatCodec, ValidationMode, boolean, Predicate, RoomAccess)}. */
    public ChatRules(ChatCodec codec, ValidationMode mode, boolean verifySender, Predicate<ChatId> isUser) {
        this(codec, mode, verifySender, isUser, RoomAccess.none());
    }

    /**
     * @param verifySender whether a payload's sender must be the user that is logged in
     * @param isUser whether somebody who is no room can be reached by this id
     * @param rooms who may write into which room; that holds in every mode
     */
    public ChatRules(
            ChatCodec codec, ValidationMode mode, boolean verifySender, Predicate<ChatId> isUser, RoomAccess rooms) {
        this.codec = codec;
        this.mode = mode;
        this.verifySender = verifySender;
        this.isUser = isUser;
        this.rooms = rooms;
    }

    /** From now on it judges so; a publish that is being judged may be judged either way. */
    public void change(ValidationMode newMode, boolean newVerifySender) {
        mode = newMode;
        verifySender = newVerifySender;
    }

    /**
     * Judges a publish. Never throws for anything that a payload can hold.
     *
     * @param user who is logged in; empty for a client without a name, whose {@code sender} is taken as said
     */
    public ChatVerdict judge(Optional<String> user, ChatTopic topic, byte[] payload, boolean retain) {
        Optional<ChatVerdict.Rejected> room = roomProblem(user, topic);
        if (mode == ValidationMode.OFF) {
            if (retain) {
                return retained();
            }
            return room.isPresent() ? room.get() : new ChatVerdict.Accepted(Optional.empty(), Optional.empty());
        }
        DecodeResult decoded = codec.decode(topic.kind(), payload);
        Optional<ChatEvent> event =
                decoded instanceof DecodeResult.Decoded good ? Optional.of(good.event()) : Optional.empty();
        Optional<ChatVerdict.Rejected> rejected = problem(user, topic, decoded, retain, room);
        if (rejected.isEmpty()) {
            return new ChatVerdict.Accepted(event, Optional.empty());
        }
        if (mode == ValidationMode.WARN && !retain && room.isEmpty()) {
            return new ChatVerdict.Accepted(event, Optional.of(rejected.get().refusal()));
        }
        return rejected.get();
    }

    private Optional<ChatVerdict.Rejected> problem(
            Optional<String> user,
            ChatTopic topic,
            DecodeResult decoded,
            boolean retain,
            Optional<ChatVerdict.Rejected> room) {
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
        if (room.isPresent()) {
            return room;
        }
        if (!rooms.isRoom(topic.receiver()) && !isUser.test(topic.receiver())) {
            return unknownReceiver(topic);
        }
        return event instanceof Receipt receipt && receipt.room().isPresent()
                ? roomProblem(user, receipt.room().get())
                : Optional.empty();
    }

    /**
     * Why nobody may publish this to the room; empty if the topic is no room's. A room that the user is not told of is
     * refused in the words for an id that does not exist.
     */
    private Optional<ChatVerdict.Rejected> roomProblem(Optional<String> user, ChatTopic topic) {
        ChatId room = topic.receiver();
        if (!rooms.isRoom(room)) {
            return Optional.empty();
        }
        return switch (rooms.standing(user, room)) {
            case NO_ROOM -> unknownReceiver(topic);
            case OUTSIDE -> notAMember(room);
            case INSIDE ->
                topic.kind().isReceipt()
                        ? reject(
                                Ground.TOPIC,
                                "receipt_to_room",
                                "\"%s\" is a room; a receipt goes to the message's author".formatted(room))
                        : Optional.empty();
        };
    }

    /** Why a receipt cannot be for a message in this room. */
    private Optional<ChatVerdict.Rejected> roomProblem(Optional<String> user, ChatId room) {
        return switch (rooms.standing(user, room)) {
            case NO_ROOM -> reject(Ground.PAYLOAD, "unknown_room", "there is no room \"%s\"".formatted(room));
            case OUTSIDE -> notAMember(room);
            case INSIDE -> Optional.empty();
        };
    }

    private static Optional<ChatVerdict.Rejected> unknownReceiver(ChatTopic topic) {
        return reject(Ground.TOPIC, "unknown_receiver", "there is no user or room \"%s\"".formatted(topic.receiver()));
    }

    private static Optional<ChatVerdict.Rejected> notAMember(ChatId room) {
        return reject(Ground.NOT_AUTHORIZED, "not_a_member", "you are not a member of the room \"%s\"".formatted(room));
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
