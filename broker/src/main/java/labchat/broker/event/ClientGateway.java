package labchat.broker.event;

import labchat.protocol.event.ChatEvent;
import labchat.protocol.identity.ChatId;

/** What the server itself does to clients. May be used by any thread. */
public interface ClientGateway extends OutboundPublisher {

    /** Delivers a message of the server's as if a user had written it: kept, and handed over later if need be. */
    void say(ChatEvent event);

    /** A user is no longer a member of a room: ends all subscriptions to the room's tree, durable sessions included. */
    void endSubscriptions(ChatId user, ChatId room);
}
