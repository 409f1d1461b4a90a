package labchat.broker.rooms;

import java.util.List;
import java.util.Optional;
import labchat.broker.event.OutboundPublisher;
import labchat.protocol.codec.NoticeCodec;
import labchat.protocol.codec.RoomsCodec;
import labchat.protocol.event.Notice;
import labchat.protocol.event.Notice.Change;
import labchat.protocol.event.RoomInfo;
import labchat.protocol.event.RoomsAnswer;
import labchat.protocol.event.RoomsRequest;
import labchat.protocol.event.RoomsRequest.Action;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatTopics;

/** Tells a room's members what happened in it, and who was invited or removed what happened to them. */
final class RoomNotices {

    private static final int QOS = 1;

    private final ChatTopics topics;
    private final OutboundPublisher publisher;

    RoomNotices(ChatTopics topics, OutboundPublisher publisher) {
        this.topics = topics;
        this.publisher = publisher;
    }

    void created(ChatId room, ChatId user) {
        toMembers(new Notice(user, room, Change.CREATED, "%s has created %s".formatted(user, room)));
    }

    void joined(ChatId room, ChatId user) {
        toMembers(new Notice(user, room, Change.JOINED, "%s has joined %s".formatted(user, room)));
    }

    void left(ChatId room, ChatId user) {
        toMembers(new Notice(user, room, Change.LEFT, "%s has left %s".formatted(user, room)));
    }

    void invited(Room room, ChatId user, ChatId by) {
        Notice notice =
                new Notice(user, room.id(), Change.INVITED, "%s has invited %s to %s".formatted(by, user, room.id()));
        toMembers(notice);
        toUser(notice, Action.INVITE, List.of(room.infoFor(user)));
    }

    /** @param room as it is now */
    void removed(Room room, ChatId user, ChatId by) {
        Notice notice =
                new Notice(user, room.id(), Change.REMOVED, "%s has removed %s from %s".formatted(by, user, room.id()));
        toMembers(notice);
        toUser(notice, Action.REMOVE, room.isVisibleTo(user) ? List.of(room.infoFor(user)) : List.of());
    }

    private void toMembers(Notice notice) {
        publisher.publish(topics.topic(notice.room(), Notice.LEVEL), NoticeCodec.encode(notice), QOS);
    }

    /** Who is no member may not read the room's notices, so it comes to their own tree, and the room as they see it now. */
    private void toUser(Notice notice, Action action, List<RoomInfo> rooms) {
        publisher.publish(topics.topic(notice.user(), Notice.LEVEL), NoticeCodec.encode(notice), QOS);
        RoomsAnswer unasked =
                new RoomsAnswer(notice.user(), action.word(), Optional.of(notice.room()), rooms, Optional.empty());
        publisher.publish(topics.topic(notice.user(), RoomsRequest.LEVEL), RoomsCodec.encode(unasked), QOS);
    }
}
