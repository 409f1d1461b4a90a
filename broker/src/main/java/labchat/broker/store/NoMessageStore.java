package labchat.broker.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import labchat.protocol.identity.ChatId;
import labchat.protocol.identity.MessageId;
import labchat.protocol.topic.ChatKind;

/** Keeps nothing. */
final class NoMessageStore implements MessageStore {

    static final NoMessageStore INSTANCE = new NoMessageStore();

    private NoMessageStore() {}

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public boolean isBehind() {
        return false;
    }

    @Override
    public void whenCaughtUp(Runnable resume) {
        resume.run();
    }

    @Override
    public long append(AcceptedPublish publish, Outcome outcome) {
        outcome.durable();
        return NOT_KEPT;
    }

    @Override
    public boolean knows(MessageId message) {
        return false;
    }

    @Override
    public long lastSequence() {
        return 0;
    }

    @Override
    public CompletionStage<List<KeptPublish>> read(ReplayQuery query) {
        return CompletableFuture.completedStage(List.of());
    }

    @Override
    public void handedOver(ChatId user, ChatId receiver, ChatKind kind, long upTo) {
        // There is nothing that could be handed over later.
    }

    @Override
    public void begins(ChatId user, ChatId room, ChatKind kind, long upTo) {
        // Likewise.
    }

    @Override
    public Map<HandOver, Long> handedOver() {
        return Map.of();
    }
}
