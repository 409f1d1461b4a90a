package labchat.broker.server;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import labchat.broker.event.ClientGateway;
import labchat.broker.event.Refusal;
import labchat.broker.event.RequestHandler;
import labchat.broker.event.ServerAccount;
import labchat.protocol.event.ChatMessage;
import labchat.protocol.identity.MessageUuid;
import labchat.protocol.topic.ChatTopics;
import labchat.protocol.topic.TopicFilter;

/** The server's own account, put together out of those who do the work. May be used by any thread. */
public final class ChatServer implements ServerAccount {

    /** Gives the topic and payload of each retained message that a filter matches. */
    @FunctionalInterface
    public interface Retained {
        void give(TopicFilter filter, BiConsumer<String, byte[]> to);
    }

    private final Map<String, RequestHandler> handlers;
    private final HelpDesk helpDesk;
    private final Retained retained;

    /** @param handlers who answers requests, by the last level of their topic */
    ChatServer(Map<String, RequestHandler> handlers, HelpDesk helpDesk, Retained retained) {
        this.handlers = Map.copyOf(handlers);
        this.helpDesk = helpDesk;
        this.retained = retained;
    }

    /**
     * The server's account of one broker.
     *
     * @param handlers who answers requests, by the last level of their topic
     * @param gateway takes the answers to messages
     */
    public static ServerAccount of(
            ChatTopics topics,
            Map<String, RequestHandler> handlers,
            Retained retained,
            ClientGateway gateway,
            Clock clock) {
        HelpDesk helpDesk = new HelpDesk(topics, handlers.keySet(), gateway, MessageUuid::random, clock);
        return new ChatServer(handlers, helpDesk, retained);
    }

    @Override
    public boolean serves(String kind) {
        return handlers.containsKey(kind);
    }

    @Override
    public Optional<Refusal> request(Optional<String> user, String kind, byte[] payload, Answers answers) {
        RequestHandler handler = handlers.get(kind);
        if (handler == null) {
            return Optional.of(
                    Refusal.of("unknown_request", "the server takes no requests of the kind \"%s\"".formatted(kind)));
        }
        return handler.handle(user, payload, answers);
    }

    @Override
    public void message(ChatMessage message) {
        helpDesk.answer(message);
    }

    @Override
    public void retained(TopicFilter filter, BiConsumer<String, byte[]> to) {
        retained.give(filter, to);
    }
}
